import { ActionIcon, Alert, Button, Group, Input, Modal, NumberInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { codeOf } from "../shared/codeOf";
import { notifyDone } from "../shared/notify";
import { sayError } from "../shared/states";
import classes from "./data.module.css";
import { attributeTypes, channelKinds, saveDefinition, useDefinitionsChanged, valueTypes, type Definition, type Kind } from "./kinds";

export function DefinitionDialog({ kind, definition, onClose }: { kind: Kind; definition: Definition | "new" | null; onClose: () => void }) {
  const title = definition === "new" ? t(`data.newOf.${kind}`) : definition ? t("data.edit", { name: definition.name || definition.code }) : "";
  return (
    <Modal opened={definition !== null} onClose={onClose} title={title} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      {definition && <Form kind={kind} original={definition === "new" ? null : definition} onClose={onClose} />}
    </Modal>
  );
}

interface Attribute {
  code: string | null;
  name: string;
  type: string;
  fixed: boolean;
}

function Form({ kind, original, onClose }: { kind: Kind; original: Definition | null; onClose: () => void }) {
  const changed = useDefinitionsChanged();
  const [name, setName] = useState(original?.name ?? "");
  const [ownCode, setOwnCode] = useState<string | null>(null);
  const [type, setType] = useState(original?.type ?? "text");
  const [choices, setChoices] = useState(() => (original?.choices ?? []).map((c) => (c.name && c.name !== c.code ? `${c.code} = ${c.name}` : c.code)).join("\n"));
  const [channel, setChannel] = useState(original?.kind ?? "website");
  const [description, setDescription] = useState(original?.description ?? "");
  const [retention, setRetention] = useState<number | "">(original?.retention_days || "");
  const [attributes, setAttributes] = useState<Attribute[]>(() => (original?.attributes ?? []).map((a) => ({ ...a, fixed: true })));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const joint = kind === "fields" || kind === "activity-types" ? "_" : "-";
  const code = original?.code ?? ownCode ?? codeOf(name, joint);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);
  const isChoice = kind === "fields" && (type === "choice" || type === "choices");
  const setAttribute = (i: number, part: Partial<Attribute>) => setAttributes((all) => all.map((a, j) => (i === j ? { ...a, ...part } : a)));

  function body(): Definition {
    const named = { code, name: name.trim() };
    switch (kind) {
      case "fields":
        return { ...named, type, ...(isChoice ? { choices: choicesOf(choices) } : {}) };
      case "activity-types":
        return { ...named, attributes: attributes.map((a) => ({ code: a.code ?? codeOf(a.name, "_"), name: a.name.trim(), type: a.type })), ...(retention ? { retention_days: retention } : {}) };
      case "channels":
        return { ...named, kind: channel, ...(description ? { description } : {}) };
      default:
        return { ...named, ...(description ? { description } : {}) };
    }
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await saveDefinition(kind, body(), original === null);
      changed(kind);
      notifyDone(t("data.saved", { name: name.trim() }));
      onClose();
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
        <TextInput label={t("data.name")} data-autofocus value={name} error={at("/name")} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} />
        <TextInput
          label={t("data.code")}
          description={original ? undefined : t("data.codeHint")}
          readOnly={original !== null}
          variant={original ? "filled" : "default"}
          value={code}
          error={at("/code")}
          onChange={(e) => setOwnCode(e.currentTarget.value)}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
        {kind === "fields" && (
          <Select label={t("data.type")} allowDeselect={false} disabled={original?.built_in} data={valueTypes.map((v) => ({ value: v, label: t(`valueType.${v}`) }))} value={type} error={at("/type")} onChange={(v) => v && setType(v)} />
        )}
        {isChoice && <Textarea label={t("data.choices")} description={t("data.choicesHint")} autosize minRows={3} maxRows={12} value={choices} error={at("/choices")} onChange={(e) => setChoices(e.currentTarget.value)} spellCheck={false} />}
        {kind === "channels" && <Select label={t("data.kind")} allowDeselect={false} data={channelKinds.map((v) => ({ value: v, label: t(`channelKind.${v}`) }))} value={channel} error={at("/kind")} onChange={(v) => v && setChannel(v)} />}
        {(kind === "consents" || kind === "lists" || kind === "channels") && (
          <Textarea label={t("data.description")} autosize minRows={2} value={description} error={at("/description")} onChange={(e) => setDescription(e.currentTarget.value)} maxLength={2000} />
        )}
        {kind === "activity-types" && (
          <>
            <NumberInput label={t("data.retention")} description={t("data.retentionHint")} placeholder={t("data.retentionForever")} min={0} allowDecimal={false} maw={260} value={retention} error={at("/retention_days")} onChange={(v) => setRetention(v === "" ? "" : Number(v))} />
            <Input.Wrapper label={t("data.attributes")} description={t("data.attributesHint")} error={at("/attributes")} labelElement="div" role="group" aria-label={t("data.attributes")}>
              <Stack gap="xs" mt="xs">
                {attributes.map((a, i) => (
                  <div key={i} className={classes.attribute}>
                    <TextInput aria-label={t("data.attributeName", { n: i + 1 })} placeholder={t("data.name")} value={a.name} error={at(`/attributes/${i}/name`)} onChange={(e) => setAttribute(i, { name: e.currentTarget.value })} />
                    <TextInput aria-label={t("data.attributeCode", { n: i + 1 })} placeholder={t("data.code")} readOnly={a.fixed} variant={a.fixed ? "filled" : "default"} value={a.code ?? codeOf(a.name, "_")} error={at(`/attributes/${i}/code`)} onChange={(e) => setAttribute(i, { code: e.currentTarget.value })} spellCheck={false} />
                    <Select aria-label={t("data.attributeType", { n: i + 1 })} allowDeselect={false} data={attributeTypes.map((v) => ({ value: v, label: t(`valueType.${v}`) }))} value={a.type} error={at(`/attributes/${i}/type`)} onChange={(v) => v && setAttribute(i, { type: v })} />
                    <ActionIcon size="lg" aria-label={t("data.removeAttribute", { n: i + 1 })} onClick={() => setAttributes((all) => all.filter((_, j) => j !== i))}>
                      <IconTrash size={17} />
                    </ActionIcon>
                  </div>
                ))}
                <Button variant="light" style={{ alignSelf: "flex-start" }} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAttributes((all) => [...all, { code: null, name: "", type: "text", fixed: false }])}>
                  {t("data.addAttribute")}
                </Button>
              </Stack>
            </Input.Wrapper>
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === "" || code === ""}>
            {original ? t("do.save") : t("data.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Choices written one per line as "code" or "code = name". */
function choicesOf(text: string) {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [code = "", ...rest] = line.split("=");
      return { code: code.trim(), name: rest.join("=").trim() || code.trim() };
    });
}
