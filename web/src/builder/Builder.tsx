import { Button, Center, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconFilterPlus, IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { Fragment, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../i18n";
import classes from "./builder.module.css";
import { paramsOf, useCatalog, type TypeInfo } from "./catalog";
import { BuilderProvider, type BuilderContext } from "./context";
import { addChild, addGroup, setMatch } from "./document/change";
import { newBranch, newLeaf, type Node, type ParamValues, type Tree } from "./document/tree";
import { FindDialog } from "./FindDialog";
import { GroupCard, Joint, MatchSwitch } from "./GroupCard";
import type { Preview } from "./usePreview";

interface BuilderProps {
  tree: Tree;
  change: BuilderContext["change"];
  undo: () => void;
  redo: () => void;
  preview: Preview;
  readOnly: boolean;
}

// What was copied stays while other groups are looked at, so that it can be pasted there.
let clipboard: Node | null = null;

/** The condition as cards that can be changed. */
export function Builder({ tree, change, undo, redo, preview, readOnly }: BuilderProps) {
  const { types, data: catalog } = useCatalog();
  const [finding, setFinding] = useState<string | null>(null);
  const [copied, setCopied] = useState(clipboard);
  const [said, say] = useState("");
  const [focusOn, focusSoon] = useFocusSoon(tree);
  useHotkeys([
    ["mod+Z", undo],
    ["mod+shift+Z", redo],
    ["mod+Y", redo],
  ]);

  const context = useMemo<BuilderContext>(
    () => ({
      types,
      change,
      news: preview.news,
      stale: preview.stale,
      contacts: preview.total?.contacts ?? 0,
      readOnly,
      findFor: setFinding,
      copied,
      copy: (node) => setCopied((clipboard = node)),
      focusOn,
      say,
    }),
    [types, change, preview.news, preview.stale, preview.total?.contacts, readOnly, copied, focusOn],
  );

  function choose(type: TypeInfo, given?: ParamValues) {
    const leaf = newLeaf(type.type, { ...startValues(type, catalog?.operators ?? {}), ...given });
    const groupId = finding;
    setFinding(null);
    change((old) => (groupId && groupId !== "" ? addChild(old, groupId, leaf) : addGroup(old, newBranch([leaf]))));
    focusSoon(leaf.id);
  }

  return (
    <BuilderProvider value={context}>
      <div id="builder" tabIndex={-1} role="group" aria-label={t("builder.viewBuilder")} style={{ outline: "none" }}>
        {tree.groups.length === 0 ? (
          <Center className={classes.group} py={56} ta="center">
            <Stack align="center" gap="xs" maw={460}>
              <ThemeIcon size={54} radius="xl" variant="light" aria-hidden>
                <IconUsersGroup size={28} stroke={1.6} />
              </ThemeIcon>
              <Title order={2}>{t("builder.empty")}</Title>
              <Text c="dimmed">{t("builder.emptyText")}</Text>
              {!readOnly && (
                <Button mt="sm" size="md" leftSection={<IconFilterPlus size={18} aria-hidden />} onClick={() => setFinding("")}>
                  {t("builder.addFirst")}
                </Button>
              )}
            </Stack>
          </Center>
        ) : (
          <>
            {tree.groups.length > 1 && (
              <Group mb="sm">
                <MatchSwitch value={tree.match} label={t("builder.matchGroups")} text={t("builder.allGroups")} readOnly={readOnly} onChange={(match) => change((old) => setMatch(old, match))} />
              </Group>
            )}
            {tree.groups.map((g, i) => (
              <Fragment key={g.id}>
                {i > 0 && <Joint match={tree.match} strong />}
                <GroupCard group={g} title={t("builder.group", { n: i + 1 })} depth={0} first={i === 0} last={i === tree.groups.length - 1} />
              </Fragment>
            ))}
            {!readOnly && (
              <Button
                mt="md"
                variant="default"
                leftSection={<IconPlus size={17} aria-hidden />}
                onClick={() => {
                  const group = newBranch();
                  change((old) => addGroup(old, group));
                  focusSoon(group.id);
                }}
              >
                {t("builder.addGroup")}
              </Button>
            )}
          </>
        )}
      </div>
      <div className={classes.hidden} role="status">
        {said}
      </div>
      <FindDialog opened={finding !== null} onClose={() => setFinding(null)} onChoose={choose} />
    </BuilderProvider>
  );
}

/** The first operator where there is one kind of choice; everything else is for the user to say. */
function startValues(type: TypeInfo, operators: Record<string, { op: string }[] | null>): ParamValues {
  const values: ParamValues = {};
  for (const p of paramsOf(type)) {
    const first = p.kind === "comparison" && !p.by && operators[p.kinds?.[0] ?? ""]?.[0];
    if (first) values[p.name] = first.op;
  }
  return values;
}

/** Focuses a node, or its first field, as soon as it is on the screen. */
function useFocusSoon(tree: Tree): [(id: string) => void, (id: string) => void] {
  const wanted = useRef<{ id: string; inside: boolean } | null>(null);
  useEffect(() => {
    const { id, inside } = wanted.current ?? {};
    const node = id && document.getElementById(id);
    if (!node) return;
    wanted.current = null;
    // Not later, when somebody may have opened a list in it. A dialog that closes
    // leaves the focus where it was put meanwhile.
    const field = inside && node.querySelector<HTMLElement>("input:not([type=hidden]):not([disabled]):not([type=radio]):not([readonly])");
    (field || node).focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }, [tree]);
  const on = useCallback((id: string) => void (wanted.current = { id, inside: false }), []);
  const soon = useCallback((id: string) => void (wanted.current = { id, inside: true }), []);
  return [on, soon];
}
