import { Select } from "@mantine/core";
import { t } from "../../i18n";
import type { FormInfo, ParamInfo } from "../catalog";
import { asObject, asText, patched, useScope } from "./context";
import { DateInput } from "./DateInput";
import { DurationInput } from "./DurationInput";
import { FieldSet } from "./FieldSet";
import classes from "./fields.module.css";

/** The keys that a form writes: a range has two. */
const keys = (form: FormInfo) => (form.operand === "range" ? ["from", "to"] : [form.key]);

// A form that is a choice is one choice more only to say that one is to be made: what it offers stands in its place.
const entries = (param: ParamInfo) =>
  (param.forms ?? []).flatMap((f) => (f.operand === "choice" ? (param.options ?? []).map((o) => ({ value: `${f.key}/${o.code}`, label: o.name })) : [{ value: f.key, label: f.label }]));

/** A window of time in one of the forms that the catalogue offers. */
export function WithinField({ param }: { param: ParamInfo }) {
  const { values, set, problem, readOnly } = useScope();
  const value = asObject(values[param.name]);
  const forms = param.forms ?? [];
  const form = forms.find((f) => keys(f).some((k) => k in value)) ?? forms[0];
  const store = (k: string, v: string) => set({ [param.name]: patched(value, { [k]: v }) }, `${param.name}/${k}`);
  return (
    <FieldSet label={param.label} error={problem(param.name)}>
      <div className={classes.joined}>
        <Select
          aria-label={t("builder.formOf", { label: param.label })}
          w={158}
          disabled={readOnly}
          data={entries(param)}
          value={form ? (form.operand === "choice" ? `${form.key}/${asText(value[form.key])}` : form.key) : null}
          allowDeselect={false}
          placeholder={t("option.choose")}
          maxDropdownHeight={360}
          onChange={(next) => {
            const [key, choice] = next?.split("/") ?? [];
            const to = forms.find((f) => f.key === key);
            if (!to) return;
            if (choice) return set({ [param.name]: { [to.key]: choice } });
            const kept = to.operand === form?.operand && form.operand === "duration" ? asText(value[form.key]) : "";
            set({ [param.name]: { [keys(to)[0]!]: kept } });
          }}
        />
        {form?.operand === "duration" && <DurationInput label={param.label} hideLabel disabled={readOnly} value={asText(value[form.key])} onChange={(v) => store(form.key, v)} />}
        {form?.operand === "range" &&
          keys(form).map((k) => (
            <DateInput
              key={k}
              label={k === "from" ? t("builder.from") : t("builder.to")}
              hideLabel
              withTime
              disabled={readOnly}
              value={asText(value[k])}
              onChange={(v) => {
                const next = patched(value, { [k]: v || undefined });
                set({ [param.name]: Object.keys(next).length ? next : { from: "" } }, `${param.name}/${k}`);
              }}
            />
          ))}
      </div>
    </FieldSet>
  );
}
