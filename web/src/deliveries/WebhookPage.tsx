import { ActionIcon, Alert, Button, Group, Menu, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { IconDots, IconEdit, IconHistory, IconKey, IconPlayerPause, IconSend, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { t } from "../i18n";
import { formatNumber } from "../i18n/format";
import { notifyError } from "../shared/notify";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/states";
import { Named } from "../shared/Named";
import { Time } from "../shared/Time";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { nameOfWebhook, saidOf, useAct, useChanged, useWebhook, webhookActs, type Cause, type Delivery, type Webhook } from "./api";
import { Behind } from "./Behind";
import { DeliveryLog } from "./DeliveryLog";
import classes from "./deliveries.module.css";
import { Facts } from "./Facts";
import { Secret } from "./Secret";
import { WebhookStatus } from "./Status";
import { Trouble } from "./Trouble";

const whyPaused = { asked: "webhooks.pausedAsked", failing: "webhooks.pausedFailing", gone: "webhooks.pausedGone", expired: "webhooks.pausedExpired" } as const;

/** One webhook: whether it gets through, what it sends, and what was sent. */
export function WebhookPage() {
  const { id = "" } = useParams();
  const query = useWebhook(id);
  const back = { to: "/deliveries/webhooks", label: t("deliveries.webhooks") };
  if (query.data) return <Shown key={id} webhook={query.data} back={back} />;
  return (
    <Page title={query.isError ? t("error.notFound") : t("webhooks.name")} back={back}>
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
    </Page>
  );
}

function Shown({ webhook: w, back }: { webhook: Webhook; back: { to: string; label: string } }) {
  const navigate = useNavigate();
  const act = useAct("webhooks");
  const changed = useChanged("webhooks");
  const [, remove] = useUndoableDelete();
  const [test, setTest] = useState<Delivery | null>(null);
  const [testing, setTesting] = useState(false);
  const [dialog, setDialog] = useState<"rotate" | "rewind" | null>(null);
  const [rotated, setRotated] = useState<Webhook | null>(null);
  const [after, setAfter] = useState<number>(0);
  const name = nameOfWebhook(w);
  const resume = () => void act(() => webhookActs.resume(w.id), t("deliveries.resumed", { name }));

  function askWhere() {
    setAfter(w.cursor);
    setDialog("rewind");
  }

  async function sendTest() {
    setTesting(true);
    try {
      setTest(await webhookActs.test(w.id));
    } catch (error) {
      notifyError(error);
    }
    setTesting(false);
    await changed();
  }

  async function rotate() {
    try {
      setRotated(await webhookActs.rotate(w.id));
    } catch (error) {
      notifyError(error);
    }
    setDialog(null);
  }

  function deleteIt() {
    remove({ key: `webhook:${w.id}`, message: t("deliveries.deleted", { name }), remove: () => webhookActs.remove(w.id), onDone: changed });
    void navigate(back.to);
  }

  const actions = (
    <>
      <Button variant="default" leftSection={<IconSend size={17} aria-hidden />} loading={testing} onClick={() => void sendTest()}>
        {t("deliveries.test")}
      </Button>
      <Button variant="default" component={Link} to={`/deliveries/webhooks/${w.id}/edit`} leftSection={<IconEdit size={17} aria-hidden />}>
        {t("do.edit")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("deliveries.actions", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {w.status !== "paused" && (
            <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void act(() => webhookActs.pause(w.id), t("deliveries.paused", { name }))}>
              {t("deliveries.pause")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setDialog("rotate")}>
            {t("webhooks.rotate")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconHistory size={16} aria-hidden />}
            onClick={askWhere}
          >
            {t("webhooks.rewind")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={deleteIt}>
            {t("do.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );

  return (
    <Page title={name} back={back} aside={<WebhookStatus webhook={w} size="lg" />} text={<span className="break">{w.url}</span>} actions={actions}>
      <Trouble paused={w.paused_because && t(whyPaused[w.paused_because])} failing={w.status === "retrying" || (w.paused_because !== null && w.paused_because !== "asked")} failures={w.failures} error={w.last_error} nextAt={w.next_attempt_at} resume={w.paused_because === "expired" ? t("webhooks.rewind") : t("deliveries.resume")} onResume={w.paused_because === "expired" ? askWhere : resume} />
      {test && (
        <Alert color={test.status === "delivered" ? "spruce" : "red"} role="status" title={test.status === "delivered" ? undefined : t("webhooks.testFailed")} withCloseButton closeButtonLabel={t("do.close")} onClose={() => setTest(null)}>
          {saidOf(test, "webhooks.testOk") ?? <span className="break">{test.error}</span>}
        </Alert>
      )}
      <div className={classes.two}>
        <Facts
          title={t("webhooks.what")}
          rows={[
            [t("deliveries.groups"), w.groups.length === 0 ? t("deliveries.everyGroup") : w.groups.map((code, i) => <span key={code}>{i > 0 && ", "}<Named source="groups" code={code} /></span>)],
            [t("webhooks.direction"), t(`webhooks.${w.direction ?? "both"}`)],
            [t("webhooks.causes"), w.causes.length === 0 ? t("webhooks.everyCause") : w.causes.map((c) => t(`cause.${c as Cause}`)).join(", ")],
            [t("webhooks.who"), w.identifiers ? t("webhooks.identifiersYes") : t("webhooks.identifiersNo")],
            [t("webhooks.batching"), t("webhooks.batchingText", { size: w.batch_size, seconds: w.batch_seconds, rate: w.per_second })],
          ]}
        />
        <Facts
          title={t("deliveries.progress")}
          rows={[
            [t("deliveries.behind"), <Behind key="b" of={w} />],
            [t("webhooks.cursor"), <span key="c" className="numbers">{formatNumber(w.cursor)}</span>],
            [t("webhooks.lastDelivered"), <Time key="l" at={w.last_delivered_at} fallback={t("time.never")} />],
            [t("deliveries.created"), <Time key="m" at={w.created_at} relative={false} />],
          ]}
        />
      </div>
      <DeliveryLog webhook={w} />
      <Modal opened={dialog === "rotate"} onClose={() => setDialog(null)} title={t("webhooks.rotateTitle")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Text>{t("webhooks.rotateText")}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setDialog(null)}>
            {t("do.cancel")}
          </Button>
          <Button onClick={() => void rotate()} data-autofocus>
            {t("webhooks.rotateSubmit")}
          </Button>
        </Group>
      </Modal>
      <Modal opened={rotated !== null} onClose={() => setRotated(null)} closeOnClickOutside={false} size="lg" title={t("webhooks.secret")} closeButtonProps={{ "aria-label": t("do.close") }}>
        {rotated && <Secret webhook={rotated} text={t("webhooks.secretRotated")} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setRotated(null)}>
            {t("do.close")}
          </Button>
        </Group>
      </Modal>
      <Modal opened={dialog === "rewind"} onClose={() => setDialog(null)} title={t("webhooks.rewind")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Stack>
          <Text>{t("webhooks.rewindText", { last: w.last_change })}</Text>
          <NumberInput label={t("webhooks.after")} data-autofocus min={0} max={w.last_change} allowDecimal={false} value={after} onChange={(v) => setAfter(Number(v))} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setDialog(null)}>
              {t("do.cancel")}
            </Button>
            <Button
              onClick={() => {
                setDialog(null);
                void act(() => webhookActs.rewind(w.id, after), t("webhooks.rewound", { n: after }));
              }}
            >
              {t("webhooks.rewindSubmit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Page>
  );
}
