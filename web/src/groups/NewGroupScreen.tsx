import { Alert, Button, Card, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { api, data } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { sayError } from "../shared/states";
import { useGroupChanged, type Group as ContactGroup } from "./api";

/** A new group: name and code name; the condition comes next. Also a copy of a group, with its condition. */
export function Component() {
  const from = (useLocation().state as { copy?: ContactGroup; condition?: unknown } | null) ?? {};
  const navigate = useNavigate();
  const changed = useGroupChanged();
  const [name, setName] = useState(from.copy ? t("groups.copyName", { name: from.copy.name }) : "");
  const [ownCode, setOwnCode] = useState<string | null>(null);
  const [description, setDescription] = useState(from.copy?.description ?? "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const code = ownCode ?? codeOf(name);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const original = from.copy?.pending ?? from.copy?.active;
    const condition = from.condition ?? original?.condition;
    try {
      const made = await data(
        api.POST("/api/v1/groups", { body: { name, code, description, ...(condition ? { condition } : {}), ...(original?.time_zone ? { time_zone: original.time_zone } : {}) } }),
      );
      changed(made);
      void navigate(`/groups/${made.code}/condition`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Page title={t("groups.new")} back={{ to: "/groups", label: t("groups.title") }}>
      <Card maw={640}>
        <form onSubmit={(e) => void submit(e)} noValidate>
          <Stack>
            {error !== null && !at("/name") && !at("/code") && (
              <Alert color="red" role="alert">
                {sayError(error).text}
              </Alert>
            )}
            <TextInput label={t("groups.nameLabel")} description={t("groups.nameHint")} required withAsterisk={false} autoFocus value={name} error={at("/name")} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} />
            <TextInput
              label={t("groups.code")}
              description={t("groups.codeHint")}
              required
              withAsterisk={false}
              value={code}
              error={at("/code")}
              onChange={(e) => setOwnCode(e.currentTarget.value)}
              spellCheck={false}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            />
            <Textarea label={t("groups.description")} description={t("groups.descriptionHint")} autosize minRows={2} value={description} onChange={(e) => setDescription(e.currentTarget.value)} maxLength={2000} />
            <Group justify="space-between" mt="xs">
              <Text size="sm" c="dimmed">
                {t("groups.nextStep")}
              </Text>
              <Group gap="xs">
                <Button variant="default" component={Link} to="/groups">
                  {t("do.cancel")}
                </Button>
                <Button type="submit" loading={busy} disabled={name.trim() === "" || code === ""}>
                  {t("groups.create")}
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}

/** A code name made of a name: "Visited pricing" becomes "visited-pricing". */
function codeOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+|-+$/g, "")
    .toLowerCase()
    .slice(0, 60);
}
