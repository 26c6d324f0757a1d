import { Alert, Button, Card, Group, Progress as Bar, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload, IconFlask, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import Papa from "papaparse";
import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { formatNumber, formatShare } from "../../i18n/format";
import { notifyDone } from "../../shared/notify";
import { sayError } from "../../shared/states";
import { convert, type Mapped, type Reading, type RowProblem } from "./convert";
import type { Table as FileTable } from "./Import";
import classes from "./import.module.css";
import { load, type Progress, type Rejected, type Row } from "./load";
import type { What } from "./targets";

interface RunProps {
  what: What;
  table: FileTable;
  columns: (Mapped | null)[];
  reading: Reading;
  type: string;
  running: boolean;
  setRunning: (running: boolean) => void;
  onAnother: () => void;
}

const tried = 10;
const sayProblem = (p: RowProblem) => t(`import.${p.code}`, { value: p.value });

/** Tries the first rows, imports all, and offers what was not taken. */
export function Run({ what, table, columns, reading, type, running, setRunning, onAnother }: RunProps) {
  const client = useQueryClient();
  const [trial, setTrial] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [finished, setFinished] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const convertRow = (row: string[]) => convert(what, row, columns, reading, type);

  async function start() {
    const controller = new AbortController();
    stop.current = controller;
    setRunning(true);
    setFinished(false);
    setError(null);
    const rows: Row[] = [];
    const rejected: Rejected[] = [];
    table.rows.forEach((cells, row) => {
      const converted = convertRow(cells);
      if (converted.problem) rejected.push({ row, reason: sayProblem(converted.problem) });
      else rows.push({ row, line: converted.line });
    });
    const before: Progress = { done: rejected.length, accepted: 0, duplicate: 0, expired: 0, rejected };
    setProgress(before);
    try {
      await load(rows, before, setProgress, controller.signal);
      if (controller.signal.aborted) notifyDone(t("import.stopped"));
    } catch (failure) {
      if (controller.signal.aborted) notifyDone(t("import.stopped"));
      else setError(failure);
    }
    setFinished(true);
    setRunning(false);
    void client.invalidateQueries();
  }

  const total = table.rows.length;
  return (
    <>
      {!progress && (
        <Group>
          <Button variant="default" leftSection={<IconFlask size={17} aria-hidden />} onClick={() => setTrial(true)}>
            {t("import.dryRun")}
          </Button>
          <Button leftSection={<IconPlayerPlay size={17} aria-hidden />} onClick={() => void start()}>
            {t("import.start", { n: total })}
          </Button>
        </Group>
      )}
      {trial && !progress && <Trial rows={table.rows.slice(0, tried)} convertRow={convertRow} />}
      {progress && (
        <Card>
          <Stack>
            <Group justify="space-between">
              <div role="status">
                <Title order={2} size="h3">
                  {finished ? t("import.done") : t("import.running")}
                </Title>
              </div>
              {running && (
                <Button variant="default" leftSection={<IconPlayerStop size={17} aria-hidden />} onClick={() => stop.current?.abort()}>
                  {t("import.stop")}
                </Button>
              )}
            </Group>
            <Group wrap="nowrap">
              <Bar.Root size="md" style={{ flex: 1 }}>
                <Bar.Section value={(progress.done / total) * 100} animated={running} aria-label={t("import.running")} />
              </Bar.Root>
              <Text size="sm" className="numbers">
                {formatShare(progress.done / total)}
              </Text>
            </Group>
            {error !== null && (
              <Alert color="red" role="alert">
                {sayError(error).text}
              </Alert>
            )}
            <dl className={classes.results}>
              {(["accepted", "duplicate", "expired"] as const).map((k) => (
                <div key={k}>
                  <dt>{t(`import.${k}`)}</dt>
                  <dd>{formatNumber(progress[k])}</dd>
                </div>
              ))}
              <div>
                <dt>{t("import.rejected")}</dt>
                <dd>{formatNumber(progress.rejected.length)}</dd>
              </div>
            </dl>
            {finished && progress.rejected.length > 0 && <Rejects table={table} rejected={progress.rejected} />}
            {finished && (
              <Group>
                <Button variant="default" onClick={onAnother}>
                  {t("import.again")}
                </Button>
              </Group>
            )}
          </Stack>
        </Card>
      )}
    </>
  );
}

function Trial({ rows, convertRow }: { rows: string[][]; convertRow: (row: string[]) => ReturnType<typeof convert> }) {
  return (
    <Card>
      <Title order={2} size="h3">
        {t("import.dryRun")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm" role="status">
        {t("import.dryRunText", { n: rows.length })}
      </Text>
      <Table aria-label={t("import.dryRun")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={70}>{t("import.row")}</Table.Th>
            <Table.Th>{t("import.result")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, i) => {
            const { line, problem } = convertRow(row);
            return (
              <Table.Tr key={i}>
                <Table.Td>{i + 1}</Table.Td>
                <Table.Td>{problem ? <Text c="var(--mantine-color-error)">{sayProblem(problem)}</Text> : <Line line={line} />}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
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

const listed = 8;

function Rejects({ table, rejected }: { table: FileTable; rejected: Rejected[] }) {
  const sorted = [...rejected].sort((a, b) => a.row - b.row);
  function download() {
    const text = Papa.unparse({ fields: [t("import.reason"), ...table.headings], data: sorted.map((r) => [r.reason, ...(table.rows[r.row] ?? [])]) });
    const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    const a = document.createElement("a");
    a.href = url;
    a.download = table.name.replace(/\.\w+$/, "") + ".rejected.csv";
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
  return (
    <Alert color="amber" title={t("import.rejected")}>
      <Stack gap="xs" align="flex-start">
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {sorted.slice(0, listed).map((r) => (
            <li key={r.row} className="break">
              {t("import.row")} {r.row + 1}: {r.reason}
            </li>
          ))}
          {sorted.length > listed && <li>{t("import.moreRejects", { n: sorted.length - listed })}</li>}
        </ul>
        <Text size="sm">{t("import.rejectsText")}</Text>
        <Button variant="default" leftSection={<IconDownload size={17} aria-hidden />} onClick={download}>
          {t("import.rejects")}
        </Button>
      </Stack>
    </Alert>
  );
}
