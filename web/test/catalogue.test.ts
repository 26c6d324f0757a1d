// The message catalogue, in every language: the same messages, with the same
// parameters, and all the plurals that the language needs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { de } from "../src/i18n/de/index";
import { en } from "../src/i18n/en/index";

type Message = string | { readonly [category: string]: string };
const languages: Record<string, Record<string, Message>> = { en, de };

const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const forms = (message: Message) => (typeof message === "string" ? { always: message } : message);

for (const [language, messages] of Object.entries(languages)) {
  test(`The catalogue is complete in ${language}.`, () => {
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(en).sort(), "the keys differ from the English ones");
    for (const [key, message] of Object.entries(messages)) {
      const english: Message = (en as Record<string, Message>)[key]!;
      const wanted = new Set(Object.values(forms(english)).flatMap(parameters));
      for (const [form, text] of Object.entries(forms(message))) {
        assert.ok(text.trim() !== "", `${language} ${key} says nothing`);
        const said = new Set(parameters(text));
        if (form === "one" && wanted.has("n")) said.add("n"); // “once” needs no number
        assert.deepEqual(said, wanted, `${language} ${key}: the parameters of “${text}”`);
      }
      if (typeof message !== "string")
        assert.deepEqual(Object.keys(message).sort(), new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted(), `${language} ${key}: the plurals`);
    }
  });
}
