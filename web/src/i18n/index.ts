// The message catalogue. Every text that the UI itself says stands here, in
// plain words; names, sentences and problems of conditions come from the server.
import { de } from "./de/index";
import { en } from "./en/index";

/** A message, or its forms by plural category of the parameter n. */
export type Message = string | { readonly [category in Intl.LDMLPluralRule]?: string };
export type MessageKey = keyof typeof en;
/** The same messages in another language: the same keys, and plurals where there are plurals. */
export type MessagesOf<Catalogue> = { readonly [key in keyof Catalogue]: Catalogue[key] extends string ? string : Exclude<Message, string> };
export type Params = Record<string, string | number>;

const languages = { en, de } as const;
export type Language = keyof typeof languages;
const storageKey = "muster-language";

function chosenLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored && stored in languages) return stored as Language;
  for (const wanted of navigator.languages) {
    const base = wanted.split("-")[0]!;
    if (base in languages) return base as Language;
  }
  return "en";
}

export const language = chosenLanguage();

/** The browser's locale when it speaks the UI's language, else the language. */
export const locale = navigator.languages.find((l) => l.split("-")[0] === language) ?? language;
document.documentElement.lang = language;

const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);
const messages: Record<MessageKey, Message> = languages[language];

/** Chooses a language and begins again in it. */
export function chooseLanguage(next: Language) {
  localStorage.setItem(storageKey, next);
  location.reload();
}

/** Says a message. {name} stands for a parameter; the parameter n chooses the plural. */
export function t(key: MessageKey, params: Params = {}): string {
  const message = messages[key];
  const text = typeof message === "string" ? message : (message[plural.select(Number(params.n))] ?? message.other ?? key);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === "number" ? numbers.format(value) : value;
  });
}
