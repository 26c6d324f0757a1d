import { ActionIcon, Anchor, Button, Group, Menu, Modal, List, Select, Text } from "@mantine/core";
import { IconCopy, IconDotsVertical, IconPlus, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { $api, api, type Schemas } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatChange, formatNumber, formatShare } from "../i18n/format";
import { Named } from "../shared/Named";
import { Page } from "../shared/Page";
import { listOptions, ServerTable, type Column } from "../shared/ServerTable";
import { Sparkline } from "../shared/Sparkline";
import { StatusBadge } from "../shared/StatusBadge";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { useGroupChanged, type Group as ContactGroup } from "./api";

type Status = Schemas["Group"]["status"];
const statuses: Status[] = ["up_to_date", "condition_changed", "recalculating", "never_calculated", "failed"];

export function Component() {
  const state = useListState({ sort: "name", filters: ["status"] });
  const editor = useMay("editor");
  const [hidden] = useUndoableDelete();
  const query = $api.useQuery(
    "get",
    "/api/v1/groups",
    { params: { query: { search: state.search || undefined, status: (state.filters.status as Status) || undefined, sort: state.sort as "name", trend: true, cursor: state.cursor, limit: 50 } } },
    { ...listOptions, refetchInterval: (q) => (q.state.data?.items.some((g) => g.status === "recalculating") ? 1000 : 15_000) },
  );
  const create = editor && (
    <Button component={Link} to="/groups/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("groups.new")}
    </Button>
  );
  return (
    <Page title={t("groups.title")} text={t("groups.text")} actions={create}>
      <ServerTable
        id="groups"
        label={t("groups.table")}
        columns={editor ? [...columns, actions] : columns}
        query={query}
        state={state}
        rowKey={(g) => g.code}
        hideRow={(g) => hidden.has(`group:${g.code}`)}
        searchLabel={t("groups.search")}
        empty={{ icon: IconUsersGroup, title: t("groups.empty"), text: t("groups.emptyText"), action: create }}
        toolbar={
          <Select
            aria-label={t("groups.status")}
            w={190}
            clearable
            placeholder={t("groups.anyStatus")}
            data={statuses.map((s) => ({ value: s, label: t(`status.${s}`) }))}
            value={state.filters.status ?? null}
            onChange={(s) => state.setFilter("status", s)}
          />
        }
      />
    </Page>
  );
}

const columns: Column<ContactGroup>[] = [
  {
    id: "name",
    header: t("groups.name"),
    sort: "name",
    fixed: true,
    cell: (g) => (
      <div style={{ minWidth: 150 }}>
        <Anchor component={Link} to={`/groups/${g.code}`} fw={580}>
          {g.name}
        </Anchor>
        {g.description && (
          <Text size="xs" c="dimmed" lineClamp={1} maw={340}>
            {g.description}
          </Text>
        )}
      </div>
    ),
  },
  {
    id: "members",
    header: t("groups.members"),
    sort: "members",
    sortDescendingFirst: true,
    align: "right",
    cell: (g) => (g.status === "never_calculated" ? <Text c="dimmed">–</Text> : <span className="numbers">{formatNumber(g.members)}</span>),
  },
  { id: "share", header: t("groups.share"), align: "right", cell: (g) => <span className="numbers">{g.status === "never_calculated" ? "–" : formatShare(g.share)}</span> },
  {
    id: "change",
    header: t("groups.change"),
    sort: "change",
    sortDescendingFirst: true,
    cell: (g) =>
      g.trend && g.status !== "never_calculated" ? (
        <Group gap={8} wrap="nowrap">
          <Sparkline values={g.trend.sizes} label={t("groups.trend", { sizes: g.trend.sizes.map(formatNumber).join(", ") })} />
          <Text size="sm" className="numbers" c={g.trend.change === 0 ? "dimmed" : undefined}>
            {formatChange(g.trend.change)}
          </Text>
        </Group>
      ) : null,
  },
  { id: "status", header: t("groups.status"), sort: "status", cell: (g) => <StatusBadge status={g.status} /> },
  {
    id: "last",
    header: t("groups.last"),
    sort: "last_recalculated",
    sortDescendingFirst: true,
    cell: (g) => (
      <>
        <Time at={g.last_recalculated} />
        {g.next_recalculation && (
          <Text size="xs" c="dimmed">
            {t("groups.nextShort", { time: "" })}
            <Time at={g.next_recalculation} relative={false} />
          </Text>
        )}
      </>
    ),
  },
  { id: "next", header: t("groups.next"), sort: "next_recalculation", optional: true, cell: (g) => <Time at={g.next_recalculation} relative={false} /> },
  {
    id: "used",
    header: t("groups.usedBy"),
    cell: (g) => (g.used_by.length ? <Text size="sm">{t("groups.usedByCount", { n: g.used_by.length })}</Text> : <Text c="dimmed">–</Text>),
  },
];

const actions: Column<ContactGroup> = { id: "actions", header: "", fixed: true, width: 50, cell: (g) => <Actions group={g} /> };

function Actions({ group }: { group: ContactGroup }) {
  const [refused, setRefused] = useState(false);
  const [, remove] = useUndoableDelete();
  const changed = useGroupChanged();
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t("groups.actions", { name: group.name })} size="lg">
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void navigate("/groups/new", { state: { copy: group } })}>
            {t("do.duplicate")}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => {
              if (group.used_by.length > 0) return setRefused(true);
              remove({
                key: `group:${group.code}`,
                message: t("groups.deleted", { name: group.name }),
                remove: () => api.DELETE("/api/v1/groups/{code}", { params: { path: { code: group.code } } }),
                onDone: () => {
                  client.removeQueries({ queryKey: $api.queryOptions("get", "/api/v1/groups/{code}", { params: { path: { code: group.code } } }).queryKey });
                  changed();
                },
              });
            }}
          >
            {t("do.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={refused} onClose={() => setRefused(false)} title={t("groups.inUse", { name: group.name })} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Text>{t("groups.inUseText")}</Text>
        <List mt="sm">
          {group.used_by.map((code) => (
            <List.Item key={code}>
              <Anchor component={Link} to={`/groups/${code}`}>
                <Named source="groups" code={code} />
              </Anchor>
            </List.Item>
          ))}
        </List>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setRefused(false)}>
            {t("do.close")}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
