import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../i18n";
import classes from "./builder.module.css";
import { readTree, ShapeError, writeTree, type Tree } from "./document/tree";

const print = (tree: Tree) => JSON.stringify(writeTree(tree), null, 2);

/** The condition as JSON, to edit and to paste. What is readable becomes the condition at once. */
export function JsonView({ tree, change, readOnly }: { tree: Tree; change: (change: (tree: Tree) => Tree, about?: string) => void; readOnly: boolean }) {
  const [text, setText] = useState(() => print(tree));
  const [error, setError] = useState<string | null>(null);
  const clipboard = useClipboard();
  // Undo and redo change the condition from outside: then the text follows.
  const own = useRef(tree);
  useEffect(() => {
    if (own.current !== tree) {
      own.current = tree;
      setText(print(tree));
      setError(null);
    }
  }, [tree]);

  function edit(next: string) {
    setText(next);
    try {
      const read = readTree(JSON.parse(next));
      own.current = read;
      change(() => read, "json");
      setError(null);
    } catch (failure) {
      setError(
        failure instanceof ShapeError
          ? t("builder.jsonShape", { pointer: failure.pointer || "/" })
          : t("builder.jsonSyntax", { reason: failure instanceof Error ? failure.message : "" }),
      );
    }
  }

  return (
    <Stack gap="sm" className={classes.panel}>
      <Group justify="space-between" align="flex-end">
        <Text c="dimmed" size="sm">
          {t("builder.jsonText")}
        </Text>
        <Button size="compact-sm" variant="default" leftSection={clipboard.copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />} onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? t("builder.jsonCopied") : t("builder.jsonCopy")}
        </Button>
      </Group>
      <Textarea
        aria-label={t("builder.json")}
        value={text}
        onChange={(e) => edit(e.currentTarget.value)}
        error={error}
        readOnly={readOnly}
        autosize
        minRows={16}
        maxRows={40}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13, lineHeight: 1.5 } }}
      />
    </Stack>
  );
}
