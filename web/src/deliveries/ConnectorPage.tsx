import { ActionIcon, Alert, Anchor, Button, Group, Menu, Modal, Text } from "@mantine/core";
import { IconArrowsExchange, IconDots, IconEdit, IconPlayerPause, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { formatNumber } from "../i18n/format";
import { notifyError } from "../shared/notify";
import { Named } from "../shared/Named";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/states";
import { Time } from "../shared/Time";
import { connectorActs, settingsOf, useAct, useConnector, type Connector } from "./api";
import { Behind } from "./Behind";
import classes from "./deliveries.module.css";
import { Facts } from "./Facts";
import { ConnectorStatus } from "./Status";
import { Trouble } from "./Trouble";

/** One connector: whether its list follows its group. */
export function ConnectorPage() {
  const { id = "" } = useParams();
  const query = useConnector(id);
  const back = { to: "/deliveries/connectors", label: t("deliveries.connectors") };
  if (query.data) return <Shown key={id} connector={query.data} back={back} />;
  return (
    <Page title={query.isError ? t("error.notFound") : t("connectors.name")} back={back}>
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
    </Page>
  );
}

function Shown({ connector: c, back }: { connector: Connector; back: { to: string; label: string } }) {
  const navigate = useNavigate();
  const act = useAct("connectors");
  const [test, setTest] = useState<Schemas["ConnectorTest"] | null>(null);
  const [testing, setTesting] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const name = c.name || c.group;
  const settings = settingsOf(c);

  async function tryIt() {
    setTesting(true);
    try {
      setTest(await connectorActs.test(c.id));
    } catch (error) {
      notifyError(error);
    }
    setTesting(false);
  }

  async function deleteIt() {
    setDeleting(false);
    await act(() => connectorActs.remove(c.id), t("deliveries.deleted", { name }));
    void navigate(back.to);
  }

  const actions = (
    <>
      <Button variant="default" leftSection={<IconPlugConnected size={17} aria-hidden />} loading={testing} onClick={() => void tryIt()}>
        {t("connectors.test")}
      </Button>
      <Button variant="default" component={Link} to={`/deliveries/connectors/${c.id}/edit`} leftSection={<IconEdit size={17} aria-hidden />}>
        {t("do.edit")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("deliveries.actions", { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowsExchange size={16} aria-hidden />} onClick={() => void act(() => connectorActs.compare(c.id), t("connectors.compareBegun"))}>
            {t("connectors.compare")}
          </Menu.Item>
          {c.status !== "paused" && (
            <Menu.Item leftSection={<IconPlayerPause size={16} aria-hidden />} onClick={() => void act(() => connectorActs.pause(c.id), t("deliveries.paused", { name }))}>
              {t("deliveries.pause")}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setDeleting(true)}>
            {t("do.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );

  return (
    <Page title={name} back={back} aside={<ConnectorStatus connector={c} size="lg" />} actions={actions}>
      <Trouble
        paused={c.status === "paused" ? t("connectors.pausedText") : null}
        failing={c.status === "retrying"}
        failures={c.failures}
        error={c.last_error}
        nextAt={c.next_attempt_at}
        resume={t("deliveries.resume")}
        onResume={() => void act(() => connectorActs.resume(c.id), t("deliveries.resumed", { name }))}
      />
      {test && (
        <Alert color={test.works ? "spruce" : "red"} role="status" title={test.works ? undefined : t("connectors.testFailed")} withCloseButton closeButtonLabel={t("do.close")} onClose={() => setTest(null)}>
          <span className="break">{test.works ? t("connectors.testOk") : test.error}</span>
        </Alert>
      )}
      <div className={classes.two}>
        <Facts
          title={t("deliveries.settings")}
          rows={[
            [
              t("connectors.group"),
              <Anchor key="g" component={Link} to={`/groups/${c.group}`}>
                <Named source="groups" code={c.group} />
              </Anchor>,
            ],
            [t("connectors.kind"), t(`connectors.${c.kind}`)],
            [t("connectors.url"), settings.url],
            [t("connectors.list"), t("connectors.listNumber", { n: String(settings.list_id) })],
            [t("connectors.username"), settings.username],
            [t("connectors.confirmed"), settings.confirmed ? t("state.yes") : t("state.no")],
            [t("connectors.comparesEvery"), t("connectors.everyHours", { n: c.compare_hours })],
          ]}
        />
        <Facts
          title={t("deliveries.progress")}
          rows={[
            [t("deliveries.behind"), c.status === "comparing" ? t("connectors.comparesAll") : <Behind key="b" of={c} />],
            [t("connectors.compared"), <Time key="t" at={c.compared_at} fallback={t("time.never")} />],
            [t("connectors.added"), t("count.contacts", { n: c.added })],
            [t("connectors.removed"), t("count.contacts", { n: c.removed })],
            [t("connectors.keptOut"), `${formatNumber(c.kept_out)} · ${t("connectors.keptOutText")}`],
            [t("deliveries.created"), <Time key="m" at={c.created_at} relative={false} />],
          ]}
        />
      </div>
      <Modal opened={deleting} onClose={() => setDeleting(false)} title={t("connectors.deleteTitle", { name })} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Text>{t("connectors.deleteText")}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setDeleting(false)} data-autofocus>
            {t("do.cancel")}
          </Button>
          <Button color="red" onClick={() => void deleteIt()}>
            {t("do.delete")}
          </Button>
        </Group>
      </Modal>
    </Page>
  );
}
