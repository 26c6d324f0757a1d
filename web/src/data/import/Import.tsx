import { Alert, Button, Card, FileButton, Group, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import { IconFileSpreadsheet, IconLock, IconUpload } from "@tabler/icons-react";
import Papa from "papaparse";
import { useMemo, useState } from "react";
import { $api } from "../../api/client";
import { useMay } from "../../app/session";
import { t } from "../../i18n";
import { OptionSelect } from "../../shared/OptionField";
import { EmptyState, LoadingLines } from "../../shared/states";
import { useUnsavedGuard } from "../../shared/useUnsavedGuard";
import type { Mapped, Reading } from "./convert";
import classes from "./import.module.css";
import { Run } from "./Run";
import { guess, targetsOf, type What } from "./targets";

export interface Table {
  name: string;
  headings: string[];
  rows: string[][];
}

/** Contacts or activities from a CSV file: choose it, say what its columns mean, try, import. */
export default function Import() {
  const editor = useMay("editor");
  const [what, setWhat] = useState<What>("contacts");
  const [table, setTable] = useState<Table | null>(null);
  const [running, setRunning] = useState(false);
  const guard = useUnsavedGuard(running);
  if (!editor) return <EmptyState icon={IconLock} title={t("import.forbidden")} />;
  return (
    <Stack>
      {guard}
      <Text c="dimmed">{t("import.text")}</Text>
      <div>
        <Text size="sm" fw={550} mb={4} id="import-what">
          {t("import.what")}
        </Text>
        <SegmentedControl
          aria-labelledby="import-what"
          disabled={running}
          value={what}
          onChange={(v) => setWhat(v as What)}
          data={[
            { value: "contacts", label: t("import.contacts") },
            { value: "activities", label: t("import.activities") },
          ]}
        />
      </div>
      {table ? <Mapping key={`${what}:${table.name}`} what={what} table={table} running={running} setRunning={setRunning} onAnother={() => setTable(null)} /> : <ChooseFile onTable={setTable} />}
    </Stack>
  );
}

function ChooseFile({ onTable }: { onTable: (table: Table) => void }) {
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  function open(file: File | null | undefined) {
    if (!file) return;
    setProblem(null);
    Papa.parse<string[]>(file, {
      skipEmptyLines: "greedy",
      complete: ({ data: [headings, ...rows] }) => {
        if (!headings || rows.length === 0) setProblem(t("import.noRows"));
        else onTable({ name: file.name, headings: headings.map((h) => h.trim()), rows });
      },
      error: (error) => setProblem(error.message),
    });
  }
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      role="group"
      aria-label={t("import.file")}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        open(e.dataTransfer.files[0]);
      }}
    >
      <IconFileSpreadsheet size={40} stroke={1.4} aria-hidden />
      <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={open} inputProps={{ "aria-label": t("import.file") }}>
        {(props) => (
          <Button {...props} leftSection={<IconUpload size={18} aria-hidden />}>
            {t("import.choose")}
          </Button>
        )}
      </FileButton>
      <Text c="dimmed">{t("import.drop")}</Text>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
    </div>
  );
}

interface MappingProps {
  what: What;
  table: Table;
  running: boolean;
  setRunning: (running: boolean) => void;
  onAnother: () => void;
}

const identifiers = ["email", "external_id", "visitor_id"];

