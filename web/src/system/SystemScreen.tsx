import { Anchor, Badge, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconClockExclamation } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { $api, type Schemas } from "../api/client";
import { t } from "../i18n";
import { formatBytes, formatInstant, formatNumber, formatShare } from "../i18n/format";
import { known } from "../shared/known";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/states";
import { Time } from "../shared/Time";
import { Settings } from "./Settings";
import { formatSpan } from "./span";
import classes from "./system.module.css";

type System = Schemas["System"];

/** How the server is doing. */
export function Component() {
  const query = $api.useQuery("get", "/api/v1/system", {}, { refetchInterval: (q) => (q.state.data?.recalculations.length ? 1000 : 5000) });
  const system = query.data;
  return (
    <Page title={t("system.title")} text={t("system.text")}>
      {system ? <Report system={system} /> : query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
    </Page>
  );
}

function Report({ system: s }: { system: System }) {
  return (
    <Stack>
      <Health system={s} />
      <div className={classes.grid}>
        <Figure label={t("system.contacts")} value={formatNumber(s.sizes.contacts)} text={t("system.merged", { n: s.sizes.merged })} />
        <Figure label={t("system.activities")} value={formatNumber(s.sizes.activities)} />
        <Figure label={t("system.changes")} value={formatNumber(s.sizes.changes)} />
        <Figure label={t("system.rate")} value={formatNumber(rounded(s.rates.items))} text={`${t("system.rateText")} · ${t("system.batches", { n: rounded(s.rates.batches) })}`} />
      </div>
      <div className={classes.columns}>
        <Recalculations system={s} />
        <Settings settings={s.settings} />
        <Space title={t("system.sizes")} bytes={s.sizes.bytes} />
        <Space title={t("system.memory")} bytes={s.memory} />
        <Facts title={t("system.groups")} rows={Object.entries(s.groups).map(([status, n]) => [known("status.", status), formatNumber(n)])} />
        {Object.keys(s.items).length > 0 && <Facts title={t("system.items")} rows={Object.entries(s.items).map(([kind, n]) => [known("import.", kind), formatNumber(n)])} />}
        <Facts title={t("system.limits")} rows={Object.entries(s.limits).map(([limit, n]) => [known("limit.", limit), formatNumber(n)])} />
      </div>
    </Stack>
  );
}

const rounded = (n: number) => (n < 10 ? Math.round(n * 10) / 10 : Math.round(n));

function Health({ system: s }: { system: System }) {
  const { status, message } = s.health;
  const Sign = status === "ready" ? IconCircleCheck : status === "clock" ? IconClockExclamation : IconAlertTriangle;
  return (
    <section className={classes.health} data-status={status} aria-label={t("system.health")}>
      <Sign size={30} aria-hidden style={{ flex: "none" }} />
      <div style={{ flex: "1 1 auto", minWidth: 0 }}>
        <Text fw={620} role="status">
          {status === "ready" ? t("system.ready") : status === "clock" ? t("system.clock") : status === "reading" ? t("system.reading") : t("system.failedHealth")}
        </Text>
        {message && <Text className="break">{message}</Text>}
        <Text size="sm" c="dimmed">
          {t("system.version")} {s.version} · {t("system.go")} {s.go.replace(/^go/, "")} · {t("system.uptime")} {formatSpan(s.uptime_seconds)} · {t("system.serverTime")} {formatInstant(s.health.now)}
        </Text>
      </div>
    </section>
  );
}

function Figure({ label, value, text }: { label: string; value: ReactNode; text?: ReactNode }) {
  return (
    <Card>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={classes.figure}>{value}</div>
      {text && (
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      )}
    </Card>
  );
}

function Facts({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <Card>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      <dl className={classes.facts}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd style={{ whiteSpace: "nowrap" }}>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Space({ title, bytes }: { title: string; bytes: Record<string, number> }) {
  const parts = Object.entries(bytes).sort((a, b) => b[1] - a[1]);
  const largest = parts[0]?.[1] || 1;
  return (
    <Card>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      <dl className={classes.facts}>
        {parts.map(([part, n]) => (
          <div key={part} style={{ display: "grid", gridTemplateColumns: "1fr auto", gap: "4px 16px" }}>
            <dt>{known("bytes.", part)}</dt>
            <dd>
              {formatBytes(n)}
              <div className={classes.bar} aria-hidden style={{ width: 120, marginTop: 4 }}>
                <div style={{ width: `${(n / largest) * 100}%` }} />
              </div>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Recalculations({ system: s }: { system: System }) {
  return (
    <Card>
      <Title order={2} size="h3" mb="sm">
        {t("system.recalculations")}
      </Title>
      <Stack gap="md">
        <section aria-label={t("system.running")}>
          <Text size="sm" c="dimmed">
            {t("system.running")}
          </Text>
          {s.recalculations.length === 0 && <Text>{t("system.runningNone")}</Text>}
          {s.recalculations.map((r) => (
            <div key={r.group}>
              <Group justify="space-between" mt={6} mb={4}>
                <GroupLink group={r.group} name={r.name} />
                <Text size="sm" className="numbers">
                  {r.stage === "waiting" ? t("system.waiting") : formatShare(r.share)}
                </Text>
              </Group>
              <Progress.Root size="sm">
                <Progress.Section value={Math.max(r.share * 100, 2)} animated aria-label={t("system.progressOf", { name: r.name })} />
              </Progress.Root>
            </div>
          ))}
        </section>
        <section aria-label={t("system.scheduled")}>
          <Text size="sm" c="dimmed">
            {t("system.scheduled")}
          </Text>
          {s.scheduled.length === 0 && <Text>{t("system.scheduledNone")}</Text>}
          {s.scheduled.map((r) => (
            <Group key={r.group} justify="space-between" gap="xs">
              <GroupLink group={r.group} name={r.name} />
              <Time at={r.at} relative={false} />
            </Group>
          ))}
        </section>
        {s.failures.length > 0 && (
          <section aria-label={t("system.failures")}>
            <Text size="sm" c="dimmed">
              {t("system.failures")}
            </Text>
            {s.failures.map((f) => (
              <div key={f.group}>
                <GroupLink group={f.group} name={f.group} />
                <Text size="sm" className="break">
                  {f.message}
                </Text>
              </div>
            ))}
          </section>
        )}
        {s.corrections.length > 0 && (
          <section aria-label={t("system.corrections")}>
            <Text size="sm">{t("system.correctionsText")}</Text>
            {s.corrections.map((c) => (
              <Group key={c.group} justify="space-between">
                <GroupLink group={c.group} name={c.group} />
                <Badge color="amber">{t("system.correctionsCount", { n: c.count })}</Badge>
              </Group>
            ))}
          </section>
        )}
      </Stack>
    </Card>
  );
}

function GroupLink({ group, name }: { group: string; name: string }) {
  return (
    <Anchor component={Link} to={`/groups/${group}`} className="break">
      {name || group}
    </Anchor>
  );
}
