import { Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { useEffect } from "react";
import { t } from "../../i18n";
import { OptionMultiSelect, OptionTags, OptionText } from "../../shared/OptionField";
import { useChosenOptions } from "../../shared/options";
import { keysOf, resolveSource, useCatalog, type OperatorInfo, type ParamInfo } from "../catalog";
import { asNumber, asText, asTexts, typesFor, useScope } from "./context";
import { silent } from "../document/useDocument";
import { DateInput } from "./DateInput";
import { DurationInput } from "./DurationInput";
import { FieldError, FieldSet } from "./FieldSet";
import classes from "./fields.module.css";

interface Offered extends OperatorInfo {
  kind: string;
}

/** An operator and what it compares with. The kinds of value say which operators there are. */
export function ComparisonField({ param }: { param: ParamInfo }) {
  const scope = useScope();
  const { values, set, problem, readOnly } = scope;
  const { data: catalog } = useCatalog();
  const by = scope.siblings.find((s) => s.name === param.by);
  const decider = asText(param.by ? values[param.by] : "");
  const types = by?.source === "attributes" ? typesFor(by, scope) : undefined;
  const decided = useChosenOptions(by ? resolveSource(by.source, values) : null, decider ? [decider] : [], types).get(decider);
  const kinds = by ? (decided?.kinds ?? []) : (param.kinds ?? []);

  const offered: Offered[] = [];
  for (const kind of kinds)
    for (const operator of catalog?.operators[kind] ?? [])
      if (!offered.some((o) => o.op === operator.op)) offered.push({ ...operator, kind });
  const operator = offered.find((o) => o.op === values.op);
  const op = asText(values.op);
  const key = param.operand ?? "value";

  // Another field may have other operators: the first of them takes the place of one that is gone.
  const known = offered.length > 0;
  useEffect(() => {
    if (known && !operator && !readOnly) set({ ...cleared(param), op: offered[0]!.op }, silent);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the operators on offer change.
  }, [known, operator === undefined, kinds.join()]);

  if (by && !decider) return <TextInput className={classes.medium} label={param.label} disabled placeholder={t("builder.choosePrevious", { label: by.label })} />;

  function choose(next: string | null) {
    const to = offered.find((o) => o.op === next);
    if (!to) return;
    const keeps = operator && to.operand === operator.operand && to.kind === operator.kind;
    set({ ...(keeps ? {} : cleared(param)), op: to.op, ...(to.negative || param.missing === "always" ? {} : { missing: undefined }) });
  }

  return (
    <FieldSet label={param.label} full error={problem("op")}>
      <div className={classes.row}>
        <Select
          aria-label={t("builder.operator", { label: param.label })}
          className={classes.medium}
          disabled={readOnly}
          data={known ? offered.map((o) => ({ value: o.op, label: o.label })) : op ? [{ value: op, label: op }] : []}
          value={op || null}
          onChange={choose}
          allowDeselect={false}
          placeholder={t("option.choose")}
        />
        {operator && <Operand param={param} operator={operator} operandKey={key} />}
        {operator && takesMissing(param, operator) && (
          <Checkbox
            className={classes.check}
            label={t("builder.missing")}
            disabled={readOnly}
            checked={values.missing !== false}
            error={problem("missing")}
            onChange={(e) => set({ missing: e.currentTarget.checked ? undefined : false })}
          />
        )}
      </div>
    </FieldSet>
  );
}

const takesMissing = (param: ParamInfo, operator: OperatorInfo) => param.missing === "always" || (param.missing === "negative" && operator.negative);

/** A patch that empties everything but the operator. */
function cleared(param: ParamInfo) {
  return Object.fromEntries(keysOf(param).map((k) => [k, undefined]));
}

function Operand({ param, operator, operandKey: key }: { param: ParamInfo; operator: Offered; operandKey: string }) {
  const { values, set, problem, readOnly } = useScope();
  const source = resolveSource(param.values, values);
  const store = (k: string) => (v: unknown) => set({ [k]: v === "" ? undefined : v }, k);
  const isDate = operator.kind === "date" || operator.kind === "datetime";
  const isNumber = operator.kind === "number";

  const single = (k: string, label: string) =>
    isNumber ? (
      <NumberInput
        key={k}
        aria-label={label}
        className={classes.narrow}
        error={problem(k)}
        disabled={readOnly}
        value={asNumber(values[k])}
        allowDecimal={!param.high}
        min={param.high ? param.low : undefined}
        max={param.high || undefined}
        clampBehavior="none"
        onChange={(v) => store(k)(typeof v === "number" ? v : "")}
      />
    ) : isDate ? (
      <DateInput key={k} label={label} hideLabel error={problem(k)} disabled={readOnly} withTime={operator.kind === "datetime" && operator.op !== "on"} value={asText(values[k])} onChange={store(k)} />
    ) : (
      <OptionText key={k} aria-label={label} label={undefined} className={classes.wide} error={problem(k)} disabled={readOnly} source={source} value={asText(values[k])} onChange={store(k)} />
    );

  switch (operator.operand) {
    case "none":
      return null;
    case "values": {
      const list = { "aria-label": t("builder.values"), label: undefined, className: classes.wide, error: problem("values"), disabled: readOnly, source, value: asTexts(values.values) };
      const onChange = (v: string[]) => set({ values: v.length ? v : undefined }, "values");
      return operator.kind === "choice" || operator.kind === "choices" ? <OptionMultiSelect {...list} onChange={onChange} /> : <OptionTags {...list} onChange={onChange} />;
    }
    case "range":
      return (
        <div className={classes.joined}>
          {single("from", t("builder.from"))}
          {single("to", t("builder.to"))}
        </div>
      );
    case "duration":
      return (
        <div>
          <DurationInput label={param.label} hideLabel error={problem(key)} disabled={readOnly} value={asText(values[key])} onChange={store(key)} />
          {problem(key) && <FieldError>{problem(key)}</FieldError>}
        </div>
      );
    case "days":
      return (
        <NumberInput
          aria-label={t("builder.days")}
          className={classes.narrow}
          error={problem(key)}
          disabled={readOnly}
          min={1}
          clampBehavior="none"
          allowDecimal={false}
          suffix={` ${t("builder.days").toLocaleLowerCase()}`}
          value={asNumber(asText(values[key]).replace(/d$/, ""))}
          onChange={(v) => store(key)(typeof v === "number" ? `${v}d` : "")}
        />
      );
  }
  return single(key, t("builder.value"));
}
