import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { formatDay, formatInstant, formatNumber } from "../i18n/format";

type Field = Pick<Schemas["Field"], "type" | "choices">;

/** A field's or attribute's value in words: names of choices, days and numbers of the browser's locale. */
export function printValue(value: unknown, field?: Field): string {
  if (value === undefined || value === null || value === "") return "";
  if (Array.isArray(value)) return value.map((v) => printValue(v, field)).join(", ");
  if (typeof value === "boolean") return value ? t("state.yes") : t("state.no");
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (field?.type === "date" && /^\d{4}-\d\d-\d\d$/.test(text)) return formatDay(text);
  if (field?.type === "datetime" && !Number.isNaN(Date.parse(text))) return formatInstant(text);
  return field?.choices?.find((c) => c.code === text)?.name || text;
}
