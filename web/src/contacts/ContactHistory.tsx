import { Anchor, Badge } from "@mantine/core";
import { IconArrowDownLeft, IconArrowUpRight, IconHistory } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "react-router";
import { $api, type Schemas } from "../api/client";
import { CauseText } from "../groups/CauseText";
import { t } from "../i18n";
import { useChosenOptions } from "../shared/options";
import { contactName } from "../shared/person";
import { listOptions, ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import type { Contact } from "./api";

type Change = Schemas["Change"];

/** The groups a contact entered and left, with the causes. */
export function ContactHistory({ contact }: { contact: Contact }) {
  const state = useListState();
  const query = $api.useQuery("get", "/api/v1/contacts/{id}/history", { params: { path: { id: contact.id }, query: { cursor: state.cursor, limit: 25 } } }, listOptions);
  const codes = useMemo(() => [...new Set((query.data?.items ?? []).map((c) => c.group))], [query.data]);
  const names = useChosenOptions("groups", codes);
  const columns: Column<Change>[] = [
    {
      id: "group",
      header: t("history.group"),
      fixed: true,
      cell: (c) => (
        <Anchor component={Link} to={`/groups/${c.group}`} fw={560} className="break">
          {names.get(c.group)?.name || c.group}
        </Anchor>
      ),
    },
    { id: "direction", header: t("history.direction"), fixed: true, cell: (c) => <DirectionBadge direction={c.direction} /> },
    { id: "at", header: t("history.at"), fixed: true, cell: (c) => <Time at={c.at} relative={false} /> },
    { id: "cause", header: t("history.cause"), fixed: true, cell: (c) => <CauseText cause={c.cause} /> },
  ];
  return (
    <ServerTable
      id="contact-history"
      label={t("history.table", { name: contactName(contact) })}
      columns={columns}
      query={query}
      state={state}
      rowKey={(c) => String(c.seq)}
      empty={{ icon: IconHistory, title: t("history.empty"), text: t("history.emptyText") }}
    />
  );
}

function DirectionBadge({ direction }: { direction: Change["direction"] }) {
  const entered = direction === "entered";
  const Arrow = entered ? IconArrowUpRight : IconArrowDownLeft;
  return (
    <Badge miw="max-content" color={entered ? "spruce" : "gray"} leftSection={<Arrow size={14} aria-hidden />}>
      {t(`direction.${direction}`)}
    </Badge>
  );
}
