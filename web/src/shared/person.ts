import type { Schemas } from "../api/client";
import { t } from "../i18n";

type Contact = Pick<Schemas["Contact"], "id" | "email" | "external_id" | "visitor_ids" | "fields">;

/** What to call a contact: the name, else the strongest identifier. */
export function contactName(contact: Contact): string {
  const name = [contact.fields.first_name, contact.fields.last_name].filter(Boolean).join(" ");
  return name || contact.email || contact.external_id || t("contact.anonymous");
}

/** A second line that tells contacts of the same name apart. */
export function contactDetail(contact: Contact): string {
  const name = contactName(contact);
  return [contact.email, contact.external_id, contact.visitor_ids[0], contact.id].find((d) => d && d !== name) ?? "";
}
