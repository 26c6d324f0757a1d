import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { $api, api, data } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { sayError } from "../shared/states";

export function NewContactDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("contacts.new")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <Form onClose={onClose} />
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const fields = $api.useQuery("get", "/api/v1/fields", {}, { staleTime: 60_000 });
  const [email, setEmail] = useState("");
  const [externalId, setExternalId] = useState("");
  const [values, setValues] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);
  const named = (fields.data?.items ?? []).filter((f) => f.code === "first_name" || f.code === "last_name");

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const filled = Object.fromEntries(Object.entries(values).filter(([, v]) => v.trim() !== ""));
      const answer = await data(api.POST("/api/v1/contacts", { body: { ...(email.trim() ? { email: email.trim() } : {}), ...(externalId.trim() ? { external_id: externalId.trim() } : {}), fields: filled } }));
      void client.invalidateQueries({ queryKey: ["get", "/api/v1/contacts"] });
      if (!answer.created) notifyDone(t("contacts.existed"));
      void navigate(`/contacts/${answer.contact_id}`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        <Text c="dimmed" size="sm">
          {t("contacts.newText")}
        </Text>
        {error !== null && !at("/email") && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("contacts.email")} type="email" data-autofocus value={email} error={at("/email")} onChange={(e) => setEmail(e.currentTarget.value)} />
        <TextInput label={t("contacts.externalId")} value={externalId} error={at("/external_id")} onChange={(e) => setExternalId(e.currentTarget.value)} />
        {named.map((f) => (
          <TextInput key={f.code} label={f.name} value={values[f.code] ?? ""} error={at(`/fields/${f.code}`)} onChange={(e) => setValues({ ...values, [f.code]: e.currentTarget.value })} />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!email.trim() && !externalId.trim()}>
            {t("contacts.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
