import { Alert, Badge, Button, Card, Checkbox, Group, Select, Text, Title } from "@mantine/core";
import { IconFlask, IconPlayerPlay } from "@tabler/icons-react";
import { useMemo } from "react";
import { $api, type Schemas } from "../../api/client";
import { t } from "../../i18n";
import { OptionSelect } from "../../shared/OptionField";
import { LoadingLines } from "../../shared/states";
import classes from "./import.module.css";
import { targetsOf } from "./targets";

type Settings = Schemas["ImportSettings"];

interface MappingProps {
  job: Schemas["Import"];
  busy: boolean;
  configure: (settings: Settings) => Promise<void>;
  run: (dry: boolean) => Promise<void>;
  forget: () => Promise<void>;
}

const later = { staleTime: 60_000 };

/** Says what the columns of a file become; every choice is looked at by the server at once. */
export function Mapping({ job, busy, configure, run, forget }: MappingProps) {
  const fields = $api.useQuery("get", "/api/v1/fields", {}, later);
  const types = $api.useQuery("get", "/api/v1/activity-types", {}, later);
  const consents = $api.useQuery("get", "/api/v1/consents", {}, later);
  const lists = $api.useQuery("get", "/api/v1/lists", {}, later);
  const settings = job.settings;
  const type = settings.set?.type ?? "";
  const groups = useMemo(
    () => targetsOf(job.kind, { fields: fields.data?.items ?? [], types: types.data?.items ?? [], consents: consents.data?.items ?? [], lists: lists.data?.items ?? [] }, type),
    [job.kind, fields.data, types.data, consents.data, lists.data, type],
  );
  if (fields.isPending || types.isPending || consents.isPending || lists.isPending) return <LoadingLines />;
  const columns = job.columns ?? [];
  const taken = new Set(columns.map((c) => c.target));
  const choices = (own: string) => {
    const all = groups.map((g) => ({ group: g.group, items: g.items.filter((i) => i.value === own || !taken.has(i.value)) }));
    // Targets that only their exact spelling names stand for themselves.
    if (own && !all.some((g) => g.items.some((i) => i.value === own))) all.push({ group: t("import.groupOther"), items: [{ value: own, label: own }] });
    return all.filter((g) => g.items.length > 0);
  };
  const missing = (job.missing ?? [])[0];
  return (
    <>
      <Card>
        <Group justify="space-between" mb="sm">
          <div>
            <Title order={2} size="h3">
              {t("import.columns")}
            </Title>
            <Text size="sm" c="dimmed" className="break" component="div">
              {job.name} · {t(`import.${job.kind}`)} · {job.format} {job.system && <Badge ml={4}>{t("import.system", { system: job.system })}</Badge>}
            </Text>
          </div>
          <Button variant="default" disabled={busy} onClick={() => void forget()}>
            {t("import.another")}
          </Button>
        </Group>
        {job.kind === "activities" && (
          <OptionSelect
            source="activity-types"
            label={t("import.type")}
            clearable
            value={type}
            onChange={(v) => void configure({ ...settings, set: v ? { ...settings.set, type: v } : {} })}
            disabled={busy}
            w="min(100%, 320px)"
          />
        )}
        <ul className={classes.columns} aria-label={t("import.columns")}>
          {columns.map((c, i) => (
            <li key={i}>
              <div style={{ minWidth: 0 }}>
                <Text fw={560} className="break">
                  {c.name || `${t("import.column")} ${i + 1}`}
                </Text>
                <Text size="sm" c="dimmed" truncate>
                  {(c.samples ?? []).join(" · ")}
                </Text>
              </div>
              <Select
                aria-label={t("import.becomesOf", { column: c.name || String(i + 1) })}
                placeholder={t("import.leaveOut")}
                searchable
                clearable
                data={choices(c.target)}
                value={c.target || null}
                onChange={(v) => void configure({ ...settings, map: { ...settings.map, [c.name]: v ?? "-" } })}
              />
            </li>
          ))}
        </ul>
        <Group gap="md" mt="md" align="flex-end">
          <Select
            label={t("import.dates")}
            placeholder={t("import.datesNone")}
            clearable
            value={settings.dates || null}
            onChange={(v) => void configure({ ...settings, dates: (v ?? "") as Settings["dates"] })}
            data={[
              { value: "dmy", label: t("import.datesDmy") },
              { value: "mdy", label: t("import.datesMdy") },
            ]}
          />
          <Checkbox pb={8} label={t("import.decimalComma")} checked={settings.decimal_comma ?? false} onChange={(e) => void configure({ ...settings, decimal_comma: e.currentTarget.checked })} />
        </Group>
      </Card>
      {missing ? (
        <Alert color="amber">{t(`import.need.${missing}`)}</Alert>
      ) : (
        <Group>
          <Button variant="default" disabled={busy} leftSection={<IconFlask size={17} aria-hidden />} onClick={() => void run(true)}>
            {t("import.dryRun")}
          </Button>
          <Button disabled={busy} leftSection={<IconPlayerPlay size={17} aria-hidden />} onClick={() => void run(false)}>
            {job.state === "checked" ? t("import.start", { n: job.progress.accepted }) : t("import.startAll")}
          </Button>
        </Group>
      )}
    </>
  );
}
