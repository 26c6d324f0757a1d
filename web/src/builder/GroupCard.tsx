import { Badge, Button, Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { IconBrackets, IconClipboard, IconPlus } from "@tabler/icons-react";
import { Fragment } from "react";
import { t } from "../i18n";
import classes from "./builder.module.css";
import { useBuilder } from "./context";
import { Count } from "./Count";
import { addChild, setBranch } from "./document/change";
import { copyNode, newBranch, type Branch, type Match } from "./document/tree";
import { LeafCard } from "./LeafCard";
import { NodeActions } from "./NodeActions";

interface GroupCardProps {
  group: Branch;
  title: string;
  depth: number;
  first: boolean;
  last: boolean;
}

/** A condition group, or a group nested in one: its conditions and how they combine. */
export function GroupCard({ group, title, depth, first, last }: GroupCardProps) {
  const { change, news, readOnly, findFor, copied, focusOn } = useBuilder();
  // That it is empty is said below, and was before the server answered: nothing moves under the pointer.
  const problems = news.get(group.id)?.problems.filter((p) => p.code !== "empty_group") ?? [];
  const Heading = depth === 0 ? "h3" : "h4";
  return (
    <section className={depth === 0 ? classes.group : classes.nested} id={group.id} tabIndex={-1} aria-label={title}>
      <div className={classes.groupHead}>
        <Group gap="sm" style={{ flex: 1, minWidth: 0 }}>
          <Text component={Heading} fw={640} m={0} fz={depth === 0 ? "md" : "sm"}>
            {title}
          </Text>
          {group.not && (
            <Tooltip label={t("builder.negatedHint")}>
              <Badge color="amber" component="button" disabled={readOnly} className={classes.notBadge} onClick={() => change((tree) => setBranch(tree, group.id, { not: false }))} aria-label={t("builder.unnegate")}>
                {t("builder.negated")}
              </Badge>
            </Tooltip>
          )}
          {group.children.length > 1 && (
            <MatchSwitch value={group.match} label={t("builder.matchConditions")} text={t("builder.allConditions")} readOnly={readOnly} onChange={(match) => change((tree) => setBranch(tree, group.id, { match }))} />
          )}
        </Group>
        <Count id={group.id} />
        <NodeActions node={group} what={title} first={first} last={last} nested={depth > 0} />
      </div>
      {problems.map((p) => (
        <Text key={p.location + p.code} c="red" size="sm" className={classes.problem}>
          {p.message}
        </Text>
      ))}
      {group.children.length === 0 && (
        <Text c="dimmed" size="sm">
          {t("builder.groupEmpty")}
        </Text>
      )}
      <div className={classes.children}>
        {group.children.map((child, i) => {
          const place = { first: i === 0, last: i === group.children.length - 1 };
          return (
            <Fragment key={child.id}>
              {i > 0 && <Joint match={group.match} />}
              {child.kind === "leaf" ? <LeafCard leaf={child} nested {...place} /> : <GroupCard group={child} title={t("builder.nested")} depth={depth + 1} {...place} />}
            </Fragment>
          );
        })}
      </div>
      {!readOnly && (
        <Group gap="xs" mt="sm">
          <Button variant="light" size="sm" className={classes.adding} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => findFor(group.id)}>
            {group.children.length === 0 ? t("builder.addFirst") : t("builder.addCondition")}
          </Button>
          <Button
            variant="subtle"
            size="sm"
            leftSection={<IconBrackets size={16} aria-hidden />}
            onClick={() => {
              const nested = newBranch();
              change((tree) => addChild(tree, group.id, nested));
              focusOn(nested.id);
            }}
          >
            {t("builder.addNested")}
          </Button>
          {copied && (
            <Button
              variant="subtle"
              size="sm"
              leftSection={<IconClipboard size={16} aria-hidden />}
              onClick={() => {
                const copy = copyNode(copied);
                change((tree) => addChild(tree, group.id, copy));
                focusOn(copy.id);
              }}
            >
              {t("builder.paste")}
            </Button>
          )}
        </Group>
      )}
    </section>
  );
}

/** Any or All. */
export function MatchSwitch({ value, label, text, readOnly, onChange }: { value: Match; label: string; text: string; readOnly: boolean; onChange: (match: Match) => void }) {
  return (
    <Group gap={8}>
      <SegmentedControl
        size="xs"
        aria-label={label}
        disabled={readOnly}
        data={[
          { value: "all", label: t("builder.all") },
          { value: "any", label: t("builder.any") },
        ]}
        value={value}
        onChange={(v) => onChange(v as Match)}
      />
      <Text size="sm" c="dimmed" lh={1.2}>
        {text}
      </Text>
    </Group>
  );
}

/** The word between two conditions. */
export function Joint({ match, strong }: { match: Match; strong?: boolean }) {
  return (
    <div className={strong ? `${classes.joint} ${classes.jointStrong}` : classes.joint}>
      <span>{match === "all" ? t("builder.and") : t("builder.or")}</span>
    </div>
  );
}
