// What a column can become, made of the server's definitions.
import type { Schemas } from "../../api/client";
import { t } from "../../i18n";

export type What = "contacts" | "activities";

export interface Target {
  /** "email", "fields.company", "attributes.amount" ... */
  value: string;
  label: string;
  /** How its text is read. */
  type: string;
  choices?: Schemas["Choice"][] | null;
}

export interface TargetGroup {
  group: string;
  items: Target[];
}

interface Schema {
  fields: Schemas["Field"][];
  types: Schemas["ActivityType"][];
  consents: Schemas["Named"][];
  lists: Schemas["Named"][];
}

const identifiers = (): TargetGroup => ({
  group: t("import.groupIdentifiers"),
  items: [
    { value: "email", label: t("import.email"), type: "text" },
    { value: "external_id", label: t("import.externalId"), type: "text" },
    { value: "visitor_id", label: t("import.visitorId"), type: "text" },
  ],
});

export function targetsOf(what: What, schema: Schema, type: string): TargetGroup[] {
  if (what === "contacts")
    return [
      identifiers(),
      {
        group: t("import.groupFields"),
        items: [
          ...schema.fields.filter((f) => !f.system && f.code !== "email").map((f) => ({ value: `fields.${f.code}`, label: f.name || f.code, type: f.type, choices: f.choices })),
          { value: "created_at", label: t("import.createdAt"), type: "datetime" },
        ],
      },
      { group: t("import.groupConsents"), items: schema.consents.map((c) => ({ value: `consents.${c.code}`, label: c.name || c.code, type: "consent" })) },
      { group: t("import.groupLists"), items: schema.lists.map((l) => ({ value: `lists.${l.code}`, label: l.name || l.code, type: "list" })) },
    ];
  const attributes = new Map<string, Target>();
  for (const at of schema.types.filter((x) => type === "" || x.code === type))
    for (const a of at.attributes ?? []) if (!attributes.has(a.code)) attributes.set(a.code, { value: `attributes.${a.code}`, label: a.name || a.code, type: a.type });
  return [
    identifiers(),
    {
      group: t("import.groupActivity"),
      items: [
        { value: "type", label: t("import.activityType"), type: "activity-type", choices: schema.types },
        { value: "occurred_at", label: t("import.occurredAt"), type: "datetime" },
        { value: "channel", label: t("import.channel"), type: "text" },
        { value: "value", label: t("import.value"), type: "text" },
        { value: "id", label: t("import.id"), type: "text" },
      ],
    },
    { group: t("import.groupAttributes"), items: [...attributes.values()] },
  ];
}

const letters = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** The targets that the columns' headings name, each at most once; "" leaves a column out. */
export function guess(headings: string[], groups: TargetGroup[]): string[] {
  const known = new Map<string, string>();
  for (const { items } of groups)
    for (const item of items) for (const word of [item.value.split(".").at(-1)!, item.label]) if (!known.has(letters(word))) known.set(letters(word), item.value);
  const taken = new Set<string>();
  return headings.map((h) => {
    const target = known.get(letters(h)) ?? "";
    if (target === "" || taken.has(target)) return "";
    taken.add(target);
    return target;
  });
}
