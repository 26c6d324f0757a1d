import { ActionIcon, Anchor, Button, Menu, Text } from "@mantine/core";
import { IconDots, IconEdit, IconPlayerPause, IconPlayerPlay, IconPlus, IconTrash, IconWebhook } from "@tabler/icons-react";
import { Link } from "react-router";
import { $api } from "../api/client";
import { t } from "../i18n";
import { Named } from "../shared/Named";
import { ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { hostOf, nameOfWebhook, often, useAct, useChanged, webhookActs, type Webhook } from "./api";
import { Behind } from "./Behind";
import { Frame } from "./Frame";
import { WebhookStatus } from "./Status";

/** Every webhook, and whether it gets through. */
export function Webhooks() {
  const query = $api.useQuery("get", "/api/v1/webhooks", {}, often);
  const state = useListState();
  const act = useAct("webhooks");
  const changed = useChanged("webhooks");
  const [hidden, remove] = useUndoableDelete();
  const create = (
    <Button component={Link} to="/deliveries/webhooks/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("webhooks.new")}
    </Button>
  );
  const columns: Column<Webhook>[] = [
    {
      id: "name",
      header: t("webhooks.name"),
      fixed: true,
      cell: (w) => (
        <div>
          <Anchor component={Link} to={`/deliveries/webhooks/${w.id}`} fw={560} className="break">
            {nameOfWebhook(w)}
          </Anchor>
          {w.description && (
            <Text size="sm" c="dimmed" className="break">
              {hostOf(w.url)}
            </Text>
          )}
        </div>
      ),
    },
    { id: "status", header: t("deliveries.status"), fixed: true, cell: (w) => <WebhookStatus webhook={w} /> },
    { id: "behind", header: t("deliveries.behind"), fixed: true, cell: (w) => <Behind of={w} /> },
    { id: "groups", header: t("deliveries.groups"), fixed: true, cell: (w) => <Groups codes={w.groups} /> },
    { id: "last", header: t("webhooks.lastDelivered"), fixed: true, cell: (w) => <Time at={w.last_delivered_at} fallback={t("time.never")} /> },
    {
      id: "actions",
      header: "",
      fixed: true,
      align: "right",
      cell: (w) => {
        const name = nameOfWebhook(w);
        return (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="lg" aria-label={t("deliveries.actions", { name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to={`/deliveries/webhooks/${w.id}/edit`} leftSection={<IconEdit size={16} aria-hidden />}>
                {t("do.edit")}
              </Menu.Item>
              {w.status === "paused" ? (
                <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => void act(() => webhookActs.resume(w.id), t("deliveries.resumed", { name }))}>
                  {t("deliveries.resume")}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void act(() => webhookActs.pause(w.id), t("deliveries.paused", { name }))}>
                  {t("deliveries.pause")}
                </Menu.Item>
              )}
              <Menu.Divider />
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => remove({ key: `webhook:${w.id}`, message: t("deliveries.deleted", { name }), remove: () => webhookActs.remove(w.id), onDone: changed })}
              >
                {t("do.delete")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        );
      },
    },
  ];
  return (
    <Frame area="webhooks" actions={create}>
      <ServerTable
        id="webhooks"
        label={t("webhooks.table")}
        columns={columns}
        query={query}
        state={state}
        rowKey={(w) => w.id}
        hideRow={(w) => hidden.has(`webhook:${w.id}`)}
        empty={{ icon: IconWebhook, title: t("webhooks.empty"), text: t("webhooks.emptyText"), action: create }}
      />
    </Frame>
  );
}

/** The groups that are told of; none is every one. */
export function Groups({ codes }: { codes: string[] }) {
  if (codes.length === 0) return <>{t("deliveries.everyGroup")}</>;
  return (
    <span className="break">
      <Named source="groups" code={codes[0]!} />
      {codes.length > 1 && ` ${t("deliveries.moreGroups", { n: codes.length - 1 })}`}
    </span>
  );
}
