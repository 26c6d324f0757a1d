import { Alert, Button, Card, Group, Progress as Bar, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload, IconPlayerStop } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { t } from "../../i18n";
import { formatNumber, formatShare } from "../../i18n/format";
import classes from "./import.module.css";

type Import = Schemas["Import"];

/** How far an import is, and what became of its rows. */
export function Progress({ job, busy, cancel }: { job: Import; busy: boolean; cancel: () => Promise<void> }) {
  const running = job.state === "running";
  const share = running ? Math.min(1, job.progress.bytes / Math.max(1, job.bytes)) : 1;
  return (
    <Card>
      <Stack>
        <Group justify="space-between">
          <div role="status">
            <Title order={2} size="h3">
              {running && job.dry_run ? t("import.checking") : t(`import.title.${running ? "running" : job.state}`)}
            </Title>
            <Text size="sm" c="dimmed" className="break">
              {job.name}
              {running && ` · ${t("import.mayClose")}`}
            </Text>
          </div>
          {running && (
            <Button variant="default" disabled={busy} leftSection={<IconPlayerStop size={17} aria-hidden />} onClick={() => void cancel()}>
              {t("import.stop")}
            </Button>
          )}
        </Group>
        {running && (
          <Group wrap="nowrap">
            <Bar.Root size="md" style={{ flex: 1 }}>
              <Bar.Section value={share * 100} animated aria-label={t("import.title.running")} />
            </Bar.Root>
            <Text size="sm" className="numbers">
              {formatShare(share)}
            </Text>
          </Group>
        )}
        <Counts job={job} />
        {!running && <Rejects job={job} />}
      </Stack>
    </Card>
  );
}

function Counts({ job: { progress, kind } }: { job: Import }) {
  const shown = kind === "activities" ? (["accepted", "duplicate", "expired", "rejected"] as const) : (["accepted", "rejected"] as const);
  return (
    <dl className={classes.results}>
      {shown.map((k) => (
        <div key={k}>
          <dt>{t(`import.${k}`)}</dt>
          <dd>{formatNumber(progress[k])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a dry run found: examples of what would be taken, and what would not. */
export function Checked({ job }: { job: Import }) {
  const examples = job.examples ?? [];
  return (
    <Card>
      <Stack>
        <div role="status">
          <Title order={2} size="h3">
            {t("import.checked")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("import.checkedText", { n: job.progress.rows, taken: job.progress.accepted, not: job.progress.rejected })}
          </Text>
        </div>
        <Table aria-label={t("import.examples")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>{t("import.line")}</Table.Th>
              <Table.Th>{t("import.result")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {examples.map((e) => (
              <Table.Tr key={e.line}>
                <Table.Td>{formatNumber(e.line)}</Table.Td>
                <Table.Td>
                  <Line line={e.record} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Rejects job={job} />
      </Stack>
    </Card>
  );
}

/** A line of bulk loading as "name: value" pairs. */
function Line({ line }: { line: Record<string, unknown> }) {
  const pairs: [string, string][] = [];
  const walk = (prefix: string, value: unknown) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) for (const [k, v] of Object.entries(value)) walk(prefix ? `${prefix}.${k}` : k, v);
    else pairs.push([prefix.replace(/^(contact|activity)\./, ""), Array.isArray(value) ? value.join(", ") : String(value)]);
  };
  walk("", line);
  return (
    <Group gap="2px 14px" className={classes.json}>
      {pairs.map(([k, v]) => (
        <span key={k}>
          <Text span inherit c="dimmed">
            {k}:
          </Text>{" "}
          {v}
        </span>
      ))}
    </Group>
  );
}

function Rejects({ job }: { job: Import }) {
  const rejects = job.rejects ?? [];
  const more = job.progress.rejected - rejects.length;
  if (job.progress.rejected === 0) return null;
  return (
    <Alert color="amber" title={t("import.rejected")}>
      <Stack gap="xs" align="flex-start">
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {rejects.map((r) => (
            <li key={r.line} className="break">
              {t("import.line")} {formatNumber(r.line)}: {r.reason}
            </li>
          ))}
          {more > 0 && <li>{t("import.moreRejects", { n: more })}</li>}
        </ul>
        <Text size="sm">{t("import.rejectsText")}</Text>
        <Button component="a" href={`/api/v1/imports/${job.id}/rejects`} download variant="default" leftSection={<IconDownload size={17} aria-hidden />}>
          {t("import.rejects")}
        </Button>
      </Stack>
    </Alert>
  );
}
