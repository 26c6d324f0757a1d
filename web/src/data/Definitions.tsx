import { ActionIcon, Anchor, Badge, Button, CloseButton, Drawer, Group, List, Modal, Paper, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconDatabase, IconPencil, IconPlus, IconSearch, IconSearchOff, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { known } from "../shared/known";
import { notifyError } from "../shared/notify";
import { EmptyState, ErrorState, LoadingLines } from "../shared/states";
import { useUndoableDelete } from "../shared/useUndoableDelete";
import { DefinitionDialog } from "./DefinitionDialog";
import classes from "./data.module.css";
import { deleteDefinition, readUsage, useDefinitions, useDefinitionsChanged, type Definition, type Kind } from "./kinds";
import { UsagePanel } from "./UsagePanel";

/** All definitions of a kind: look at their use, define, change and delete them. */
export function Definitions({ kind }: { kind: Kind }) {
  const editor = useMay("editor");
  const query = useDefinitions(kind);
  const changed = useDefinitionsChanged();
  const [hidden, remove] = useUndoableDelete();
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState<Definition | null>(null);
  const [edited, setEdited] = useState<Definition | "new" | null>(null);
  const [inUse, setInUse] = useState<{ name: string; users: string[] } | null>(null);
  const wanted = search.trim().toLocaleLowerCase();
  const key = (d: Definition) => `${kind}:${d.code}`;
  const all = (query.data?.items ?? []).filter((d) => !hidden.has(key(d)));
  const found = all.filter((d) => nameOf(d).toLocaleLowerCase().includes(wanted) || d.code.includes(wanted));

  async function askDelete(d: Definition) {
    try {
      const usage = await readUsage(kind, d.code);
      if (usage.used_by.length > 0) return setInUse({ name: nameOf(d), users: usage.used_by });
      setShown(null);
      remove({ key: key(d), message: t("data.deleted", { name: nameOf(d) }), remove: () => deleteDefinition(kind, d.code), onDone: () => changed(kind) });
    } catch (error) {
      notifyError(error);
    }
  }

  const create = editor && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
      {t(`data.newOf.${kind}`)}
    </Button>
  );
  return (
    <Stack gap="sm">
      <Text c="dimmed">{t(`data.${kind}Text`)}</Text>
      <Group justify="space-between" gap="xs">
        <TextInput
          style={{ flex: "1 1 220px", maxWidth: 360 }}
          type="search"
          aria-label={t("data.search")}
          placeholder={t("data.search")}
          leftSection={<IconSearch size={17} aria-hidden />}
          rightSection={search && <CloseButton size="sm" aria-label={t("do.clear")} onClick={() => setSearch("")} />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        {create}
      </Group>
      <Paper withBorder className={classes.table}>
        {query.isPending ? (
          <div style={{ padding: 20 }}>
            <LoadingLines lines={8} />
          </div>
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : all.length === 0 ? (
          <EmptyState icon={IconDatabase} title={t("data.empty")} text={t(`data.${kind}Text`)} action={create} />
        ) : found.length === 0 ? (
          <EmptyState icon={IconSearchOff} title={t("state.noMatch")} text={t("state.noMatchText")} />
        ) : (
          <ul className={classes.list} aria-label={t(`data.${kind}`)}>
            {found.map((d) => (
              <li key={d.code}>
                <UnstyledButton className={classes.main} onClick={() => setShown(d)} aria-haspopup="dialog">
                  <Text span fw={560} className="break">
                    {nameOf(d)}
                  </Text>{" "}
                  <Text span className={classes.code}>
                    {d.code}
                  </Text>
                  <Text span size="sm" c="dimmed" display="block" className="break">
                    {aboutOf(kind, d)}
                  </Text>
                </UnstyledButton>
                {(d.built_in || d.system) && (
                  <Badge color="gray" miw="max-content" visibleFrom="xs">
                    {d.system ? t("data.system") : t("data.builtIn")}
                  </Badge>
                )}
                {editor && !d.system && (
                  <ActionIcon size="lg" aria-label={t("data.edit", { name: nameOf(d) })} onClick={() => setEdited(d)}>
                    <IconPencil size={17} />
                  </ActionIcon>
                )}
                {editor && !d.built_in && (
                  <ActionIcon size="lg" aria-label={t("data.delete", { name: nameOf(d) })} onClick={() => void askDelete(d)}>
                    <IconTrash size={17} />
                  </ActionIcon>
                )}
              </li>
            ))}
          </ul>
        )}
      </Paper>
      <Drawer opened={shown !== null} onClose={() => setShown(null)} position="right" title={shown && nameOf(shown)} closeButtonProps={{ "aria-label": t("do.close") }}>
        {shown && <UsagePanel kind={kind} definition={shown} />}
      </Drawer>
      <DefinitionDialog kind={kind} definition={edited} onClose={() => setEdited(null)} />
      <Modal opened={inUse !== null} onClose={() => setInUse(null)} title={inUse && t("data.inUse", { name: inUse.name })} closeButtonProps={{ "aria-label": t("do.close") }}>
        <Text mb="sm">{t("data.inUseText")}</Text>
        <List>
          {inUse?.users.map((code) => (
            <List.Item key={code}>
              <Anchor component={Link} to={`/groups/${code}/condition`}>
                {code}
              </Anchor>
            </List.Item>
          ))}
        </List>
      </Modal>
    </Stack>
  );
}

const nameOf = (d: Definition) => d.name || d.code;

/** A line about a definition: its type, kind, attributes or description. */
function aboutOf(kind: Kind, d: Definition): string {
  if (kind === "fields") return known("valueType.", d.type ?? "");
  if (kind === "channels") return [d.kind && known("channelKind.", d.kind), d.description].filter(Boolean).join(" · ");
  if (kind === "activity-types") {
    const kept = d.retention_days ? `${t("data.retention")} ${t("data.retentionDays", { n: d.retention_days })}` : "";
    return [t("data.attributeCount", { n: d.attributes?.length ?? 0 }), kept].filter(Boolean).join(" · ");
  }
  return d.description ?? "";
}
