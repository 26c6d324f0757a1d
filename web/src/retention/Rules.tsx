import { ActionIcon, Alert, Badge, Button, Card, Group, Modal, NumberInput, Select, Stack, Text, Title } from "@mantine/core";
import { IconEye, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { $api, api, data } from "../api/client";
import { ApiError } from "../api/error";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatInstant } from "../i18n/format";
import { notifyDone } from "../shared/notify";
import { OptionSelect } from "../shared/OptionField";
import { sayError } from "../shared/states";
import { useUnsavedGuard } from "../shared/useUnsavedGuard";
import { hourOf, retentionKey, type Retention, type RetentionPreview } from "./api";
import { Preview } from "./Preview";
import classes from "./retention.module.css";

interface Draft {
  hour: number;
  activities: { type: string; days: number | "" }[];
  anonymous: number | "";
  known: number | "";
}

const draftOf = (r: Retention): Draft => ({ hour: r.hour, activities: r.activities, anonymous: r.anonymous_days || "", known: r.known_days || "" });
const same = (a: Draft, b: Draft) => JSON.stringify(a) === JSON.stringify(b);

/** What is removed, and when; to be tried before it is saved. */
export function Rules({ retention }: { retention: Retention }) {
  const admin = useMay("admin");
  const editor = useMay("editor");
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [preview, setPreview] = useState<RetentionPreview | null>(null);
  const [busy, setBusy] = useState<"save" | "preview" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const rules = draft ?? draftOf(retention);
  const unsaved = draft !== null && !same(draft, draftOf(retention));
  const guard = useUnsavedGuard(unsaved);
  const set = (part: Partial<Draft>) => setDraft({ ...rules, ...part });
  const setRule = (i: number, part: Partial<Draft["activities"][number]>) => set({ activities: rules.activities.map((r, j) => (i === j ? { ...r, ...part } : r)) });
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);
  const located = error instanceof ApiError && error.problems.some((p) => /^\/(hour|anonymous_days|known_days|activities\/\d+\/(type|days))$/.test(p.location));
  const body = () => ({ activities: rules.activities.map((r) => ({ type: r.type, days: Number(r.days) })), anonymous_days: Number(rules.anonymous), known_days: Number(rules.known) });

  async function attempt(kind: "save" | "preview", what: () => Promise<void>) {
    setBusy(kind);
    setError(null);
    try {
      await what();
    } catch (failure) {
      setError(failure);
    }
    setBusy(null);
  }
  const look = () => attempt("preview", async () => setPreview(await data(api.POST("/api/v1/retention/preview", { body: body() }))));
  const save = (event: FormEvent) => {
    event.preventDefault();
    return attempt("save", async () => {
      const saved = await data(api.PATCH("/api/v1/retention", { body: { ...body(), hour: rules.hour } }));
      client.setQueryData($api.queryOptions("get", "/api/v1/retention", {}).queryKey, saved);
      setDraft(null);
      notifyDone(t("retention.saved"));
      void client.invalidateQueries({ predicate: (q) => retentionKey(q.queryKey) });
    });
  };

  return (
    <Card component="section" aria-labelledby="retention-rules">
      {guard}
      <form onSubmit={(e) => void save(e)} noValidate>
        <Stack gap="lg">
          <Group gap="sm">
            <Title order={2} id="retention-rules">
              {t("retention.rules")}
            </Title>
            {unsaved && <Badge color="amber">{t("retention.unsaved")}</Badge>}
          </Group>
          {error !== null && !located && (
            <Alert color="red" role="alert">
              {sayError(error).text}
            </Alert>
          )}
          <section aria-labelledby="retention-activities">
            <Title order={3} id="retention-activities">
              {t("retention.activities")}
            </Title>
            <Text size="sm" c="dimmed" mb="sm">
              {t("retention.activitiesText")}
            </Text>
            <Stack gap="sm">
              {rules.activities.length === 0 && <Text>{t("retention.noRules")}</Text>}
              {rules.activities.map((rule, i) => (
                <div key={i} className={classes.rule}>
                  <OptionSelect source="activity-types" aria-label={t("retention.typeOf", { n: i + 1 })} disabled={!admin} value={rule.type} error={at(`/activities/${i}/type`)} onChange={(type) => setRule(i, { type })} />
                  <NumberInput aria-label={t("retention.daysOf", { n: i + 1 })} placeholder={t("retention.days")} suffix={` ${t("retention.forDays", { n: Number(rule.days) || 2 }).replace(/^\S+\s/, "")}`} readOnly={!admin} min={1} allowDecimal={false} value={rule.days} error={at(`/activities/${i}/days`)} onChange={(v) => setRule(i, { days: v === "" ? "" : Number(v) })} />
                  {admin && (
                    <ActionIcon size={36} aria-label={t("retention.removeRule", { n: i + 1 })} onClick={() => set({ activities: rules.activities.filter((_, j) => j !== i) })}>
                      <IconTrash size={18} />
                    </ActionIcon>
                  )}
                </div>
              ))}
              {admin && (
                <Button variant="default" leftSection={<IconPlus size={17} aria-hidden />} style={{ alignSelf: "flex-start" }} onClick={() => set({ activities: [...rules.activities, { type: "", days: 365 }] })}>
                  {t("retention.addRule")}
                </Button>
              )}
            </Stack>
          </section>
          <section aria-labelledby="retention-contacts">
            <Title order={3} id="retention-contacts">
              {t("retention.contacts")}
            </Title>
            <Text size="sm" c="dimmed" mb="sm">
              {t("retention.contactsText")}
            </Text>
            <div className={classes.pair}>
              <NumberInput label={t("retention.anonymous")} placeholder={t("retention.never")} readOnly={!admin} min={0} allowDecimal={false} value={rules.anonymous} error={at("/anonymous_days")} onChange={(v) => set({ anonymous: v === "" ? "" : Number(v) })} />
              <NumberInput label={t("retention.known")} placeholder={t("retention.never")} inputWrapperOrder={["label", "input", "description", "error"]} description={t("retention.knownHint")} readOnly={!admin} min={0} allowDecimal={false} value={rules.known} error={at("/known_days")} onChange={(v) => set({ known: v === "" ? "" : Number(v) })} />
            </div>
          </section>
          <Select
            label={t("retention.hour")}
            description={t("retention.hourHint", { zone: retention.time_zone })}
            maw={300}
            readOnly={!admin}
            allowDeselect={false}
            data={Array.from({ length: 24 }, (_, h) => ({ value: String(h), label: hourOf(h) }))}
            value={String(rules.hour)}
            error={at("/hour")}
            onChange={(h) => set({ hour: Number(h) })}
          />
          <Group justify="flex-end">
            {editor && (
              <Button variant="default" leftSection={<IconEye size={17} aria-hidden />} loading={busy === "preview"} onClick={() => void look()}>
                {t("retention.preview")}
              </Button>
            )}
            {admin && (
              <Button type="submit" loading={busy === "save"} disabled={!unsaved}>
                {t("do.save")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      <Modal opened={preview !== null} onClose={() => setPreview(null)} size="xl" title={t("retention.previewTitle")} closeButtonProps={{ "aria-label": t("do.close") }}>
        {preview && (
          <>
            <Text c="dimmed" mb="md">
              {t("retention.previewAsOf", { time: formatInstant(preview.as_of) })}
            </Text>
            <Preview preview={preview} />
          </>
        )}
      </Modal>
    </Card>
  );
}
