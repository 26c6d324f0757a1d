import { Anchor, Button, Text } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import { $api } from "../api/client";
import { t } from "../i18n";
import { Named } from "../shared/Named";
import { ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { hostOf, often, settingsOf, type Connector } from "./api";
import { Behind } from "./Behind";
import { Frame } from "./Frame";
import { ConnectorStatus } from "./Status";

/** Every connector, and whether its list follows its group. */
export function Connectors() {
  const query = $api.useQuery("get", "/api/v1/connectors", {}, often);
  const state = useListState();
  const [hidden] = useUndoableDelete();
  const create = (
    <Button component={Link} to="/deliveries/connectors/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("connectors.new")}
    </Button>
  );
  const columns: Column<Connector>[] = [
    {
      id: "name",
      header: t("connectors.name"),
      fixed: true,
      cell: (c) => (
        <Anchor component={Link} to={`/deliveries/connectors/${c.id}`} fw={560} className="break">
          {c.name || <Named source="groups" code={c.group} />}
        </Anchor>
      ),
    },
    { id: "status", header: t("deliveries.status"), fixed: true, cell: (c) => <ConnectorStatus connector={c} /> },
    { id: "group", header: t("connectors.group"), fixed: true, cell: (c) => <Named source="groups" code={c.group} /> },
    {
      id: "list",
      header: t("connectors.list"),
      fixed: true,
      cell: (c) => (
        <div>
          {t(`connectors.${c.kind}`)} · {t("connectors.listNumber", { n: String(settingsOf(c).list_id) })}
          <Text size="sm" c="dimmed" className="break">
            {hostOf(settingsOf(c).url)}
          </Text>
        </div>
      ),
    },
    { id: "behind", header: t("deliveries.behind"), fixed: true, cell: (c) => (c.status === "comparing" ? "–" : <Behind of={c} />) },
    { id: "compared", header: t("connectors.compared"), fixed: true, cell: (c) => <Time at={c.compared_at} fallback={t("time.never")} /> },
  ];
  return (
    <Frame area="connectors" actions={create}>
      <ServerTable
        id="connectors"
        label={t("connectors.table")}
        columns={columns}
        query={query}
        state={state}
        rowKey={(c) => c.id}
        hideRow={(c) => hidden.has(`connector:${c.id}`)}
        empty={{ icon: IconPlugConnected, title: t("connectors.empty"), text: t("connectors.emptyText"), action: create }}
      />
    </Frame>
  );
}
