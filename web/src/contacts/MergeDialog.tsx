import { Alert, Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, data } from "../api/client";
import { t } from "../i18n";
import { ContactPicker } from "../shared/ContactPicker";
import { notifyDone } from "../shared/notify";
import { contactName } from "../shared/person";
import { sayError } from "../shared/states";
import { useContactChanged, type Contact } from "./api";

export function MergeDialog({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("merge.title", { name: contactName(contact) })} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      <Merge contact={contact} onClose={onClose} />
    </Modal>
  );
}

const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;

function Merge({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const navigate = useNavigate();
  const changed = useContactChanged();
  const [into, setInto] = useState<Contact | null>(null);
  const [keep, setKeep] = useState<"contact" | "into">("into");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const conflict = into !== null && (differ(contact.external_id, into.external_id) || differ(contact.email, into.email));
  const same = into?.id === contact.id;

  async function submit() {
    if (!into) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await data(api.POST("/api/v1/contacts/{id}/merge", { params: { path: { id: contact.id } }, body: { into: into.id, ...(conflict ? { keep } : {}) } }));
      notifyDone(t("merge.done", { name: contactName(answer.contact ?? into) }));
      onClose();
      // Before the page of the merged contact hears of it, and leads there by itself.
      await navigate(`/contacts/${answer.contact_id}`);
      changed(answer.contact);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  const describe = (c: Contact) => [c.email, c.external_id].filter(Boolean).join(" · ");
  return (
    <Stack>
      <Text>{t("merge.text")}</Text>
      {error !== null && (
        <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
          {sayError(error).text}
        </Alert>
      )}
      <ContactPicker label={t("merge.into")} onChoose={setInto} autoFocus />
      {same && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {t("merge.same")}
        </Text>
      )}
      {conflict && !same && into && (
        <Radio.Group label={t("merge.keep")} value={keep} onChange={(v) => setKeep(v as typeof keep)}>
          <Stack gap="xs" mt="xs">
            <Radio value="into" label={t("merge.keepThis", { name: contactName(into) })} description={describe(into)} />
            <Radio value="contact" label={t("merge.keepThis", { name: contactName(contact) })} description={describe(contact)} />
          </Stack>
        </Radio.Group>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("do.cancel")}
        </Button>
        <Button loading={busy} disabled={!into || same} onClick={() => void submit()}>
          {t("merge.submit")}
        </Button>
      </Group>
    </Stack>
  );
}
