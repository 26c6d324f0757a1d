import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconClock, IconClockOff } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../i18n";
import classes from "./fields.module.css";

interface DateInputProps {
  label: string;
  hideLabel?: boolean;
  error?: string | null;
  disabled?: boolean;
  /** Whether an instant is permitted beside a date. */
  withTime: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** A calendar day, or with a time an instant of the browser's zone. */
export function DateInput({ label, hideLabel, error, disabled, withTime, value, onChange }: DateInputProps) {
  const [timed, setTimed] = useState(value.includes("T"));
  const isInstant = withTime && (value ? value.includes("T") : timed);
  return (
    <div className={classes.joined} style={{ flexWrap: "nowrap", alignItems: hideLabel ? "center" : "flex-end" }}>
      <TextInput
        type={isInstant ? "datetime-local" : "date"}
        label={hideLabel ? undefined : label}
        aria-label={label}
        error={error}
        disabled={disabled}
        max={isInstant ? "9999-12-31T23:59" : "9999-12-31"}
        value={isInstant ? toLocal(value) : value.slice(0, 10)}
        onChange={(e) => {
          const text = e.currentTarget.value;
          onChange(text && isInstant ? new Date(text).toISOString().replace(".000Z", "Z") : text);
        }}
      />
      {withTime && (
        <Tooltip label={t("builder.dateOrTime")}>
          <ActionIcon
            size="lg"
            disabled={disabled}
            aria-label={`${label}: ${t("builder.dateOrTime")}`}
            aria-pressed={isInstant}
            onClick={() => {
              setTimed(!isInstant);
              if (value) onChange(isInstant ? toLocal(value).slice(0, 10) : new Date(`${value}T00:00`).toISOString().replace(".000Z", "Z"));
            }}
          >
            {isInstant ? <IconClockOff size={17} /> : <IconClock size={17} />}
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}

function toLocal(value: string): string {
  if (!value) return "";
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
