import { Anchor, Badge, Switch, Text } from "@mantine/core";
import { IconArrowDownLeft, IconArrowUpRight, IconHistory } from "@tabler/icons-react";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link } from "react-router";
import { $api, type Schemas } from "../api/client";
import { t } from "../i18n";
import { contactName } from "../shared/person";
import { usePageTitle } from "../shared/Page";
import { listOptions, ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useThisGroup } from "./api";
import { CauseText } from "./CauseText";

type Change = Schemas["Change"];

/** Who entered and left, as it happens. */
export function Component() {
  const group = useThisGroup();
  usePageTitle(`${t("group.changes")}: ${group.name}`);
  const state = useListState();
  const [live, setLive] = useState(true);
  const params = { params: { path: { code: group.code }, query: { cursor: state.cursor, limit: 25 } } };
  const query = $api.useQuery("get", "/api/v1/groups/{code}/changes", params, listOptions);
  useLiveChanges(group.code, live && state.page === 1);
  const names = useNames(query.data?.items ?? []);

  const columns: Column<Change>[] = [
    {
      id: "contact",
      header: t("changes.contact"),
      fixed: true,
      cell: (c) =>
        c.contact_id ? (
          <Anchor component={Link} to={`/contacts/${c.contact_id}`} fw={560} className="break">
            {names.get(c.contact_id) ?? `${c.contact_id.slice(0, 8)}…`}
          </Anchor>
        ) : (
          <Text c="dimmed">{t("contact.erased")}</Text>
        ),
    },
    {
      id: "direction",
      header: t("changes.direction"),
      cell: (c) => (
        <Badge miw="max-content" color={c.direction === "entered" ? "spruce" : "gray"} leftSection={c.direction === "entered" ? <IconArrowUpRight size={14} aria-hidden /> : <IconArrowDownLeft size={14} aria-hidden />}>
          {t(`direction.${c.direction}`)}
        </Badge>
      ),
    },
    { id: "at", header: t("changes.at"), cell: (c) => <Time at={c.at} /> },
    { id: "cause", header: t("changes.cause"), cell: (c) => <CauseText cause={c.cause} /> },
  ];
  return (
    <ServerTable
      id="changes"
      label={t("changes.table", { name: group.name })}
      columns={columns}
      query={query}
      state={state}
      rowKey={(c) => String(c.seq)}
      empty={{ icon: IconHistory, title: t("changes.empty"), text: t("changes.emptyText") }}
      toolbar={<Switch label={live ? t("changes.liveOn") : t("changes.live")} checked={live} onChange={(e) => setLive(e.currentTarget.checked)} />}
    />
  );
}

/** Asks again when the server tells of a change of this group, at most once a second. */
function useLiveChanges(code: string, on: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!on) return;
    const source = new EventSource(`/api/v1/changes/stream?group=${encodeURIComponent(code)}`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ predicate: (q) => q.queryKey[1] === "/api/v1/groups/{code}/changes" || q.queryKey[1] === "/api/v1/groups/{code}" });
      }, 1000);
    };
    source.addEventListener("entered", changed);
    source.addEventListener("left", changed);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client, code, on]);
}

function useNames(changes: Change[]): Map<string, string> {
  const ids = [...new Set(changes.map((c) => c.contact_id).filter((id): id is string => Boolean(id)))];
  const results = useQueries({ queries: ids.map((id) => ({ ...$api.queryOptions("get", "/api/v1/contacts/{id}", { params: { path: { id } } }), staleTime: 60_000, retry: false })) });
  const loaded = results.flatMap((r, i) => (r.data ? [[ids[i]!, contactName(r.data)] as const] : []));
  const key = loaded.map(([id, name]) => id + name).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says when the names differ.
  return useMemo(() => new Map(loaded), [key]);
}
