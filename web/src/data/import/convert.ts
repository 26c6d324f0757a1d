// A row of a file as a line of bulk loading. Pure: what cannot be read is
// reported by a code that the screen puts into words.

export interface Mapped {
  value: string;
  type: string;
  choices?: { code: string; name: string }[] | null;
}

export interface Reading {
  /** How days such as 3/4/2026 are written. */
  dates: "dmy" | "mdy";
  decimalComma: boolean;
}

export type ProblemCode = "badDate" | "badNumber" | "badBoolean" | "badState" | "noIdentifier" | "noType";

export interface RowProblem {
  code: ProblemCode;
  value: string;
}

type Line = Record<string, unknown>;
export type Converted = { line: Line; problem?: undefined } | { line?: undefined; problem: RowProblem };

class Unreadable extends Error {
  readonly problem: RowProblem;
  constructor(code: ProblemCode, value: string) {
    super(code);
    this.problem = { code, value };
  }
}

/** Converts a row by the targets of its columns; null leaves a column out. */
export function convert(what: "contacts" | "activities", row: string[], columns: (Mapped | null)[], reading: Reading, constantType: string): Converted {
  try {
    return { line: what === "contacts" ? { contact: contactOf(row, columns, reading) } : { activity: activityOf(row, columns, reading, constantType) } };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.problem };
    throw error;
  }
}

const identifiers = new Set(["email", "external_id", "visitor_id"]);

function* cells(row: string[], columns: (Mapped | null)[]): Generator<[Mapped, string]> {
  for (const [i, column] of columns.entries()) {
    const text = (row[i] ?? "").trim();
    if (column && text !== "") yield [column, text];
  }
}

function contactOf(row: string[], columns: (Mapped | null)[], reading: Reading): Line {
  const contact: Line = {};
  let named = false;
  for (const [column, text] of cells(row, columns)) {
    const [area = "", ...rest] = column.value.split(".");
    const value = read(text, column, reading);
    if (rest.length > 0) contact[area] = { ...(contact[area] as Line | undefined), [rest.join(".")]: value };
    else contact[area] = value;
    named ||= identifiers.has(area);
  }
  if (!named) throw new Unreadable("noIdentifier", "");
  return contact;
}

function activityOf(row: string[], columns: (Mapped | null)[], reading: Reading, constantType: string): Line {
  const contact: Line = {};
  const attributes: Line = {};
  const activity: Line = { contact };
  for (const [column, text] of cells(row, columns)) {
    const value = read(text, column, reading);
    if (identifiers.has(column.value)) contact[column.value] = value;
    else if (column.value.startsWith("attributes.")) attributes[column.value.slice("attributes.".length)] = value;
    else activity[column.value] = value;
  }
  if (Object.keys(contact).length === 0) throw new Unreadable("noIdentifier", "");
  activity.type ??= constantType || undefined;
  if (!activity.type) throw new Unreadable("noType", "");
  if (Object.keys(attributes).length > 0) activity.attributes = attributes;
  return activity;
}

function read(text: string, column: Mapped, reading: Reading): unknown {
  switch (column.type) {
    case "number":
      return readNumber(text, reading.decimalComma);
    case "boolean":
      return readBoolean(text);
    case "date":
      return readDay(text, reading.dates);
    case "datetime":
      return readInstant(text, reading.dates);
    case "choice":
    case "activity-type":
      return codeOf(text, column);
    case "choices":
      return text
        .split(/[;,|\n]/)
        .map((part) => part.trim())
        .filter(Boolean)
        .map((part) => codeOf(part, column));
    case "consent":
      return { state: readState(text, "agreed", "revoked", ["agreed", "revoked"]) };
    case "list":
      return { state: readState(text, "receiving", "unsubscribed", ["receiving", "unsubscribed", "bounced"]) };
    default:
      return text;
  }
}

/** The code of a choice that is written by code or by name. */
function codeOf(text: string, column: Mapped): string {
  const wanted = text.toLowerCase();
  return column.choices?.find((c) => c.code.toLowerCase() === wanted || c.name.toLowerCase() === wanted)?.code ?? text;
}

export function readNumber(text: string, decimalComma: boolean): number {
  const plain = text.replace(/[\s\u00a0'’€$£%]/g, "");
  const number = decimalComma ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
  if (!/^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i.test(number)) throw new Unreadable("badNumber", text);
  return Number(number);
}

const yes = new Set(["true", "yes", "y", "1", "x", "on", "ja", "j", "wahr", "oui"]);
const no = new Set(["false", "no", "n", "0", "off", "nein", "falsch", "non"]);

function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  throw new Unreadable("badBoolean", text);
}

function readState(text: string, ifYes: string, ifNo: string, states: string[]): string {
  const word = text.toLowerCase();
  if (states.includes(word)) return word;
  if (word === "subscribed") return ifYes;
  if (yes.has(word)) return ifYes;
  if (no.has(word)) return ifNo;
  throw new Unreadable("badState", text);
}

/** A day as YYYY-MM-DD. */
export function readDay(text: string, dates: "dmy" | "mdy"): string {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  if (iso) return dayOf(iso[1]!, iso[2]!, iso[3]!, text);
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
  if (!parts) throw new Unreadable("badDate", text);
  return dates === "dmy" ? dayOf(parts[3]!, parts[2]!, parts[1]!, text) : dayOf(parts[3]!, parts[1]!, parts[2]!, text);
}

function dayOf(year: string, month: string, day: string, text: string): string {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) throw new Unreadable("badDate", text);
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** An instant; a time without an offset is one of this computer's zone. */
export function readInstant(text: string, dates: "dmy" | "mdy"): string {
  const parts = /^(\S+?)(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (!parts) throw new Unreadable("badDate", text);
  const clock = (parts[2] ?? "00:00").replace(/^(\d):/, "0$1:");
  const zone = (parts[3] ?? "").replace("UTC", "Z").replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  const at = new Date(`${readDay(parts[1]!, dates)}T${clock}${zone}`);
  if (Number.isNaN(at.getTime())) throw new Unreadable("badDate", text);
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
