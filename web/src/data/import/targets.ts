// What a column can become, made of the server's definitions.
import type { Schemas } from "../../api/client";
import { t } from "../../i18n";

export type What = "contacts" | "activities";

export interface Target {
  /** "email", "fields.company", "attributes.amount" ... */
  value: string;
  label: string;
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
    { value: "email", label: t("import.email") },
    { value: "external_id", label: t("import.externalId") },
    { value: "visitor_id", label: t("import.visitorId") },
  ],
});

export function targetsOf(what: What, schema: Schema, type: string): TargetGroup[] {
  if (what === "contacts")
    return [
      identifiers(),
      {
        group: t("import.groupFields"),
        items: [
          ...schema.fields.filter((f) => !f.system && f.code !== "email").map((f) => ({ value: `fields.${f.code}`, label: f.name || f.code })),
          { value: "created_at", label: t("import.createdAt") },
        ],
      },
      { group: t("import.groupConsents"), items: schema.consents.map((c) => ({ value: `consents.${c.code}`, label: c.name || c.code })) },
      { group: t("import.groupLists"), items: schema.lists.map((l) => ({ value: `lists.${l.code}`, label: l.name || l.code })).concat({ value: "all_mail", label: t("import.allMail") }) },
    ];
  const attributes = new Map<string, Target>();
  for (const at of schema.types.filter((x) => type === "" || x.code === type))
    for (const a of at.attributes ?? []) if (!attributes.has(a.code)) attributes.set(a.code, { value: `attributes.${a.code}`, label: a.name || a.code });
  return [
    identifiers(),
    {
      group: t("import.groupActivity"),
      items: [
        { value: "type", label: t("import.activityType") },
        { value: "occurred_at", label: t("import.occurredAt") },
        { value: "channel", label: t("import.channel") },
        { value: "value", label: t("import.value") },
        { value: "id", label: t("import.id") },
      ],
    },
    { group: t("import.groupAttributes"), items: [...attributes.values()] },
  ];
}
