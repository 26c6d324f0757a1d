import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { api, data } from "../api/client";
import { ApiError } from "../api/error";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { printValue } from "../shared/FieldValue";
import { notifyDone } from "../shared/notify";
import { ErrorState, LoadingLines, sayError } from "../shared/states";
import { useUnsavedGuard } from "../shared/useUnsavedGuard";
import { useContactChanged, useFields, type Contact } from "./api";
import classes from "./contacts.module.css";
import { FieldInput } from "./FieldInput";

const valueOf = (contact: Contact, code: string): unknown => (code === "email" ? contact.email : contact.fields[code]) ?? null;

/** A contact's fields, to read and to edit. */
export function Fields({ contact }: { contact: Contact }) {
  const editor = useMay("editor");
  const [editing, setEditing] = useState(false);
  const fields = useFields();
  const filled = (fields.data?.items ?? []).filter((f) => valueOf(contact, f.code) !== null && !f.system);
  return (
    <Card>
      <Group justify="space-between" mb="md" mih={30}>
        <Title order={2} size="h3">
          {t("contact.fields")}
        </Title>
        {editor && !editing && (
          <Button size="compact-sm" variant="default" leftSection={<IconPencil size={16} aria-hidden />} aria-label={t("contact.editFields")} onClick={() => setEditing(true)}>
            {t("do.edit")}
          </Button>
        )}
      </Group>
      {fields.isPending ? (
        <LoadingLines lines={5} />
      ) : fields.isError ? (
        <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />
      ) : editing ? (
        <Form contact={contact} onClose={() => setEditing(false)} />
      ) : filled.length === 0 ? (
        <Text c="dimmed">{t("contact.noFields")}</Text>
      ) : (
        <dl className={classes.facts}>
          {filled.map((f) => (
            <div key={f.code}>
              <dt>{f.name || f.code}</dt>
              <dd>{printValue(valueOf(contact, f.code), f)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

function Form({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const changed = useContactChanged();
  const fields = (useFields().data?.items ?? []).filter((f) => !f.system);
  const [edits, setEdits] = useState<Record<string, unknown>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const different = Object.entries(edits).filter(([code, value]) => JSON.stringify(value) !== JSON.stringify(valueOf(contact, code)));
  const guard = useUnsavedGuard(different.length > 0);
  const at = (code: string) => (error instanceof ApiError ? (error.at(`/fields/${code}`) ?? (code === "email" ? error.at("/email") : undefined)) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const answer = await data(api.PATCH("/api/v1/contacts/{id}", { params: { path: { id: contact.id } }, body: { fields: Object.fromEntries(different) } }));
      changed(answer.contact);
      notifyDone(t("state.saved"));
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      {guard}
      <Stack>
        {error !== null && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <div className={classes.form}>
          {fields.map((f) => (
            <FieldInput key={f.code} field={f} value={f.code in edits ? edits[f.code] : valueOf(contact, f.code)} error={at(f.code)} onChange={(value) => setEdits((old) => ({ ...old, [f.code]: value }))} />
          ))}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={different.length === 0}>
            {t("do.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
