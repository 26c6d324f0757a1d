import { Badge, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { $api } from "../api/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/format";
import { Named } from "../shared/Named";
import { ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import type { RetentionRun } from "./api";

const colors = { running: "amber", done: "spruce", stopped: "gray" } as const;
const seconds = (r: RetentionRun) => (r.ended_at ? Math.max(0, Math.round((Date.parse(r.ended_at) - Date.parse(r.started_at)) / 1000)) : null);

/** Every run, and what it removed. */
export function Runs() {
  const query = $api.useQuery("get", "/api/v1/retention/runs", {}, { refetchInterval: 10_000 });
  const state = useListState();
  const columns: Column<RetentionRun>[] = [
    { id: "started", header: t("retention.started"), fixed: true, cell: (r) => <Time at={r.started_at} relative={false} /> },
    {
      id: "status",
      header: t("retention.status"),
      fixed: true,
      cell: (r) => (
        <Badge miw="max-content" color={colors[r.status]}>
          {t(`retention.status.${r.status}`)}
        </Badge>
      ),
    },
    { id: "took", header: t("retention.took"), fixed: true, cell: (r) => (seconds(r) === null ? "–" : t("retention.seconds", { n: seconds(r)! })) },
    { id: "activities", header: t("retention.removedActivities"), fixed: true, cell: (r) => <Removed rows={r.activities.map((a) => ({ key: a.type, name: <Named source="activity-types" code={a.type} />, n: a.removed }))} /> },
    { id: "contacts", header: t("retention.removedContacts"), fixed: true, cell: (r) => <Removed rows={r.contacts.map((c) => ({ key: c.kind, name: t(`retention.kind.${c.kind}`), n: c.removed }))} /> },
    { id: "moved", header: t("retention.moved"), fixed: true, cell: (r) => t("retention.movedText", { entered: r.entered, left: r.left }) },
  ];
  return (
    <section aria-labelledby="retention-runs">
      <Title order={2} id="retention-runs" mb="sm">
        {t("retention.runs")}
      </Title>
      <ServerTable id="retention-runs" label={t("retention.runsTable")} columns={columns} query={query} state={state} rowKey={(r) => r.id} empty={{ icon: IconHistory, title: t("retention.runsEmpty"), text: t("retention.runsEmptyText") }} />
    </section>
  );
}

function Removed({ rows }: { rows: { key: string; name: React.ReactNode; n: number }[] }) {
  if (rows.length === 0) return <Text span c="dimmed">–</Text>;
  return (
    <div>
      {rows.map((r) => (
        <div key={r.key} className="break">
          <Text span fw={560} className="numbers">
            {formatNumber(r.n)}
          </Text>{" "}
          {r.name}
        </div>
      ))}
    </div>
  );
}
