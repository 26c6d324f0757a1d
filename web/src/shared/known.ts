import { t, type MessageKey } from "../i18n";
import { en } from "../i18n/en/index";

/** A code that the server named, in words where the catalogue has them: known("bytes.", "disk"). */
export function known(area: string, code: string): string {
  const key = area + code;
  return key in en ? t(key as MessageKey) : code;
}
