import { Button, Card, Group, Modal, NumberInput, Select, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, data, type Schemas } from "../api/client";
import { ApiError } from "../api/error";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatDay } from "../i18n/format";
import { notifyDone, notifyError } from "../shared/notify";

type Values = Schemas["Settings"];

/** The project's settings. */
export function Settings({ settings }: { settings: Values }) {
  const admin = useMay("admin");
  const client = useQueryClient();
  const [draft, setDraft] = useState<Partial<Values>>({});
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const values = { ...settings, ...draft };
  const changed = values.time_zone !== settings.time_zone || values.history_days !== settings.history_days;
  const forever = (days: number) => days || Infinity;
  const shorter = forever(values.history_days) < forever(settings.history_days);
  const zones = Intl.supportedValuesOf("timeZone");
  if (!zones.includes(values.time_zone)) zones.unshift(values.time_zone);

  async function save() {
    setAsking(false);
    setBusy(true);
    setError(null);
    try {
      await data(api.PATCH("/api/v1/settings", { body: values }));
      await client.invalidateQueries({ queryKey: ["get", "/api/v1/system"] });
      void client.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && /^\/api\/v1\/(groups|contacts)/.test(q.queryKey[1]) });
      setDraft({});
      notifyDone(t("state.saved"));
    } catch (failure) {
      if (failure instanceof ApiError && (failure.at("/time_zone") || failure.at("/history_days"))) setError(failure);
      else notifyError(failure);
    }
    setBusy(false);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (shorter) setAsking(true);
    else void save();
  }

  return (
    <Card>
      <Title order={2} size="h3" mb="sm">
        {t("system.settings")}
      </Title>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Select
            label={t("system.timeZone")}
            description={t("system.timeZoneHint")}
            searchable
            limit={80}
            allowDeselect={false}
            readOnly={!admin}
            data={zones}
            value={values.time_zone}
            error={error?.at("/time_zone")}
            onChange={(zone) => setDraft({ ...draft, time_zone: zone ?? settings.time_zone })}
          />
          <NumberInput
            label={t("system.historyDays")}
            description={t("system.historyHint")}
            placeholder={t("system.historyForever")}
            min={0}
            allowDecimal={false}
            readOnly={!admin}
            value={values.history_days || ""}
            error={error?.at("/history_days")}
            onChange={(days) => setDraft({ ...draft, history_days: Number(days) })}
          />
          {admin && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy} disabled={!changed}>
                {t("do.save")}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("system.historyTitle")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Text>{t("system.historyText", { date: formatDay(daysAgo(values.history_days)) })}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {t("do.cancel")}
          </Button>
          <Button color="red" onClick={() => void save()}>
            {t("system.historySubmit")}
          </Button>
        </Group>
      </Modal>
    </Card>
  );
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
