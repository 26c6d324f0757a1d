import { Alert, Button, Card, Group, Modal, Text } from "@mantine/core";
import { IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, data } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatRelative } from "../i18n/format";
import { notifyDone, notifyError } from "../shared/notify";
import { Page } from "../shared/Page";
import { ErrorState, Loading, LoadingLines, sayError } from "../shared/states";
import { hourText, isEmpty, retentionKey, type Retention } from "./api";
import { Preview } from "./Preview";
import { Rules } from "./Rules";
import { Runs } from "./Runs";
import classes from "./retention.module.css";

/** How long activities and inactive contacts are kept. */
export function Component() {
  const query = $api.useQuery("get", "/api/v1/retention", {}, { refetchInterval: (q) => (q.state.data?.running ? 2000 : 15_000) });
  return (
    <Page title={t("retention.title")} text={t("retention.text")}>
      {query.data ? (
        <>
          <Status retention={query.data} />
          <Rules retention={query.data} />
          <Runs />
        </>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Status({ retention: r }: { retention: Retention }) {
  const admin = useMay("admin");
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const Sign = r.enabled ? IconShieldCheck : IconShieldOff;

  async function turn(enabled: boolean) {
    setBusy(true);
    try {
      client.setQueryData($api.queryOptions("get", "/api/v1/retention", {}).queryKey, await data(api.PATCH("/api/v1/retention", { body: { enabled } })));
      notifyDone(t(enabled ? "retention.switchedOn" : "retention.switchedOff"));
    } catch (error) {
      notifyError(error);
    }
    setAsking(false);
    setBusy(false);
    void client.invalidateQueries({ predicate: (q) => retentionKey(q.queryKey) });
  }

  return (
    <Card className={classes.status!} data-on={r.enabled || undefined} padding="md">
      <Group justify="space-between" gap="md">
        <Group gap="md" wrap="nowrap" miw={0} flex="1 1 260px">
          <Sign size={30} aria-hidden style={{ flex: "none" }} />
          <div>
            <Text fw={620} role="status">
              {r.running ? t("retention.running") : t(r.enabled ? "retention.on" : "retention.off")}
            </Text>
            <Text size="sm">{r.enabled && r.next_run ? t("retention.onText", { time: formatRelative(r.next_run), at: hourText(r) }) : t("retention.offText")}</Text>
          </div>
        </Group>
        {admin &&
          (r.enabled ? (
            <Button variant="default" loading={busy} onClick={() => void turn(false)}>
              {t("retention.switchOff")}
            </Button>
          ) : (
            <Button onClick={() => setAsking(true)}>{t("retention.switchOn")}</Button>
          ))}
      </Group>
      <Modal opened={asking} onClose={() => setAsking(false)} size="xl" title={t("retention.switchOnTitle")} closeButtonProps={{ "aria-label": t("do.close") }}>
        {asking && <SwitchOn retention={r} busy={busy} onCancel={() => setAsking(false)} onConfirm={() => void turn(true)} />}
      </Modal>
    </Card>
  );
}

/** Shows what the saved rules would remove before they take effect. */
function SwitchOn({ retention, busy, onCancel, onConfirm }: { retention: Retention; busy: boolean; onCancel: () => void; onConfirm: () => void }) {
  const preview = $api.useQuery("post", "/api/v1/retention/preview", { body: {} }, { staleTime: 0, gcTime: 0, retry: false });
  return (
    <>
      {preview.data ? (
        isEmpty(preview.data) ? (
          <Text>{t("retention.switchOnNothing")}</Text>
        ) : (
          <>
            <Text mb="md">{t("retention.switchOnText", { time: hourText(retention) })}</Text>
            <Preview preview={preview.data} />
          </>
        )
      ) : preview.isError ? (
        <Alert color="red">{sayError(preview.error).text}</Alert>
      ) : (
        <LoadingLines lines={4} />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel} data-autofocus>
          {t("do.cancel")}
        </Button>
        <Button color={preview.data && !isEmpty(preview.data) ? "red" : undefined} loading={busy} disabled={!preview.data} onClick={onConfirm}>
          {t("retention.switchOn")}
        </Button>
      </Group>
    </>
  );
}
