import { Alert, Button, Card, Group, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api, data } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { OptionSelect } from "../shared/OptionField";
import { Page } from "../shared/Page";
import { ErrorState, Loading, sayError } from "../shared/states";
import { useUnsavedGuard } from "../shared/useUnsavedGuard";
import { settingsOf, useChanged, useConnector, type Connector } from "./api";
import classes from "./deliveries.module.css";

/** Makes a connector, or changes one. */
export function ConnectorForm() {
  const { id } = useParams();
  return id ? <Edit id={id} /> : <Form />;
}

function Edit({ id }: { id: string }) {
  const query = useConnector(id);
  if (query.data) return <Form original={query.data} />;
  return <Page title={t("connectors.edit")}>{query.isError ? <ErrorState error={query.error} /> : <Loading />}</Page>;
}

function Form({ original }: { original?: Connector }) {
  const navigate = useNavigate();
  const changed = useChanged("connectors");
  const [first] = useState(original);
  const [form, setForm] = useState(() => {
    const known = first && settingsOf(first);
    return {
      name: first?.name ?? "",
      group: first?.group ?? "",
      url: known?.url ?? "",
      username: known?.username ?? "",
      token: "",
      list_id: (known?.list_id ?? "") as number | "",
      confirmed: known?.confirmed ?? false,
      compare_hours: first?.compare_hours ?? 24,
      paused: false,
    };
  });
  const [begun] = useState(form);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (part: Partial<typeof form>) => setForm((f) => ({ ...f, ...part }));
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);
  const guard = useUnsavedGuard(!done && JSON.stringify(form) !== JSON.stringify(begun));
  const back = first ? { to: `/deliveries/connectors/${first.id}`, label: first.name || first.group } : { to: "/deliveries/connectors", label: t("deliveries.connectors") };

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const settings = { url: form.url.trim(), username: form.username.trim(), ...(form.token ? { token: form.token.trim() } : {}), list_id: Number(form.list_id), confirmed: form.confirmed };
    const name = form.name.trim();
    try {
      const saved = first
        ? await data(api.PATCH("/api/v1/connectors/{id}", { params: { path: { id: first.id } }, body: { name, compare_hours: form.compare_hours, settings } }))
        : await data(api.POST("/api/v1/connectors", { body: { kind: "listmonk", name, group: form.group, compare_hours: form.compare_hours, paused: form.paused, settings } }));
      setDone(true);
      notifyDone(t("deliveries.saved", { name: saved.name || saved.group }));
      await changed();
      void navigate(`/deliveries/connectors/${saved.id}`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  const located = ["/group", "/name", "/compare_hours", "/settings/url", "/settings/username", "/settings/token", "/settings/list_id"].some((place) => at(place));
  return (
    <Page title={first ? t("connectors.edit") : t("connectors.new")} back={back}>
      {guard}
      <form onSubmit={(e) => void submit(e)} noValidate style={{ maxWidth: 760 }}>
        <Stack>
          {error !== null && !located && (
            <Alert color="red" role="alert">
              {sayError(error).text}
            </Alert>
          )}
          <Alert color="amber" icon={<IconInfoCircle aria-hidden />}>
            {t("connectors.warning")}
          </Alert>
          <Card>
            <Stack>
              {first ? (
                <TextInput label={t("connectors.group")} description={t("connectors.groupFixed")} readOnly value={first.group} />
              ) : (
                <OptionSelect source="groups" label={t("connectors.group")} description={t("connectors.groupHint")} value={form.group} error={at("/group")} onChange={(group) => set({ group })} />
              )}
              <TextInput label={t("connectors.nameLabel")} description={t("connectors.nameHint")} value={form.name} error={at("/name")} maxLength={200} onChange={(e) => set({ name: e.currentTarget.value })} />
            </Stack>
          </Card>
          <Card>
            <Stack>
              <Select label={t("connectors.kind")} data={[{ value: "listmonk", label: t("connectors.listmonk") }]} value="listmonk" readOnly={first !== undefined} allowDeselect={false} maw={260} />
              <TextInput label={t("connectors.url")} description={t("connectors.urlHint")} type="url" spellCheck={false} value={form.url} error={at("/settings/url")} onChange={(e) => set({ url: e.currentTarget.value })} />
              <div className={classes.two}>
                <TextInput label={t("connectors.username")} description={t("connectors.usernameHint")} autoComplete="off" spellCheck={false} value={form.username} error={at("/settings/username")} onChange={(e) => set({ username: e.currentTarget.value })} />
                <PasswordInput
                  label={t("connectors.token")}
                  description={first ? t("connectors.tokenKeep") : t("connectors.tokenHint")}
                  autoComplete="new-password"
                  value={form.token}
                  error={at("/settings/token")}
                  onChange={(e) => set({ token: e.currentTarget.value })}
                  visibilityToggleButtonProps={{ style: { display: "none" } }}
                />
              </div>
              <NumberInput label={t("connectors.listId")} description={t("connectors.listIdHint")} min={1} allowDecimal={false} maw={300} value={form.list_id} error={at("/settings/list_id")} onChange={(v) => set({ list_id: v === "" ? "" : Number(v) })} />
              <Switch label={t("connectors.confirmed")} description={t("connectors.confirmedHint")} checked={form.confirmed} onChange={(e) => set({ confirmed: e.currentTarget.checked })} />
              <NumberInput label={t("connectors.compareHours")} description={t("connectors.compareHoursHint")} min={1} max={168} allowDecimal={false} value={form.compare_hours} error={at("/compare_hours")} onChange={(v) => set({ compare_hours: Number(v) })} />
              {!first && <Switch label={t("deliveries.makePaused")} description={t("deliveries.makePausedHint")} checked={form.paused} onChange={(e) => set({ paused: e.currentTarget.checked })} />}
            </Stack>
          </Card>
          <Group justify="flex-end">
            <Button variant="default" component={Link} to={back.to}>
              {t("do.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={form.group === "" || form.url.trim() === ""}>
              {first ? t("do.save") : t("connectors.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
