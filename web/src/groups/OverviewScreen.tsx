import { Anchor, Button, Card, Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowRight, IconPencil } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { $api } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatChange, formatDay, formatNumber, formatShare } from "../i18n/format";
import { Named } from "../shared/Named";
import { usePageTitle } from "../shared/Page";
import { Time } from "../shared/Time";
import { useThisGroup } from "./api";
import { DetailsDialog } from "./DetailsDialog";
import classes from "./groups.module.css";

// Charts are large and come after the figures.
const History = lazy(() => import("./History"));

/** A group at a glance. */
export function Component() {
  const group = useThisGroup();
  usePageTitle(group.name);
  const empty = !group.active && (group.pending?.condition as { groups?: unknown[] } | undefined)?.groups?.length === 0;
  const week = $api.useQuery("get", "/api/v1/groups/{code}/history", { params: { path: { code: group.code }, query: { per: "day" } } }, { staleTime: 30_000 });
  const then = week.data?.items.at(-8)?.members;
  return (
    <Stack>
      <div className={classes.grid}>
        <Figure label={t("group.size")} value={group.status === "never_calculated" ? "–" : formatNumber(group.members)} text={group.status === "never_calculated" ? undefined : t("group.ofAll", { share: formatShare(group.share) })} />
        <Figure label={t("group.change")} value={then === undefined ? "–" : formatChange(group.members - then)} text={t("group.weekChange")} />
        <Figure label={t("groups.last")} value={<Time at={group.last_recalculated} />} text={group.next_recalculation ? <>{t("group.nextRun")}: <Time at={group.next_recalculation} relative={false} /></> : undefined} />
      </div>
      <Card>
        <Title order={2} size="h3" mb="xs">
          {t("group.inWords")}
        </Title>
        {empty ? (
          <Button component={Link} to="condition" variant="light" rightSection={<IconArrowRight size={16} aria-hidden />}>
            {t("group.writeCondition")}
          </Button>
        ) : (
          <Stack gap="xs">
            {group.active && <Text className="break">{group.active.sentence}</Text>}
            {group.pending && (
              <div>
                <Text size="sm" c="dimmed">
                  {t("group.pendingWords")}
                </Text>
                <Text className="break">{group.pending.sentence}</Text>
              </div>
            )}
          </Stack>
        )}
      </Card>
      <div className={classes.two}>
        <Card miw={0}>
          <Suspense fallback={<Skeleton height={420} />}>
            <History code={group.code} createdAt={group.created_at} />
          </Suspense>
        </Card>
        <Stack>
          <Details />
          <Causes />
        </Stack>
      </div>
    </Stack>
  );
}

function Figure({ label, value, text }: { label: string; value: React.ReactNode; text?: React.ReactNode }) {
  return (
    <Card padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={classes.figure}>{value}</div>
      <Text size="sm" c="dimmed" mih={22}>
        {text}
      </Text>
    </Card>
  );
}

function Details() {
  const group = useThisGroup();
  const editor = useMay("editor");
  const [opened, { open, close }] = useDisclosure();
  const links = (codes: string[], none: string) =>
    codes.length === 0
      ? none
      : codes.map((code, i) => (
          <span key={code}>
            {i > 0 && ", "}
            <Anchor component={Link} to={`/groups/${code}`} inherit>
              <Named source="groups" code={code} />
            </Anchor>
          </span>
        ));
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3">
          {t("group.settings")}
        </Title>
        {editor && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconPencil size={15} aria-hidden />} onClick={open}>
            {t("group.edit")}
          </Button>
        )}
      </Group>
      <dl className={classes.facts}>
        <Fact label={t("groups.code")}>
          <code>{group.code}</code>
        </Fact>
        <Fact label={t("group.schedule")}>{group.schedule_recalculation ? t("state.yes") : t("state.no")}</Fact>
        <Fact label={t("group.timeZone")}>{group.time_zone ?? t("group.projectZone")}</Fact>
        <Fact label={t("group.website")}>{group.shown_to_websites ? t("state.yes") : t("state.no")}</Fact>
        <Fact label={t("group.created")}>
          <Time at={group.created_at} relative={false} />
        </Fact>
        <Fact label={t("group.uses")}>{links(group.uses, t("state.none"))}</Fact>
        <Fact label={t("groups.usedBy")}>{links(group.used_by, t("state.none"))}</Fact>
      </dl>
      <DetailsDialog opened={opened} onClose={close} group={group} />
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Causes() {
  const group = useThisGroup();
  const query = $api.useQuery("get", "/api/v1/groups/{code}/causes", { params: { path: { code: group.code } } }, { refetchInterval: 30_000 });
  const causes = query.data;
  if (!causes || causes.items.length === 0) return null;
  return (
    <Card>
      <Title order={2} size="h3">
        {t("group.causes")}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("group.causesSince", { time: formatDay(causes.from) })}
      </Text>
      <Table horizontalSpacing={6} verticalSpacing={6} aria-label={t("group.causes")} className={classes.causes}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("changes.cause")}</Table.Th>
            <Table.Th ta="right">{t("group.entered")}</Table.Th>
            <Table.Th ta="right">{t("group.left")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {causes.items.map((c) => (
            <Table.Tr key={c.kind}>
              <Table.Td>{t(`cause.${c.kind}`)}</Table.Td>
              <Table.Td ta="right">{formatNumber(c.entered)}</Table.Td>
              <Table.Td ta="right">{formatNumber(c.left)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Anchor component={Link} to="changes" size="sm" mt="sm" display="inline-block">
        {t("group.allChanges")}
      </Anchor>
    </Card>
  );
}
