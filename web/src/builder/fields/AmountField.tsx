import { NumberInput } from "@mantine/core";
import type { ParamInfo } from "../catalog";
import { asNumber, asObject, patched, useScope } from "./context";
import { FieldSet } from "./FieldSet";
import classes from "./fields.module.css";

/** Numbers under the keys that the catalogue names, each optional. */
export function AmountField({ param }: { param: ParamInfo }) {
  const { values, set, problem, readOnly } = useScope();
  const value = asObject(values[param.name]);
  return (
    <FieldSet label={param.label} error={problem(param.name)}>
      <div className={classes.joined}>
        {(param.forms ?? []).map((form) => (
          <NumberInput
            key={form.key}
            label={form.label}
            w={140}
            disabled={readOnly}
            thousandSeparator
            value={asNumber(value[form.key])}
            onChange={(n) => {
              const next = patched(value, { [form.key]: typeof n === "number" ? n : undefined });
              set({ [param.name]: Object.keys(next).length ? next : undefined }, `${param.name}/${form.key}`);
            }}
          />
        ))}
      </div>
    </FieldSet>
  );
}
