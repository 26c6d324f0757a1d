import { Alert, Badge, Button, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconRepeat, IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { $api } from "../api/client";
import { t } from "../i18n";
import { formatExact, formatRelative } from "../i18n/format";
import { notifyError } from "../shared/notify";
import { ServerTable, type Column } from "../shared/ServerTable";
import { ErrorState, LoadingLines } from "../shared/states";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { often, saidOf, useChanged, webhookActs, type Delivery, type Webhook } from "./api";
import classes from "./deliveries.module.css";

const keyOf = (d: Delivery) => `${d.id} ${d.kind} ${d.at} ${d.attempt}`;

/** The latest requests to a webhook. */
export function DeliveryLog({ webhook: w }: { webhook: Webhook }) {
  const query = $api.useQuery("get", "/api/v1/webhooks/{id}/deliveries", { params: { path: { id: w.id } } }, often);
  const state = useListState();
  const [opened, setOpened] = useState<Delivery | null>(null);
  const columns: Column<Delivery>[] = [
    { id: "at", header: t("log.at"), fixed: true, cell: (d) => <Time at={d.at} /> },
    { id: "what", header: t("log.what"), fixed: true, cell: (d) => <What delivery={d} /> },
    { id: "result", header: t("log.result"), fixed: true, cell: (d) => <Result delivery={d} /> },
    { id: "answer", header: t("log.answer"), fixed: true, cell: (d) => <span className="numbers">{d.status_code || t("log.noAnswer")}</span> },
    { id: "took", header: t("log.duration"), fixed: true, align: "right", cell: (d) => <span className="numbers">{t("log.ms", { n: d.duration_ms })}</span> },
    {
      id: "more",
      header: "",
      fixed: true,
      align: "right",
      cell: (d) => (
        <Button size="compact-sm" variant="subtle" aria-label={t("log.detailsOf", { time: formatExact(d.at) })} onClick={() => setOpened(d)}>
          {t("log.details")}
        </Button>
      ),
    },
  ];
  return (
    <section aria-labelledby="delivery-log">
      <Title order={2} id="delivery-log">
        {t("log.title")}
      </Title>
      <Text c="dimmed" size="sm" mb="sm">
        {t("log.text")}
      </Text>
      <ServerTable id="deliveries" label={t("log.table")} columns={columns} query={query} state={state} rowKey={keyOf} empty={{ icon: IconSend, title: t("log.empty"), text: t("log.emptyText") }} />
      <Drawer opened={opened !== null} onClose={() => setOpened(null)} position="right" size="lg" title={opened && t("log.detailsOf", { time: formatRelative(opened.at) })} closeButtonProps={{ "aria-label": t("do.close") }}>
        {opened && <Details key={keyOf(opened)} webhook={w} delivery={opened} />}
      </Drawer>
    </section>
  );
}

function What({ delivery: d }: { delivery: Delivery }) {
  if (d.kind === "test") return <>{t("log.test")}</>;
  return (
    <>
      {d.kind === "replay" && `${t("log.replayOf")} · `}
      {t(d.catching_up ? "log.net" : "log.changes", { n: d.changes })}
      {d.attempt > 1 && (
        <Text span c="dimmed" size="sm">
          {" "}
          · {t("log.attempt", { n: d.attempt })}
        </Text>
      )}
    </>
  );
}

function Result({ delivery: d }: { delivery: Delivery }) {
  const arrived = d.status === "delivered";
  const Sign = arrived ? IconCircleCheck : IconAlertTriangle;
  return (
    <Badge color={arrived ? "spruce" : "red"} miw="max-content" leftSection={<Sign size={14} aria-hidden />}>
      {t(`log.${d.status}`)}
    </Badge>
  );
}

function Details({ webhook: w, delivery: d }: { webhook: Webhook; delivery: Delivery }) {
  const changed = useChanged("webhooks");
  const request = $api.useQuery("get", "/api/v1/webhooks/{id}/deliveries/{delivery}/request", { params: { path: { id: w.id, delivery: d.id } } }, { retry: false });
  const [busy, setBusy] = useState(false);
  const [again, setAgain] = useState<Delivery | null>(null);

  async function replay() {
    setBusy(true);
    try {
      setAgain(await webhookActs.replay(w.id, d.id));
    } catch (error) {
      notifyError(error);
    }
    setBusy(false);
    await changed();
  }

  return (
    <Stack>
      <Group gap="sm">
        <Result delivery={d} />
        <Text span>
          <What delivery={d} />
        </Text>
      </Group>
      <dl className={classes.facts}>
        <div>
          <dt>{t("log.at")}</dt>
          <dd>{formatExact(d.at)}</dd>
        </div>
        <div>
          <dt>{t("log.answer")}</dt>
          <dd>{d.status_code || t("log.noAnswer")}</dd>
        </div>
        <div>
          <dt>{t("log.duration")}</dt>
          <dd>{t("log.ms", { n: d.duration_ms })}</dd>
        </div>
        <div>
          <dt>{t("log.id")}</dt>
          <dd>{d.id}</dd>
        </div>
      </dl>
      {d.error && (
        <Alert color="red">
          <span className="break">{d.error}</span>
        </Alert>
      )}
      {d.kind !== "test" && (
        <div>
          <Button leftSection={<IconRepeat size={17} aria-hidden />} variant="default" loading={busy} onClick={() => void replay()}>
            {t("log.replay")}
          </Button>
          <Text size="sm" c="dimmed" mt={4}>
            {t("log.replayText")}
          </Text>
          {again && (
            <Alert mt="sm" role="status" color={again.status === "delivered" ? "spruce" : "red"} title={again.status === "delivered" ? undefined : t("log.replayFailed")}>
              {saidOf(again, "log.replayed") ?? again.error}
            </Alert>
          )}
        </div>
      )}
      <section aria-label={t("log.response")}>
        <Title order={3} size="h3" mb={6}>
          {t("log.response")}
        </Title>
        {d.response ? (
          <pre className={classes.code} tabIndex={0}>
            {d.response}
          </pre>
        ) : (
          <Text size="sm" c="dimmed">
            {t("log.noResponse")}
          </Text>
        )}
      </section>
      <section aria-label={t("log.request")}>
        <Title order={3} size="h3">
          {t("log.request")}
        </Title>
        <Text size="sm" c="dimmed" mb={6}>
          {t("log.requestText")}
        </Text>
        {request.data ? (
          <>
            <pre className={classes.code} tabIndex={0}>
              {JSON.stringify(request.data.body, null, 2)}
            </pre>
            {request.data.left_out > 0 && (
              <Text size="sm" mt={6}>
                {t("log.leftOut", { n: request.data.left_out })}
              </Text>
            )}
          </>
        ) : request.isError ? (
          <ErrorState error={request.error} />
        ) : (
          <LoadingLines lines={4} />
        )}
      </section>
    </Stack>
  );
}
