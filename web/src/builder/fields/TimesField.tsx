import { NumberInput, Select } from "@mantine/core";
import { t } from "../../i18n";
import type { ParamInfo } from "../catalog";
import { asNumber, asObject, useScope } from "./context";
import { FieldSet } from "./FieldSet";
import classes from "./fields.module.css";

/** How often, in one of the forms that the catalogue offers. */
export function TimesField({ param }: { param: ParamInfo }) {
  const { values, set, problem, readOnly } = useScope();
  const value = asObject(values[param.name]);
  const forms = param.forms ?? [];
  const form = forms.find((f) => f.key in value) ?? forms[0];
  const numbers = form && Array.isArray(value[form.key]) ? (value[form.key] as unknown[]) : [form && value[form.key]];
  const store = (next: unknown) => set({ [param.name]: { [form!.key]: next } }, param.name);
  const entry = (label: string, i: number) => (
    <NumberInput
      key={i}
      aria-label={label}
      w={88}
      min={0}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      disabled={readOnly}
      value={asNumber(numbers[i])}
      onChange={(n) => {
        const number = typeof n === "number" ? n : null;
        store(form!.operand === "pair" ? [i === 0 ? number : (numbers[0] ?? null), i === 1 ? number : (numbers[1] ?? null)] : number);
      }}
    />
  );
  return (
    <FieldSet label={param.label} error={problem(param.name)}>
      <div className={classes.joined}>
        <Select
          aria-label={t("builder.formOf", { label: param.label })}
          w={124}
          disabled={readOnly}
          data={forms.map((f) => ({ value: f.key, label: f.label }))}
          value={form?.key ?? null}
          allowDeselect={false}
          onChange={(next) => {
            const to = forms.find((f) => f.key === next);
            const first = numbers[0] ?? null;
            if (to) set({ [param.name]: { [to.key]: to.operand === "pair" ? [first, null] : first } });
          }}
        />
        {form?.operand === "pair" ? [entry(t("builder.from"), 0), entry(t("builder.to"), 1)] : entry(param.label, 0)}
      </div>
    </FieldSet>
  );
}
