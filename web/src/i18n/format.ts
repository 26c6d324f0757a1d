// Numbers and times in the browser's locale.
import { locale, t } from "./index";

const whole = new Intl.NumberFormat(locale);
const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const smallPercent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat(locale, { signDisplay: "exceptZero" });
const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const instant = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

export const formatNumber = (n: number) => whole.format(n);
export const formatCompact = (n: number) => compact.format(n);
export const formatShare = (share: number) => (share < 0.01 ? smallPercent : percent).format(share);
export const formatChange = (n: number) => signed.format(n);

/** An estimated number and its range, rounded to what can be known of it; with nobody in the sample there is only "fewer than high". */
export function roundEstimate(count: number, range: { low: number; high: number }): { count: string; low: string; high: string; few: boolean } {
  const step = 10 ** Math.max(Math.floor(Math.log10((range.high - range.low) / 4)), 0);
  const to = (round: (n: number) => number, n: number) => whole.format(round(n / step) * step);
  return { count: to(Math.round, count), low: to(Math.floor, range.low), high: to(Math.ceil, range.low === 0 ? range.high + 1 : range.high), few: range.low === 0 };
}

/** A calendar day: "24 Nov 2026". Takes an instant or a date such as 2026-11-24. */
export const formatDay = (at: string) => day.format(parse(at));
/** Day and time to the minute. */
export const formatInstant = (at: string) => instant.format(new Date(at));
/** Day, time to the second and zone; for titles. */
export const formatExact = (at: string) => exact.format(new Date(at));
/** The time of day to the second. */
export const formatClock = (at: string) => clock.format(new Date(at));

function parse(at: string): Date {
  // A date without a time is that day here, not midnight in Greenwich.
  return at.length === 10 ? new Date(`${at}T12:00:00`) : new Date(at);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How far from now: "3 days ago", "in 2 hours", "just now". */
export function formatRelative(at: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 45 ? t("time.now") : relative.format(Math.trunc(seconds), "second");
}

const bytes = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** A size in bytes: "12.4 MB". */
export function formatBytes(n: number): string {
  let i = 0;
  while (n >= 1000 && i < bytes.length - 1) {
    n /= 1000;
    i++;
  }
  return new Intl.NumberFormat(locale, { style: "unit", unit: bytes[i], unitDisplay: "short", maximumFractionDigits: 1 }).format(n);
}
