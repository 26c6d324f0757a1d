import { Text } from "@mantine/core";
import { IconCircleCheckFilled, IconCircleX } from "@tabler/icons-react";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { formatInstant, formatNumber } from "../i18n/format";
import { known } from "../shared/known";
import { Named } from "../shared/Named";
import { Time } from "../shared/Time";
import classes from "./ExplainTree.module.css";

type Node = Schemas["ExplainedNode"];
type Evidence = Schemas["Evidence"];

/** A condition's tree with the truth of every node, its evidence, and until when it holds. */
export function ExplainTree({ node }: { node: Node }) {
  return (
    <ul className={classes.tree}>
      <ExplainedNode node={node} />
    </ul>
  );
}

function ExplainedNode({ node }: { node: Node }) {
  const Sign = node.matches ? IconCircleCheckFilled : IconCircleX;
  return (
    <li className={classes.node} data-matches={node.matches}>
      <div className={classes.line}>
        <Sign size={20} className={classes.sign} role="img" aria-label={node.matches ? t("test.true") : t("test.false")} />
        <div>
          <Text component="span" fw={node.of ? 600 : 500}>
            {node.of && node.match ? t(node.not ? `test.not_${node.match}` : `test.${node.match}`) : node.sentence}
          </Text>
          {(node.evidence ?? []).map((e, i) => (
            <EvidenceLine key={i} evidence={e} bare={(node.not ?? false) || (node.needs?.length ?? 0) > 0} />
          ))}
          {!node.of &&
            (node.needs ?? []).map((need, i) => (
              <Text key={i} size="sm" className={classes.evidence}>
                {t("test.missing", { need: need.text })}
              </Text>
            ))}
          {node.changes_at && (
            <Text size="xs" className={classes.until}>
              {t("test.changesAt", { time: formatInstant(node.changes_at) })}
            </Text>
          )}
        </div>
      </div>
      {node.of && node.of.length > 0 && (
        <ul className={classes.tree}>
          {node.of.map((child, i) => (
            <ExplainedNode key={i} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What was found. Bare, it does not say how many are needed: the needs do, and of a negated condition it is the opposite of what it asks for. */
function EvidenceLine({ evidence: e, bare }: { evidence: Evidence; bare: boolean }) {
  if (e.kind === "activities") {
    const needs = bare ? [] : [e.at_least !== undefined && t("evidence.needed", { n: e.at_least }), e.at_most !== undefined && t("evidence.permitted", { n: e.at_most })].filter(Boolean);
    return (
      <div className={classes.evidence}>
        <Text size="sm" c="dimmed">
          {[t("evidence.found", { count: formatNumber(e.matched ?? 0) }), ...needs].join(", ")}
        </Text>
        {e.activities && e.activities.length > 0 && (
          <ul className={classes.activities}>
            {e.activities.map((a, i) => (
              <li key={i}>
                <Time at={a.occurred_at} relative={false} /> · <Named source="activity-types" code={a.type} />
                {Object.values(a.attributes).slice(0, 2).map((v) => ` · ${printed(v)}`)}
                {a.channel && (
                  <>
                    {" · "}
                    <Named source="channels" code={a.channel} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    );
  }
  const value = e.kind === "group" ? (e.member ? t("state.yes") : t("state.no")) : e.state ? known("decision.", e.state) : e.value === undefined ? t("evidence.noValue") : printed(e.value);
  const source = sources[e.kind];
  return (
    <Text size="sm" c="dimmed" className={classes.evidence}>
      {e.code && source ? <Named source={source} code={e.code} /> : known("evidence.", e.code ?? e.kind)}: {value}
      {e.at && (
        <>
          {" · "}
          <Time at={e.at} relative={false} />
        </>
      )}
    </Text>
  );
}

// Where the names of what evidence is about are found.
const sources: Partial<Record<Evidence["kind"], string>> = { field: "fields", consent: "consents", list: "lists", group: "groups" };

const printed = (value: unknown) => (Array.isArray(value) ? value.join(", ") : typeof value === "boolean" ? (value ? t("state.yes") : t("state.no")) : String(value));
