import { ActionIcon, Alert, Badge, Button, Group, Menu, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconDots, IconLink, IconTrash, IconUserCheck, IconUserOff, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ApiError } from "../api/error";
import { useUser } from "../app/session";
import type { Role } from "../app/session-types";
import { t } from "../i18n";
import { formatInstant } from "../i18n/format";
import { notifyDone, notifyError } from "../shared/notify";
import { Page } from "../shared/Page";
import { SecretField } from "../shared/SecretField";
import { ServerTable, type Column } from "../shared/ServerTable";
import { sayError } from "../shared/states";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { RoleChoice } from "./RoleChoice";
import { changeAccount, deleteAccount, invite, newLink, useAccounts, usersKey, type Account, type OnceLink } from "./users";

const roles: Role[] = ["viewer", "editor", "admin"];
const statuses = { active: ["users.statusActive", "spruce"], invited: ["users.statusInvited", "amber"], disabled: ["users.statusDisabled", "gray"] } as const;
const nameOf = (u: Account) => u.name || u.email;

interface Shown {
  name: string;
  link: OnceLink;
}

/** Who signs in, with which role. */
export function Component() {
  const me = useUser();
  const query = useAccounts();
  const client = useQueryClient();
  const state = useListState();
  const [hidden, remove] = useUndoableDelete();
  const [inviting, setInviting] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: usersKey });

  async function act(what: () => Promise<unknown>, message?: string) {
    try {
      await what();
      if (message) notifyDone(message);
    } catch (error) {
      notifyError(error);
    }
    void changed();
  }

  const create = (
    <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setInviting(true)}>
      {t("users.invite")}
    </Button>
  );
  const columns: Column<Account>[] = [
    {
      id: "name",
      header: t("users.name"),
      fixed: true,
      cell: (u) => (
        <div>
          <Group gap={6}>
            <Text fw={560} className="break">
              {nameOf(u)}
            </Text>
            {u.id === me.id && <Badge color="gray">{t("users.you")}</Badge>}
          </Group>
          {u.name && (
            <Text size="sm" c="dimmed" className="break">
              {u.email}
            </Text>
          )}
        </div>
      ),
    },
    {
      id: "role",
      header: t("users.role"),
      fixed: true,
      cell: (u) => u.id === me.id ? t(`role.${u.role}`) : (
        <Select
          w={160}
          allowDeselect={false}
          aria-label={t("users.roleOf", { name: nameOf(u) })}
          data={roles.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          value={u.role}
          onChange={(r) => r && void act(() => changeAccount(u.id, { role: r as Role }), t("users.roleSaved", { name: nameOf(u), role: t(`role.${r as Role}`) }))}
        />
      ),
    },
    {
      id: "status",
      header: t("users.status"),
      fixed: true,
      cell: (u) => (
        <Badge miw="max-content" color={statuses[u.status][1]}>
          {t(statuses[u.status][0])}
        </Badge>
      ),
    },
    { id: "last", header: t("users.lastSignIn"), fixed: true, cell: (u) => <Time at={u.last_signed_in_at} fallback={t("time.never")} /> },
    {
      id: "actions",
      header: "",
      fixed: true,
      align: "right",
      cell: (u) =>
        u.id === me.id ? null : (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="lg" aria-label={t("users.actions", { name: nameOf(u) })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => void act(async () => setShown({ name: nameOf(u), link: await newLink(u.id) }))}>
                {t("users.newLink")}
              </Menu.Item>
              {u.status === "disabled" ? (
                <Menu.Item leftSection={<IconUserCheck size={16} aria-hidden />} onClick={() => void act(() => changeAccount(u.id, { disabled: false }), t("users.enabled", { name: nameOf(u) }))}>
                  {t("users.enable")}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconUserOff size={16} aria-hidden />} onClick={() => void act(() => changeAccount(u.id, { disabled: true }), t("users.disabled", { name: nameOf(u) }))}>
                  {t("users.disable")}
                </Menu.Item>
              )}
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove({ key: `user:${u.id}`, message: t("users.deleted", { name: nameOf(u) }), remove: () => deleteAccount(u.id), onDone: changed })}>
                {t("users.delete")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ),
    },
  ];
  return (
    <Page title={t("users.title")} text={t("users.text")} actions={create}>
      <ServerTable id="users" label={t("users.table")} columns={columns} query={query} state={state} rowKey={(u) => u.id} hideRow={(u) => hidden.has(`user:${u.id}`)} empty={{ icon: IconUsers, title: t("users.empty"), action: create }} />
      <Modal opened={inviting} onClose={() => setInviting(false)} title={t("users.invite")} closeButtonProps={{ "aria-label": t("do.close") }}>
        <InviteForm
          onClose={() => setInviting(false)}
          onInvited={(next) => {
            setInviting(false);
            setShown(next);
            void changed();
          }}
        />
      </Modal>
      <Modal opened={shown !== null} onClose={() => setShown(null)} closeOnClickOutside={false} size="lg" title={shown && t("users.link", { name: shown.name })} closeButtonProps={{ "aria-label": t("do.close") }}>
        {shown && (
          <Stack>
            <Text>{t("users.linkText", { name: shown.name, time: formatInstant(shown.link.expires_at) })}</Text>
            <SecretField label={t("users.link", { name: shown.name })} value={shown.link.url || new URL(shown.link.path, location.href).href} copy={t("users.linkCopy")} copied={t("keys.copied")} />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setShown(null)}>
                {t("do.close")}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </Page>
  );
}

function InviteForm({ onClose, onInvited }: { onClose: () => void; onInvited: (shown: Shown) => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const made = await invite({ email: email.trim(), ...(name.trim() ? { name: name.trim() } : {}), role });
      onInvited({ name: nameOf(made.user), link: made.link });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        <Text c="dimmed">{t("users.inviteText")}</Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("users.email")} type="email" data-autofocus value={email} error={at("/email")} onChange={(e) => setEmail(e.currentTarget.value)} />
        <TextInput label={t("users.name")} value={name} error={at("/name")} onChange={(e) => setName(e.currentTarget.value)} />
        <RoleChoice label={t("users.role")} value={role} onChange={setRole} roles={roles.map((r) => ({ value: r, label: t(`role.${r}`), text: t(`role.${r}Text`) }))} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={email.trim() === ""}>
            {t("users.inviteSubmit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
