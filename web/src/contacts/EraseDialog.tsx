import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { api } from "../api/client";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { contactName } from "../shared/person";
import { sayError } from "../shared/states";
import type { Contact } from "./api";

/** Erases a person after its name was typed. */
export function EraseDialog({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("erase.title", { name: contactName(contact) })} closeButtonProps={{ "aria-label": t("do.close") }}>
      <Erase contact={contact} onClose={onClose} />
    </Modal>
  );
}

function Erase({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const name = contactName(contact);
  const right = typed.trim().toLocaleLowerCase() === name.toLocaleLowerCase();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!right) return;
    setBusy(true);
    setError(null);
    try {
      await api.DELETE("/api/v1/contacts/{id}", { params: { path: { id: contact.id } } });
      notifyDone(t("erase.done", { name }));
      void navigate("/contacts", { replace: true });
      client.removeQueries({ predicate: (q) => JSON.stringify(q.queryKey).includes(contact.id) });
      void client.invalidateQueries({ queryKey: ["get", "/api/v1/contacts"] });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)}>
      <Stack>
        <Text>{t("erase.text")}</Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("erase.confirm", { word: name })} autoComplete="off" data-autofocus value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" color="red.9" loading={busy} disabled={!right}>
            {t("erase.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
