import { ActionIcon, Button, Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { api, data } from "../api/client";
import type { Problem } from "../api/error";
import { useMay } from "../app/session";
import { useGroupChanged, useThisGroup } from "../groups/api";
import { t } from "../i18n";
import { notifyDone, notifyError } from "../shared/notify";
import { usePageTitle } from "../shared/Page";
import { ErrorState, Loading } from "../shared/states";
import { useUnsavedGuard } from "../shared/useUnsavedGuard";
import { Builder } from "./Builder";
import classes from "./builder.module.css";
import { keysOf, paramsOf, useCatalog } from "./catalog";
import { leafAt, pointers, readTree, writeTree } from "./document/tree";
import { useDocument } from "./document/useDocument";
import { JsonView } from "./JsonView";
import { SaveDialog } from "./SaveDialog";
import { Summary } from "./Summary";
import { TestDrawer } from "./TestDrawer";
import { usePreview } from "./usePreview";

/** A group's condition in the builder. */
export function Component() {
  const group = useThisGroup();
  const catalog = useCatalog();
  usePageTitle(`${t("group.condition")}: ${group.name}`);
  if (catalog.isPending) return <Loading />;
  if (catalog.isError) return <ErrorState error={catalog.error} onRetry={() => void catalog.refetch()} />;
  return <ConditionEditor key={group.code} />;
}

function ConditionEditor() {
  const group = useThisGroup();
  const catalog = useCatalog();
  const changed = useGroupChanged();
  const readOnly = !useMay("editor");
  const saved = (group.pending ?? group.active)?.condition;
  const savedTree = useMemo(() => readTree(saved ?? {}), [saved]);
  const { tree, change, undo, redo, canUndo, canRedo } = useDocument(savedTree);
  const timeZone = group.time_zone ?? undefined;
  const preview = usePreview(tree, timeZone);
  const [view, setView] = useState("builder");
  const [testing, setTesting] = useState(false);
  const [saving, setSaving] = useState(false);
  const [busy, setBusy] = useState<"save" | "recalculate" | null>(null);

  const condition = useMemo(() => writeTree(tree), [tree]);
  const unsaved = !readOnly && JSON.stringify(condition) !== JSON.stringify(writeTree(savedTree));
  const guard = useUnsavedGuard(unsaved && busy === null);

  async function save(recalculate: boolean) {
    setBusy(recalculate ? "recalculate" : "save");
    try {
      changed(await data(api.PATCH("/api/v1/groups/{code}", { params: { path: { code: group.code } }, body: { condition, recalculate } })));
      setSaving(false);
      notifyDone(recalculate ? t("save.recalculating") : t("save.changed"));
    } catch (error) {
      notifyError(error);
    }
    setBusy(null);
  }

  function say(problem: Problem): string {
    const leaf = leafAt(tree, problem.location);
    const info = leaf && catalog.types.get(leaf.type);
    if (!info) return problem.message;
    const keys = problem.location.split("/params/")[1]?.split("/") ?? [];
    const param = paramsOf(info).find((p) => keys[0] !== undefined && keysOf(p).includes(keys[0]));
    if (problem.code === "required" && param) return t("builder.neededIn", { condition: info.label, label: param.label });
    if (problem.code === "required" && keys.length === 0) return t("builder.neededOneIn", { condition: info.label });
    return t("builder.wrongIn", { condition: info.label, message: problem.message });
  }

  /** Goes to the field at a place of the condition. */
  function show(location: string) {
    setView("builder");
    const [id] = [...pointers(tree)].filter(([, at]) => location === at || location.startsWith(`${at}/`)).sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    requestAnimationFrame(() => {
      const node = document.getElementById(id ?? "builder");
      const field = node?.querySelector<HTMLElement>("[aria-invalid=true]") ?? node;
      if (!field) return;
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  }

  function startSaving() {
    const problem = preview.stale ? undefined : preview.problems[0];
    if (!problem) return setSaving(true);
    notifyError(new Error(t("save.fixFirst")));
    show(problem.location);
  }

  return (
    <>
      {guard}
      <div className={classes.layout}>
        <div style={{ minWidth: 0 }}>
          <div className={classes.toolbar}>
            <SegmentedControl
              size="sm"
              aria-label={t("builder.view")}
              value={view}
              onChange={setView}
              data={[
                { value: "builder", label: t("builder.viewBuilder") },
                { value: "json", label: t("builder.viewJson") },
              ]}
            />
            {readOnly ? (
              <Text size="sm" c="dimmed">
                {t("builder.readOnly")}
              </Text>
            ) : (
              <Group gap={4} ml="auto">
                <Tooltip label={t("builder.canUndo")}>
                  <ActionIcon size="lg" aria-label={t("do.undo")} disabled={!canUndo} onClick={undo}>
                    <IconArrowBackUp size={20} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={t("builder.canRedo")}>
                  <ActionIcon size="lg" aria-label={t("do.redo")} disabled={!canRedo} onClick={redo}>
                    <IconArrowForwardUp size={20} />
                  </ActionIcon>
                </Tooltip>
              </Group>
            )}
          </div>
          {view === "builder" ? (
            <Builder tree={tree} change={change} undo={undo} redo={redo} preview={preview} readOnly={readOnly} />
          ) : (
            <JsonView tree={tree} change={change} readOnly={readOnly} />
          )}
          {!readOnly && (
            <div className={classes.actions}>
              <Text size="sm" c={unsaved ? undefined : "dimmed"} fw={unsaved ? 560 : undefined} style={{ flex: 1 }} role="status">
                {unsaved ? t("save.unsaved") : t("save.saved")}
              </Text>
              <Button variant="subtle" disabled={!unsaved} onClick={() => change(() => savedTree)}>
                {t("save.discard")}
              </Button>
              <Button leftSection={<IconDeviceFloppy size={18} aria-hidden />} disabled={!unsaved} onClick={startSaving}>
                {t("do.save")}
              </Button>
            </div>
          )}
        </div>
        <Summary preview={preview} isEmpty={tree.groups.length === 0} onTest={() => setTesting(true)} say={say} onShowProblem={show} />
      </div>
      <SaveDialog opened={saving} onClose={() => setSaving(false)} group={group} condition={condition} busy={busy} onSave={(recalculate) => void save(recalculate)} />
      <TestDrawer opened={testing} onClose={() => setTesting(false)} tree={tree} timeZone={timeZone} />
    </>
  );
}
