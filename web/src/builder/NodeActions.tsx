import { ActionIcon, Group, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconBoxMultiple, IconBrackets, IconBracketsOff, IconCopy, IconDotsVertical, IconExclamationCircle, IconTrash } from "@tabler/icons-react";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { useBuilder } from "./context";
import { duplicateNode, moveNode, removeNode, setBranch, unwrapNode, wrapNode } from "./document/change";
import type { Node } from "./document/tree";

interface NodeActionsProps {
  node: Node;
  /** What the actions are for, in words. */
  what: string;
  first: boolean;
  last: boolean;
  /** Whether the node stands inside of a condition group. */
  nested: boolean;
}

/** Reorder, copy, duplicate, wrap and remove: all by buttons. */
export function NodeActions({ node, what, first, last, nested }: NodeActionsProps) {
  const { change, copy, readOnly, focusOn, say } = useBuilder();
  const move = (by: -1 | 1) => {
    change((tree) => moveNode(tree, node.id, by));
    say(by < 0 ? t("builder.moveUp") : t("builder.moveDown"));
  };
  if (readOnly) return null;
  return (
    <Group gap={0} wrap="nowrap">
      {!(first && last) && (
        <>
          <ActionIcon aria-label={`${t("builder.moveUp")}: ${what}`} disabled={first} onClick={() => move(-1)} size={30}>
            <IconArrowUp size={17} />
          </ActionIcon>
          <ActionIcon aria-label={`${t("builder.moveDown")}: ${what}`} disabled={last} onClick={() => move(1)} size={30}>
            <IconArrowDown size={17} />
          </ActionIcon>
        </>
      )}
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon aria-label={t("builder.actionsOf", { what })} size={30}>
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconBoxMultiple size={16} aria-hidden />}
            onClick={() =>
              change((tree) => {
                const [next, id] = duplicateNode(tree, node.id);
                focusOn(id);
                return next;
              })
            }
          >
            {t("do.duplicate")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => {
              copy(node);
              notifyDone(t("builder.copied"));
            }}
          >
            {t("do.copy")}
          </Menu.Item>
          {node.kind === "group" && (
            <Menu.Item leftSection={<IconExclamationCircle size={16} aria-hidden />} onClick={() => change((tree) => setBranch(tree, node.id, { not: !node.not }))}>
              {node.not ? t("builder.unnegate") : t("builder.negate")}
            </Menu.Item>
          )}
          {nested && (
            <Menu.Item
              leftSection={<IconBrackets size={16} aria-hidden />}
              onClick={() =>
                change((tree) => {
                  const [next, id] = wrapNode(tree, node.id);
                  focusOn(id);
                  return next;
                })
              }
            >
              {t("builder.wrap")}
            </Menu.Item>
          )}
          {nested && node.kind === "group" && (
            <Menu.Item leftSection={<IconBracketsOff size={16} aria-hidden />} onClick={() => change((tree) => unwrapNode(tree, node.id))}>
              {t("builder.unwrap")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        aria-label={`${t("builder.remove")}: ${what}`}
        size={30}
        onClick={() => {
          change((tree) => removeNode(tree, node.id));
          focusOn("builder");
          say(t("builder.removed"));
        }}
      >
        <IconTrash size={17} />
      </ActionIcon>
    </Group>
  );
}
