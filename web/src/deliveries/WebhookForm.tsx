import { Alert, Button, Card, Group, MultiSelect, NumberInput, Radio, SegmentedControl, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api, data, type Schemas } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { OptionMultiSelect } from "../shared/OptionField";
import { Page } from "../shared/Page";
import { ErrorState, Loading, sayError } from "../shared/states";
import { useUnsavedGuard } from "../shared/useUnsavedGuard";
import { nameOfWebhook, useChanged, useWebhook, type Cause, type Webhook } from "./api";
import classes from "./deliveries.module.css";
import { Secret } from "./Secret";

const causes = ["activity", "field", "consent", "list", "identity", "merge", "time", "condition", "group", "recalculation", "erasure", "retention"] as const satisfies readonly Cause[];

/** Makes a webhook, or changes one. */
export function WebhookForm() {
  const { id } = useParams();
  return id ? <Edit id={id} /> : <Form />;
}

function Edit({ id }: { id: string }) {
  const query = useWebhook(id);
  if (query.data) return <Form original={query.data} />;
  return <Page title={t("webhooks.edit")}>{query.isError ? <ErrorState error={query.error} /> : <Loading />}</Page>;
}

function Form({ original }: { original?: Webhook }) {
  const navigate = useNavigate();
  const changed = useChanged("webhooks");
  const [first] = useState(original); // what is polled meanwhile does not change the form
  const [form, setForm] = useState(() => ({
    url: first?.url ?? "",
    description: first?.description ?? "",
    groups: first?.groups ?? [],
    direction: first?.direction ?? "both",
    causes: first?.causes ?? [],
    identifiers: first?.identifiers ?? false,
    batch_size: first?.batch_size ?? 500,
    batch_seconds: first?.batch_seconds ?? 1,
    per_second: first?.per_second ?? 10,
    begin: "now",
    after: 0,
    paused: false,
  }));
  const [begun] = useState(form);
  const [made, setMade] = useState<Webhook | null>(null);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (part: Partial<typeof form>) => setForm((f) => ({ ...f, ...part }));
  const at = (place: string) => (error instanceof ApiError ? (error.at(place) ?? error.problems.find((p) => p.location.startsWith(`${place}/`))?.message) : undefined);
  const guard = useUnsavedGuard(!done && form !== begun && JSON.stringify(form) !== JSON.stringify(begun));
  const back = first ? { to: `/deliveries/webhooks/${first.id}`, label: nameOfWebhook(first) } : { to: "/deliveries/webhooks", label: t("deliveries.webhooks") };

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const { begin, after, paused, direction, ...kept } = form;
    const url = form.url.trim();
    try {
      if (first) {
        const saved = await data(api.PATCH("/api/v1/webhooks/{id}", { params: { path: { id: first.id } }, body: { ...kept, url, direction: direction as "entered" | "left" | "both" } }));
        setDone(true);
        notifyDone(t("deliveries.saved", { name: nameOfWebhook(saved) }));
        await changed();
        void navigate(back.to);
        return;
      }
      const body: Schemas["WebhookInput"] = { ...kept, url, paused };
      if (direction !== "both") body.direction = direction as "entered" | "left";
      if (begin !== "now") body.after = begin === "start" ? 0 : after;
      setMade(await data(api.POST("/api/v1/webhooks", { body })));
      setDone(true);
      void changed();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  if (made)
    return (
      <Page title={nameOfWebhook(made)} back={back}>
        <Card maw={760}>
          <Stack>
            <Title order={2}>{t("webhooks.secret")}</Title>
            <Secret webhook={made} text={t("webhooks.secretNew")} />
            <Group justify="flex-end">
              <Button variant="default" component={Link} to={`/deliveries/webhooks/${made.id}`}>
                {t("webhooks.secretToHook")}
              </Button>
            </Group>
          </Stack>
        </Card>
      </Page>
    );

  const located = ["/url", "/groups", "/causes", "/direction", "/batch_size", "/batch_seconds", "/per_second", "/after"].some((place) => at(place));
  return (
    <Page title={first ? t("webhooks.edit") : t("webhooks.new")} back={back}>
      {guard}
      <form onSubmit={(e) => void submit(e)} noValidate style={{ maxWidth: 760 }}>
        <Stack>
          {error !== null && !located && (
            <Alert color="red" role="alert">
              {sayError(error).text}
            </Alert>
          )}
          <Card>
            <Stack>
              <TextInput label={t("webhooks.url")} description={t("webhooks.urlHint")} type="url" autoFocus={!first} value={form.url} error={at("/url")} onChange={(e) => set({ url: e.currentTarget.value })} maxLength={2000} spellCheck={false} autoComplete="off" />
              <TextInput label={t("webhooks.description")} description={t("webhooks.descriptionHint")} value={form.description} error={at("/description")} onChange={(e) => set({ description: e.currentTarget.value })} maxLength={500} />
            </Stack>
          </Card>
          <Card>
            <Stack>
              <Title order={2} size="h3">
                {t("webhooks.what")}
              </Title>
              <OptionMultiSelect source="groups" label={t("deliveries.groups")} description={t("webhooks.groupsHint")} placeholder={t("deliveries.everyGroup")} value={form.groups} error={at("/groups")} onChange={(groups) => set({ groups })} />
              <div>
                <Text size="sm" fw={500} mb={4} id="direction">
                  {t("webhooks.direction")}
                </Text>
                <SegmentedControl
                  className={classes.segments!}
                  aria-labelledby="direction"
                  value={form.direction}
                  onChange={(direction) => set({ direction })}
                  data={[
                    { value: "both", label: t("webhooks.both") },
                    { value: "entered", label: t("webhooks.entered") },
                    { value: "left", label: t("webhooks.left") },
                  ]}
                />
              </div>
              <MultiSelect
                label={t("webhooks.causes")}
                description={t("webhooks.causesHint")}
                placeholder={form.causes.length === 0 ? t("webhooks.everyCause") : ""}
                data={causes.map((c) => ({ value: c, label: t(`cause.${c}`) }))}
                value={form.causes}
                error={at("/causes")}
                onChange={(next) => set({ causes: next })}
                hidePickedOptions
              />
              <Switch label={t("webhooks.identifiers")} description={t("webhooks.identifiersHint")} checked={form.identifiers} onChange={(e) => set({ identifiers: e.currentTarget.checked })} />
            </Stack>
          </Card>
          <Card>
            <Title order={2} size="h3" mb="md">
              {t("deliveries.advanced")}
            </Title>
            <div className={classes.three}>
              <NumberInput label={t("webhooks.batchSize")} description={t("webhooks.batchSizeHint")} min={1} max={1000} allowDecimal={false} value={form.batch_size} error={at("/batch_size")} onChange={(v) => set({ batch_size: Number(v) })} />
              <NumberInput label={t("webhooks.batchSeconds")} description={t("webhooks.batchSecondsHint")} min={0} max={60} allowDecimal={false} value={form.batch_seconds} error={at("/batch_seconds")} onChange={(v) => set({ batch_seconds: Number(v) })} />
              <NumberInput label={t("webhooks.perSecond")} description={t("webhooks.perSecondHint")} min={1} max={100} allowDecimal={false} value={form.per_second} error={at("/per_second")} onChange={(v) => set({ per_second: Number(v) })} />
            </div>
          </Card>
          {!first && (
            <Card>
              <Stack>
                <Radio.Group label={t("deliveries.begin")} value={form.begin} onChange={(begin) => set({ begin })}>
                  <Stack gap="xs" mt="xs">
                    <Radio value="now" label={t("webhooks.fromNow")} />
                    <Radio value="start" label={t("webhooks.fromStart")} />
                    <Radio value="change" label={t("webhooks.fromChange")} />
                  </Stack>
                </Radio.Group>
                {form.begin === "change" && <NumberInput label={t("webhooks.after")} min={0} allowDecimal={false} maw={240} value={form.after} error={at("/after")} onChange={(v) => set({ after: Number(v) })} />}
                <Switch label={t("deliveries.makePaused")} description={t("deliveries.makePausedHint")} checked={form.paused} onChange={(e) => set({ paused: e.currentTarget.checked })} />
              </Stack>
            </Card>
          )}
          <Group justify="flex-end">
            <Button variant="default" component={Link} to={back.to}>
              {t("do.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={form.url.trim() === ""}>
              {first ? t("do.save") : t("webhooks.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
