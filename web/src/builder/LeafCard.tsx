import { Box, Button, Group, SegmentedControl, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "../i18n";
import classes from "./builder.module.css";
import { keysOf, negationWords, paramsOf, type ParamInfo } from "./catalog";
import { useBuilder } from "./context";
import { Count } from "./Count";
import { replaceNode, setLeaf } from "./document/change";
import type { Leaf, ParamValues } from "./document/tree";
import { asText, FieldScopeProvider, patched, useScope as useFieldScope, type FieldScope } from "./fields/context";
import { ParamField } from "./fields/ParamField";
import { NodeActions } from "./NodeActions";

/** One condition: its parameters, its count and what is wrong with it. */
export function LeafCard({ leaf, first, last, nested }: { leaf: Leaf; first: boolean; last: boolean; nested: boolean }) {
  const builder = useBuilder();
  const { types, change, news, readOnly } = builder;
  const info = types.get(leaf.type);
  const mine = news.get(leaf.id);
  const problems = useMemo(() => mine?.problems ?? [], [mine]);
  const params = paramsOf(info);

  const scope: FieldScope = {
    values: leaf.params,
    siblings: params,
    activityTypes: info?.activity_types ?? null,
    readOnly,
    set: (patch, about) =>
      change((tree) => replaceNode(tree, leaf.id, (n) => (n.kind === "leaf" ? { ...n, params: patched(n.params, patch) } : n)), about && `${leaf.id}/${about}`),
    problem: (key) => {
      const place = `/params/${key}`;
      const found = problems.find((p) => p.location === place || p.location.startsWith(`${place}/`));
      return found ? (found.code === "required" ? t("builder.required") : found.message) : null;
    },
  };
  // What belongs to no parameter's key is said at the condition.
  const keys = new Set(params.flatMap(keysOf));
  const general = problems.filter((p) => !keys.has(p.location.split("/")[2] ?? ""));
  const unfinished = problems.some((p) => p.code === "required");
  const label = info?.label ?? leaf.type;

  return (
    <section className={classes.leaf} id={leaf.id} tabIndex={-1} aria-label={label} data-wrong={problems.some((p) => p.code !== "required") || undefined} data-type={leaf.type}>
      <div className={classes.leafHead}>
        <Group gap="xs" wrap="wrap" style={{ flex: 1, minWidth: 0 }}>
          <Text fw={620} component="h4" fz="md" m={0}>
            {label}
          </Text>
          <Negation leaf={leaf} sentence={info?.sentence ?? ""} />
        </Group>
        <Count id={leaf.id} unfinished={unfinished} />
        <NodeActions node={leaf} what={label} first={first} last={last} nested={nested} />
      </div>
      {info ? (
        <FieldScopeProvider value={scope}>
          <Params params={params} values={leaf.params} />
        </FieldScopeProvider>
      ) : (
        <Text c="red" size="sm">
          {t("builder.unknownType")}
        </Text>
      )}
      {general.map((p) =>
        p.code === "required" ? (
          <Text key={p.location + p.code} className={classes.needed}>
            {t("builder.requiredOne")}
          </Text>
        ) : (
          <Text key={p.location + p.code} c="red" size="sm" className={classes.problem}>
            {p.message}
          </Text>
        ),
      )}
    </section>
  );
}

function Negation({ leaf, sentence }: { leaf: Leaf; sentence: string }) {
  const { change, readOnly } = useBuilder();
  const [yes, no] = negationWords(sentence) ?? [t("builder.isTrue"), t("builder.isNotTrue")];
  return (
    <SegmentedControl
      size="xs"
      className={classes.negation}
      aria-label={t("builder.negation")}
      data={[
        { value: "yes", label: yes },
        { value: "no", label: no },
      ]}
      value={leaf.not ? "no" : "yes"}
      disabled={readOnly}
      onChange={(value) => change((tree) => setLeaf(tree, leaf.id, { not: value === "no" }))}
    />
  );
}

/** Parameters that are needed or set as fields; the others as buttons that add them. */
function Params({ params, values }: { params: ParamInfo[]; values: ParamValues }) {
  const { readOnly } = useBuilder();
  const [opened, setOpened] = useState<string[]>([]);
  const area = useRef<HTMLDivElement>(null);
  const gone = useRef<string | null>(null);
  // The button that was pressed is gone: who pressed it goes on in what came in its place.
  useEffect(() => {
    if (!gone.current) return;
    const came = area.current?.querySelector<HTMLElement>(`[data-param="${gone.current}"]`);
    const field = came?.querySelector<HTMLInputElement>("input:not([type=hidden]):not([disabled]):not([readonly])");
    gone.current = null;
    (field ?? came)?.focus();
    field?.select();
  });
  const taken = params.filter((p) => !p.when || asText(values[p.when.parameter]) === p.when.value);
  const isShown = (p: ParamInfo) => p.required || p.when || p.default !== undefined && ["choice", "boolean"].includes(p.kind) || p.name in values || opened.includes(p.name);
  const shown = taken.filter(isShown);
  const offered = readOnly ? [] : taken.filter((p) => !isShown(p));
  return (
    <div ref={area}>
      {shown.length > 0 && (
        <div className={classes.params}>
          {shown.map((p) => (
            <OptionalParam
              key={p.name}
              param={p}
              removable={!readOnly && !p.required && !p.when && !["choice", "boolean"].includes(p.kind)}
              onRemove={() => {
                gone.current = p.name;
                setOpened(opened.filter((o) => o !== p.name));
              }}
            />
          ))}
        </div>
      )}
      {offered.length > 0 && (
        <Group gap={4} mt={shown.length ? 17 : 2} ml={-8}>
          {offered.map((p) => (
            <AddParam
              key={p.name}
              param={p}
              onAdd={() => {
                gone.current = p.name;
                setOpened([...opened, p.name]);
              }}
            />
          ))}
        </Group>
      )}
    </div>
  );
}

function OptionalParam({ param, removable, onRemove }: { param: ParamInfo; removable: boolean; onRemove: () => void }) {
  const scope = useFieldScope();
  if (!removable) return <ParamField param={param} />;
  return (
    <Box className={classes.optional} data-param={param.name} tabIndex={-1} data-full={["where", "steps"].includes(param.kind) || undefined}>
      <ParamField param={param} />
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        className={classes.removeParam}
        aria-label={t("builder.removeParam", { label: param.label })}
        onClick={() => {
          scope.set(Object.fromEntries(keysOf(param).map((k) => [k, undefined])));
          onRemove();
        }}
      >
        <IconX size={14} aria-hidden />
      </Button>
    </Box>
  );
}

function AddParam({ param, onAdd }: { param: ParamInfo; onAdd: () => void }) {
  const scope = useFieldScope();
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconPlus size={14} aria-hidden />}
      data-param={param.name}
      aria-label={t("builder.addParam", { label: param.label })}
      onClick={() => {
        const start = startOf(param);
        if (start !== undefined) scope.set({ [param.name]: start });
        onAdd();
      }}
    >
      {param.label}
    </Button>
  );
}

/** What a parameter begins with when it is added, so that its fields are there. */
export function startOf(param: ParamInfo): unknown {
  const form = param.forms?.[0];
  switch (param.kind) {
    case "within":
      return form && { [form.key]: form.operand === "duration" ? "30d" : "" };
    case "times":
      return form && { [form.key]: 2 };
    case "where":
      return [{}];
  }
  return undefined;
}
