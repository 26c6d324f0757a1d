import { MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { OptionTags, OptionText } from "../shared/OptionField";

interface FieldInputProps {
  field: Schemas["Field"];
  /** As the API has it; null is empty. */
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string;
}

/** The input for a field's type. */
export function FieldInput({ field, value, onChange, error }: FieldInputProps) {
  const label = field.name || field.code;
  const text = value === null || value === undefined ? "" : String(value);
  const choices = field.choices?.map((c) => ({ value: c.code, label: c.name || c.code }));
  const common = { label, error };
  switch (field.type) {
    case "boolean":
      return (
        <Select
          {...common}
          clearable
          placeholder={t("state.unknown")}
          data={[
            { value: "true", label: t("state.yes") },
            { value: "false", label: t("state.no") },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          onChange={(v) => onChange(v === null ? null : v === "true")}
        />
      );
    case "number":
      return <NumberInput {...common} value={typeof value === "number" ? value : ""} onChange={(v) => onChange(v === "" ? null : Number(v))} />;
    case "date":
      return <TextInput {...common} type="date" max="9999-12-31" value={text} onChange={(e) => onChange(e.currentTarget.value || null)} />;
    case "datetime":
      return (
        <TextInput {...common} type="datetime-local" step={1} max="9999-12-31T23:59" value={local(text)} onChange={(e) => onChange(e.currentTarget.value ? new Date(e.currentTarget.value).toISOString().replace(/\.\d+Z$/, "Z") : null)} />
      );
    case "choice":
      if (choices?.length) return <Select {...common} data={withValue(choices, text)} searchable clearable placeholder={t("option.choose")} value={text || null} onChange={(v) => onChange(v)} />;
      return <OptionText {...common} source={`field:${field.code}`} value={text} onChange={(v) => onChange(v || null)} placeholder="" />;
    case "choices": {
      const list = Array.isArray(value) ? value.map(String) : [];
      const set = (v: string[]) => onChange(v.length ? v : null);
      if (choices?.length) return <MultiSelect {...common} data={choices} searchable hidePickedOptions value={list} onChange={set} placeholder={list.length ? undefined : t("option.chooseSeveral")} />;
      return <OptionTags {...common} source={`field:${field.code}`} value={list} onChange={set} />;
    }
    default:
      return <TextInput {...common} type={field.code === "email" ? "email" : "text"} value={text} onChange={(e) => onChange(e.currentTarget.value || null)} />;
  }
}

/** A value that the definition no longer has stays choosable. */
const withValue = (choices: { value: string; label: string }[], value: string) => (value === "" || choices.some((c) => c.value === value) ? choices : [...choices, { value, label: value }]);

function local(value: string): string {
  const at = new Date(value);
  if (!value || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
