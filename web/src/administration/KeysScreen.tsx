import { Alert, Badge, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { $api, api, data, type Schemas } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { SecretField } from "../shared/SecretField";
import { ServerTable, type Column } from "../shared/ServerTable";
import { sayError } from "../shared/states";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { RoleChoice } from "./RoleChoice";

type Key = Schemas["Key"];
const roles = ["collect", "read", "edit", "admin"] as const;

export function Component() {
  const query = $api.useQuery("get", "/api/v1/keys", {});
  const client = useQueryClient();
  const state = useListState();
  const [hidden, remove] = useUndoableDelete();
  const [creating, setCreating] = useState(false);
  const changed = () => client.invalidateQueries({ queryKey: ["get", "/api/v1/keys"] });
  const revoke = (k: Key) =>
    remove({ key: `key:${k.id}`, message: t("keys.revoked", { name: k.name }), remove: () => api.DELETE("/api/v1/keys/{id}", { params: { path: { id: k.id } } }), onDone: changed });
  const create = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
      {t("keys.new")}
    </Button>
  );
  const columns: Column<Key>[] = [
    { id: "name", header: t("keys.name"), fixed: true, cell: (k) => <Text fw={560} className="break">{k.name}</Text> },
    { id: "role", header: t("keys.role"), fixed: true, cell: (k) => <Badge miw="max-content" color={k.role === "admin" ? "amber" : "spruce"}>{t(`keyRole.${k.role}`)}</Badge> },
    { id: "used", header: t("keys.lastUsed"), fixed: true, cell: (k) => <Time at={k.last_used_at} fallback={t("time.never")} /> },
    { id: "created", header: t("keys.created"), fixed: true, cell: (k) => <Time at={k.created_at} /> },
    {
      id: "actions",
      header: "",
      fixed: true,
      align: "right",
      cell: (k) => (
        <Button size="compact-sm" variant="subtle" color="red" aria-label={t("keys.revokeOf", { name: k.name })} onClick={() => revoke(k)}>
          {t("keys.revoke")}
        </Button>
      ),
    },
  ];
  return (
    <Page title={t("keys.title")} text={t("keys.text")} actions={create}>
      <ServerTable id="keys" label={t("keys.table")} columns={columns} query={query} state={state} rowKey={(k) => k.id} hideRow={(k) => hidden.has(`key:${k.id}`)} empty={{ icon: IconKey, title: t("keys.empty"), text: t("keys.emptyText"), action: create }} />
      <CreateDialog opened={creating} onClose={() => setCreating(false)} onCreated={() => void changed()} />
    </Page>
  );
}

function CreateDialog({ opened, onClose, onCreated }: { opened: boolean; onClose: () => void; onCreated: () => void }) {
  const [made, setMade] = useState<Key | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={opened} onClose={close} title={made ? t("keys.secret") : t("keys.new")} size="lg" closeOnClickOutside={!made} closeButtonProps={{ "aria-label": t("do.close") }}>
      {made ? (
        <Stack>
          <Text>{t("keys.secretText")}</Text>
          <SecretField label={t("keys.secretLabel", { name: made.name })} value={made.secret ?? ""} copy={t("keys.copy")} copied={t("keys.copied")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("do.close")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <CreateForm
          onClose={close}
          onCreated={(k) => {
            setMade(k);
            onCreated();
          }}
        />
      )}
    </Modal>
  );
}

function CreateForm({ onClose, onCreated }: { onClose: () => void; onCreated: (key: Key) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Key["role"]>("collect");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onCreated(await data(api.POST("/api/v1/keys", { body: { name: name.trim(), role } })));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        {error !== null && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("keys.name")} description={t("keys.nameHint")} data-autofocus value={name} error={error instanceof ApiError && error.at("/name")} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} />
        <RoleChoice label={t("keys.role")} value={role} onChange={setRole} roles={roles.map((r) => ({ value: r, label: t(`keyRole.${r}`), text: t(`keyRole.${r}Text`) }))} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("keys.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
