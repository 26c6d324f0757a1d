import { Input, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { t } from "../../i18n";
import { useCatalog } from "../catalog";
import classes from "./fields.module.css";

interface DurationInputProps {
  /** Names the two controls; shown as a label unless hidden. */
  label: string;
  hideLabel?: boolean;
  error?: string | null;
  disabled?: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** A number and a unit of the catalogue, written as "30d". */
export function DurationInput({ label, hideLabel, error, disabled, value, onChange }: DurationInputProps) {
  const units = useCatalog().data?.units ?? [];
  const [, digits, written] = /^(\d*)([a-z]*)$/.exec(value) ?? [];
  const [chosen, setChosen] = useState("");
  const unit = written || chosen || (units.some((u) => u.code === "d") ? "d" : (units[0]?.code ?? ""));
  const controls = (
    <div className={classes.joined}>
      <NumberInput
        aria-label={label}
        w={84}
        min={1}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        disabled={disabled}
        error={Boolean(error)}
        value={digits ? Number(digits) : ""}
        onChange={(n) => onChange(typeof n === "number" ? `${n}${unit}` : "")}
      />
      <Select
        aria-label={t("builder.unitOf", { label })}
        w={118}
        disabled={disabled}
        data={units.map((u) => ({ value: u.code, label: u.name }))}
        value={unit}
        allowDeselect={false}
        onChange={(u) => {
          setChosen(u ?? "");
          if (digits) onChange(`${digits}${u}`);
        }}
      />
    </div>
  );
  if (hideLabel) return controls;
  return (
    <Input.Wrapper label={label} error={error} labelElement="div">
      {controls}
    </Input.Wrapper>
  );
}
