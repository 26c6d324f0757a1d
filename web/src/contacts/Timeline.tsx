import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconActivity, IconSearchOff } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, data, type Schemas } from "../api/client";
import { t } from "../i18n";
import { formatClock, formatDay } from "../i18n/format";
import { printValue } from "../shared/FieldValue";
import { OptionMultiSelect, OptionSelect } from "../shared/OptionField";
import { useChosenOptions } from "../shared/options";
import { EmptyState, ErrorState, LoadingLines } from "../shared/states";
import { useActivityTypes, type Contact } from "./api";
import classes from "./contacts.module.css";

type Activity = Schemas["Activity"];

/** What a contact did, latest first, by day. */
export function Timeline({ contact }: { contact: Contact }) {
  const [types, setTypes] = useState<string[]>([]);
  const [channel, setChannel] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const filtered = types.length > 0 || channel !== "" || from !== "" || to !== "";
  const query = useInfiniteQuery({
    queryKey: ["get", "/api/v1/contacts/{id}/activities", contact.id, types.join(), channel, from, to],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Schemas["PageActivity"]) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/contacts/{id}/activities", {
          signal,
          params: {
            path: { id: contact.id },
            query: { cursor: pageParam, limit: 50, ...(types.length ? { type: [types.join()] } : {}), channel: channel ? [channel] : undefined, from: startOf(from), to: endOf(to) },
          },
        }),
      ),
  });
  const activities = useMemo(() => query.data?.pages.flatMap((p) => p.items) ?? [], [query.data]);
  const days = useMemo(() => byDay(activities), [activities]);
  const channels = useChosenOptions("channels", useMemo(() => [...new Set(activities.flatMap((a) => (a.channel ? [a.channel] : [])))], [activities]));

  return (
    <Stack gap="md">
      <Group gap="xs" align="flex-end">
        <OptionMultiSelect source="activity-types" label={t("timeline.types")} placeholder={t("timeline.anyType")} style={{ flex: "1 1 240px", maxWidth: 420 }} value={types} onChange={setTypes} />
        <OptionSelect source="channels" label={t("timeline.channel")} placeholder={t("timeline.anyChannel")} w={180} clearable value={channel} onChange={setChannel} />
        <TextInput type="date" label={t("timeline.from")} max="9999-12-31" value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
        <TextInput type="date" label={t("timeline.to")} max="9999-12-31" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
      </Group>
      {query.isPending ? (
        <LoadingLines lines={8} />
      ) : query.isError && !query.data ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : activities.length === 0 ? (
        <Paper withBorder bg="var(--surface)">
          <EmptyState icon={filtered ? IconSearchOff : IconActivity} title={filtered ? t("state.noMatch") : t("timeline.empty")} text={filtered ? t("state.noMatchText") : t("timeline.emptyText")} />
        </Paper>
      ) : (
        <section aria-label={t("timeline.label")} aria-busy={query.isFetching}>
          {days.map(([day, list]) => (
            <div key={day}>
              <Title order={2} size="sm" className={classes.day}>
                {day}
              </Title>
              <ol className={classes.timeline}>
                {list.map((a, i) => (
                  <Item key={`${a.occurred_at}${a.type}${i}`} activity={a} channel={a.channel ? channels.get(a.channel)?.name || a.channel : ""} />
                ))}
              </ol>
            </div>
          ))}
          {query.hasNextPage ? (
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("timeline.more")}
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              {t("timeline.end")}
            </Text>
          )}
        </section>
      )}
    </Stack>
  );
}

function Item({ activity: a, channel }: { activity: Activity; channel: string }) {
  const types = useActivityTypes();
  const type = types.data?.items.find((x) => x.code === a.type);
  const attributes = Object.entries(a.attributes);
  return (
    <li>
      <Group gap="xs" justify="space-between" align="baseline">
        <Text fw={560}>
          {type?.name || a.type}
          {a.value !== undefined && a.value !== null && (
            <Text span c="dimmed">
              {" "}
              · {printValue(a.value)}
            </Text>
          )}
        </Text>
        <Text size="sm" c="dimmed" className="numbers">
          {channel && `${channel} · `}
          <time dateTime={a.occurred_at}>{formatClock(a.occurred_at)}</time>
        </Text>
      </Group>
      {attributes.length > 0 && (
        <div className={classes.attributes}>
          {attributes.map(([code, value]) => {
            const def = type?.attributes?.find((x) => x.code === code);
            return (
              <span key={code}>
                {def?.name || code}: <b>{printValue(value, def)}</b>
              </span>
            );
          })}
        </div>
      )}
    </li>
  );
}

function byDay(activities: Activity[]): [string, Activity[]][] {
  const days: [string, Activity[]][] = [];
  for (const a of activities) {
    const day = formatDay(a.occurred_at);
    if (days.at(-1)?.[0] === day) days.at(-1)![1].push(a);
    else days.push([day, [a]]);
  }
  return days;
}

const startOf = (day: string) => (day ? new Date(`${day}T00:00:00`).toISOString() : undefined);

function endOf(day: string) {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + 1);
  return at.toISOString();
}
