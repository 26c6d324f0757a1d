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
          data={forms.map((f) => ({ value: f.key, label: f.label }))}
          value={form?.key ?? null}
          allowDeselect={false}
          onChange={(next) => {
            const to = forms.find((f) => f.key === next);
            if (!to) return;
            const kept = to.operand === form?.operand && form.operand === "duration" ? asText(value[form.key]) : "";
            set({ [param.name]: { [keys(to)[0]!]: kept } });
          }}
        />
        {form?.operand === "duration" && <DurationInput label={param.label} hideLabel disabled={readOnly} value={asText(value[form.key])} onChange={(v) => store(form.key, v)} />}
        {form?.operand === "choice" && (
          <Select
            aria-label={param.label}
            w={170}
            disabled={readOnly}
            data={(param.options ?? []).map((o) => ({ value: o.code, label: o.name }))}
            value={asText(value[form.key]) || null}
            placeholder={t("option.choose")}
            allowDeselect={false}
            onChange={(v) => store(form.key, v ?? "")}
          />
        )}
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