function Mapping({ what, table, running, setRunning, onAnother }: MappingProps) {
  const fields = $api.useQuery("get", "/api/v1/fields", {}, { staleTime: 60_000 });
  const types = $api.useQuery("get", "/api/v1/activity-types", {}, { staleTime: 60_000 });
  const consents = $api.useQuery("get", "/api/v1/consents", {}, { staleTime: 60_000 });
  const lists = $api.useQuery("get", "/api/v1/lists", {}, { staleTime: 60_000 });
  const [type, setType] = useState("");
  const [changes, setChanges] = useState<Record<number, string>>({});
  const [dates, setDates] = useState<Reading["dates"]>("dmy");
  const [decimal, setDecimal] = useState<"point" | "comma">("point");

  const loading = fields.isPending || types.isPending || consents.isPending || lists.isPending;
  const groups = useMemo(
    () => targetsOf(what, { fields: fields.data?.items ?? [], types: types.data?.items ?? [], consents: consents.data?.items ?? [], lists: lists.data?.items ?? [] }, type),
    [what, fields.data, types.data, consents.data, lists.data, type],
  );
  const targets = useMemo(() => new Map(groups.flatMap((g) => g.items).map((i) => [i.value, i])), [groups]);
  const guessed = useMemo(() => guess(table.headings, groups), [table.headings, groups]);
  const mapped = table.headings.map((_, i) => changes[i] ?? guessed[i] ?? "");
  const columns: (Mapped | null)[] = mapped.map((value) => {
    const target = targets.get(value);
    return target ? { value, type: target.type, choices: target.choices?.map((c) => ({ code: c.code, name: c.name })) } : null;
  });
  const named = mapped.some((m) => identifiers.includes(m));
  const typed = what === "contacts" || type !== "" || mapped.includes("type");
  const reading: Reading = { dates, decimalComma: decimal === "comma" };
  const data = groups.map((g) => ({ group: g.group, items: g.items.map((i) => ({ value: i.value, label: i.label })) })).filter((g) => g.items.length > 0);

  if (loading) return <LoadingLines />;
  return (
    <>
      <Card>
        <Group justify="space-between" mb="sm">
          <div>
            <Title order={2} size="h3">
              {t("import.columns")}
            </Title>
            <Text size="sm" c="dimmed" className="break">
              {table.name} · {t("import.rows", { n: table.rows.length })}
            </Text>
          </div>
          <Button variant="default" disabled={running} onClick={onAnother}>
            {t("import.another")}
          </Button>
        </Group>
        {what === "activities" && <OptionSelect source="activity-types" label={t("import.type")} clearable value={type} onChange={setType} disabled={running} w="min(100%, 320px)" />}
        <ul className={classes.columns} aria-label={t("import.columns")}>
          {table.headings.map((heading, i) => (
            <li key={i}>
              <div style={{ minWidth: 0 }}>
                <Text fw={560} className="break">
                  {heading || `${t("import.column")} ${i + 1}`}
                </Text>
                <Text size="sm" c="dimmed" truncate>
                  {[...new Set(table.rows.slice(0, 30).map((r) => r[i]?.trim()).filter(Boolean))].slice(0, 3).join(" · ")}
                </Text>
              </div>
              <Select
                aria-label={t("import.becomesOf", { column: heading || String(i + 1) })}
                placeholder={t("import.leaveOut")}
                searchable
                clearable
                disabled={running}
                data={data.map((g) => ({ ...g, items: g.items.filter((item) => item.value === mapped[i] || !mapped.includes(item.value)) })).filter((g) => g.items.length > 0)}
                value={mapped[i] || null}
                onChange={(v) => setChanges((old) => ({ ...old, [i]: v ?? "" }))}
              />
            </li>
          ))}
        </ul>
        <Group gap="md" mt="md">
          <Select
            label={t("import.dates")}
            disabled={running}
            allowDeselect={false}
            value={dates}
            onChange={(v) => v && setDates(v as Reading["dates"])}
            data={[
              { value: "dmy", label: t("import.datesDmy") },
              { value: "mdy", label: t("import.datesMdy") },
            ]}
          />
          <Select
            label={t("import.decimal")}
            disabled={running}
            allowDeselect={false}
            value={decimal}
            onChange={(v) => v && setDecimal(v as "point" | "comma")}
            data={[
              { value: "point", label: "1,234.50" },
              { value: "comma", label: "1.234,50" },
            ]}
          />
        </Group>
      </Card>
      {!named || !typed ? <Alert color="amber">{!named ? t("import.needIdentifier") : t("import.needType")}</Alert> : <Run what={what} table={table} columns={columns} reading={reading} type={type} running={running} setRunning={setRunning} onAnother={onAnother} />}
    </>
  );
}
