// The control for a parameter, chosen by its kind alone.
import { Checkbox, Chip, Group, Input, JsonInput, NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { t } from "../../i18n";
import { OptionMultiSelect, OptionSelect, OptionTags, OptionText } from "../../shared/OptionField";
import { resolveSource, type ParamInfo } from "../catalog";
import { AmountField } from "./AmountField";
import { ComparisonField } from "./ComparisonField";
import { asNumber, asText, asTexts, typesFor, useScope } from "./context";
import { DurationInput } from "./DurationInput";
import { StepsField } from "./StepsField";
import { TimesField } from "./TimesField";
import { WhereField } from "./WhereField";
import { WithinField } from "./WithinField";
import classes from "./fields.module.css";

export function ParamField({ param }: { param: ParamInfo }) {
  const scope = useScope();
  const { values, set, readOnly } = scope;
  const key = param.name;
  const value = values[key];
  const common = { label: param.label, error: scope.problem(key), disabled: readOnly };
  const source = resolveSource(param.source, values);
  const types = param.source === "attributes" ? typesFor(param, scope) : undefined;
  const store = (next: unknown) => set({ [key]: next }, key);

  switch (param.kind) {
    case "text":
      if (param.source) return <OptionText {...common} className={classes.wide} source={source} value={asText(value)} onChange={(v) => store(v || undefined)} />;
      return <TextInput {...common} className={classes.wide} value={asText(value)} onChange={(e) => store(e.currentTarget.value || undefined)} />;
    case "texts":
      return <OptionTags {...common} hint className={classes.wide} source={source} value={asTexts(value)} onChange={(v) => store(v.length ? v : undefined)} />;
    case "code":
      return <OptionSelect {...common} className={classes.medium} source={source} types={types} clearable={!param.required} value={asText(value)} onChange={(v) => store(v || undefined)} />;
    case "codes":
      return <OptionMultiSelect {...common} className={classes.wide} source={source} types={types} value={asTexts(value)} onChange={(v) => store(v.length ? v : undefined)} />;
    case "choice":
      return <ChoiceField param={param} />;
    case "choices":
      return (
        <Input.Wrapper label={param.label} error={common.error} labelElement="div" className={classes.full}>
          <Chip.Group multiple value={asTexts(value)} onChange={(v) => store(v.length ? v : undefined)}>
            <Group gap={6} mt={4} role="group" aria-label={param.label}>
              {(param.options ?? []).map((o) => (
                <Chip key={o.code} value={o.code} size="sm" variant="light" disabled={readOnly}>
                  {o.name}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      );
    case "count":
    case "number":
    case "percent":
      return (
        <NumberInput
          {...common}
          className={classes.narrow}
          value={asNumber(value)}
          onChange={(v) => store(typeof v === "number" ? v : undefined)}
          allowDecimal={param.kind !== "count"}
          min={param.low}
          max={param.high || undefined}
          clampBehavior="none"
          suffix={param.kind === "percent" ? " %" : undefined}
          thousandSeparator={param.kind === "number"}
        />
      );
    case "duration":
      return <DurationInput {...common} value={asText(value)} onChange={(v) => store(v || undefined)} />;
    case "time":
      return <TextInput {...common} className={classes.narrow} type="time" value={asText(value) === "24:00" ? "00:00" : asText(value)} onChange={(e) => store(e.currentTarget.value || undefined)} />;
    case "boolean": {
      const normal = param.default === "true";
      return (
        <Checkbox
          label={param.label}
          error={common.error}
          disabled={readOnly}
          className={classes.check}
          checked={typeof value === "boolean" ? value : normal}
          onChange={(e) => store(e.currentTarget.checked === normal ? undefined : e.currentTarget.checked)}
        />
      );
    }
    case "comparison":
      return <ComparisonField param={param} />;
    case "within":
      return <WithinField param={param} />;
    case "times":
      return <TimesField param={param} />;
    case "amount":
      return <AmountField param={param} />;
    case "where":
      return <WhereField param={param} />;
    case "steps":
      return <StepsField param={param} />;
  }
  // A kind that this version does not know is still editable, as JSON.
  return <RawField param={param} />;
}

function ChoiceField({ param }: { param: ParamInfo }) {
  const { values, set, problem, readOnly } = useScope();
  const options = (param.options ?? []).map((o) => ({ value: o.code, label: o.name }));
  const value = asText(values[param.name]) || param.default || "";
  const store = (next: string | null) => set({ [param.name]: next === param.default ? undefined : (next ?? undefined) }, param.name);
  if (options.length === 2 && value)
    return (
      <Input.Wrapper label={param.label} error={problem(param.name)} labelElement="div">
        <SegmentedControl display="flex" data={options} value={value} onChange={store} disabled={readOnly} aria-label={param.label} />
      </Input.Wrapper>
    );
  return <Select className={classes.medium} label={param.label} error={problem(param.name)} disabled={readOnly} data={options} value={value || null} onChange={store} allowDeselect={false} placeholder={t("option.choose")} />;
}

function RawField({ param }: { param: ParamInfo }) {
  const { values, set, problem, readOnly } = useScope();
  const value = values[param.name];
  return (
    <JsonInput
      className={classes.full}
      label={param.label}
      error={problem(param.name)}
      disabled={readOnly}
      autosize
      defaultValue={value === undefined ? "" : JSON.stringify(value)}
      onChange={(text) => {
        try {
          set({ [param.name]: text.trim() === "" ? undefined : JSON.parse(text) }, param.name);
        } catch {
          // Not JSON yet: the field keeps what was typed.
        }
      }}
    />
  );
}
