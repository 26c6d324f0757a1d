import { Alert, Anchor, Button, CloseButton, Group, Paper, SegmentedControl, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconActivity, IconArrowDownLeft, IconArrowUpRight, IconPlayerPause, IconPlayerPlay, IconPoint, IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { $api } from "../api/client";
import { CauseText } from "../groups/CauseText";
import { t } from "../i18n";
import { formatClock } from "../i18n/format";
import { printValue } from "../shared/FieldValue";
import { useChosenOptions } from "../shared/options";
import { Page } from "../shared/Page";
import { contactName } from "../shared/person";
import { EmptyState } from "../shared/states";
import classes from "./live.module.css";
import { useLive, type LiveItem } from "./useLive";

type Shown = "all" | "activities" | "memberships";
const most = 60;

/** Activities and changes of membership as they come. */
export function Component() {
  const [live, dispatch] = useLive();
  const [show, setShow] = useState<Shown>("all");
  const [filter, setFilter] = useState("");
  const types = $api.useQuery("get", "/api/v1/activity-types", {}, { staleTime: 60_000 });
  const typeNames = useMemo(() => new Map((types.data?.items ?? []).map((x) => [x.code, x.name || x.code])), [types.data]);
  const codes = useMemo(() => [...new Set(live.items.flatMap((i) => (i.kind === "activity" ? [] : [i.change.group])))], [live.items]);
  const groups = useChosenOptions("groups", codes);
  const wanted = filter.trim().toLocaleLowerCase();
  const textOf = (i: LiveItem) =>
    i.kind === "activity" ? [typeNames.get(i.activity.type), i.activity.type, i.activity.channel, ...Object.values(i.activity.attributes).map(String)].join(" ") : [groups.get(i.change.group)?.name, i.change.group, i.change.cause.kind, i.change.cause.code].join(" ");
  const found = live.items.filter((i) => (show === "all" || (show === "activities") === (i.kind === "activity")) && (wanted === "" || textOf(i).toLocaleLowerCase().includes(wanted))).slice(0, most);
  const names = useNames(found);

  return (
    <Page
      title={t("live.title")}
      text={t("live.text")}
      aside={
        <Group gap={8} role="status">
          <span className={classes.dot} data-on={(live.connection === "open" && !live.paused) || undefined} aria-hidden />
          <Text size="sm" c="dimmed">
            {live.paused ? t("live.paused") : live.connection === "open" ? t("live.connected") : live.connection === "lost" ? t("live.lost") : t("live.connecting")}
          </Text>
        </Group>
      }
      actions={
        <Button
          variant={live.paused ? "filled" : "default"}
          leftSection={live.paused ? <IconPlayerPlay size={17} aria-hidden /> : <IconPlayerPause size={17} aria-hidden />}
          onClick={() => dispatch({ do: "pause", on: !live.paused })}
        >
          {live.paused ? t("live.resume") : t("live.pause")}
        </Button>
      }
    >
      <Group gap="xs">
        <SegmentedControl
          aria-label={t("live.show")}
          value={show}
          onChange={(v) => setShow(v as Shown)}
          data={[
            { value: "all", label: t("live.everything") },
            { value: "activities", label: t("live.activities") },
            { value: "memberships", label: t("live.memberships") },
          ]}
        />
        <TextInput
          type="search"
          style={{ flex: "1 1 200px", maxWidth: 320 }}
          aria-label={t("live.filter")}
          placeholder={t("live.filterPlaceholder")}
          leftSection={<IconSearch size={17} aria-hidden />}
          rightSection={filter && <CloseButton size="sm" aria-label={t("do.clear")} onClick={() => setFilter("")} />}
          value={filter}
          onChange={(e) => setFilter(e.currentTarget.value)}
        />
        {live.items.length > 0 && (
          <Button variant="subtle" onClick={() => dispatch({ do: "clear" })}>
            {t("live.clear")}
          </Button>
        )}
        {live.paused && (
          <Text size="sm" c="dimmed" ml="auto">
            {t("live.waiting", { n: live.waiting.length })}
          </Text>
        )}
      </Group>
      {live.missed > 0 && <Alert color="amber">{t("live.missed", { n: live.missed })}</Alert>}
      <Paper withBorder className={classes.paper}>
        {found.length === 0 ? (
          live.items.length > 0 ? (
            <EmptyState icon={IconSearchOff} title={t("state.noMatch")} text={t("live.noMatch")} />
          ) : (
            <EmptyState icon={IconActivity} title={t("live.empty")} text={t("live.emptyText")} />
          )
        ) : (
          <ol className={classes.list} aria-label={t("live.list")}>
            {found.map((i) => (
              <li key={i.key} className={classes.item} data-kind={i.kind} data-new>
                <time className={classes.time} dateTime={new Date(i.arrived).toISOString()}>
                  {formatClock(new Date(i.arrived).toISOString())}
                </time>
                {i.kind === "activity" ? <IconPoint size={18} className={classes.sign} aria-hidden /> : i.kind === "entered" ? <IconArrowUpRight size={18} className={classes.sign} aria-hidden /> : <IconArrowDownLeft size={18} className={classes.sign} aria-hidden />}
                <div style={{ minWidth: 0 }}>
                  {i.contact === null ? (
                    t("contact.erased")
                  ) : (
                    <Anchor component={Link} to={`/contacts/${i.contact}`} fw={550} className="break">
                      {names.get(i.contact) ?? t("state.loading")}
                    </Anchor>
                  )}{" "}
                  {i.kind === "activity" ? (
                    <>
                      <span>{typeNames.get(i.activity.type) ?? i.activity.type}</span>{" "}
                      <span className={classes.detail}>
                        {Object.values(i.activity.attributes)
                          .slice(0, 3)
                          .map((v) => printValue(v))
                          .join(" · ")}
                      </span>
                    </>
                  ) : (
                    <>
                      <Anchor component={Link} to={`/groups/${i.change.group}`} c="inherit" underline="hover">
                        {t(`live.${i.kind}`, { group: groups.get(i.change.group)?.name || i.change.group })}
                      </Anchor>{" "}
                      <span className={classes.detail}>
                        <CauseText cause={i.change.cause} />
                      </span>
                    </>
                  )}
                </div>
                <span className={`${classes.detail} ${classes.channel}`}>{i.kind === "activity" ? i.activity.channel : <VisuallyHidden>{t("live.memberships")}</VisuallyHidden>}</span>
              </li>
            ))}
          </ol>
        )}
      </Paper>
    </Page>
  );
}

/** The names of the contacts that are shown; asked once each. */
function useNames(items: LiveItem[]): Map<string, string> {
  const ids = [...new Set(items.flatMap((i) => i.contact ?? []))];
  const results = useQueries({ queries: ids.map((id) => ({ ...$api.queryOptions("get", "/api/v1/contacts/{id}", { params: { path: { id } } }), staleTime: 60_000, retry: false })) });
  return new Map(ids.flatMap((id, i) => (results[i]?.data ? [[id, contactName(results[i].data)] as const] : [[id, `${id.slice(0, 8)}…`] as const])));
}
