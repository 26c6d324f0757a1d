// Retention, as the server answers it.
import type { QueryKey } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { t } from "../i18n";

export type Retention = Schemas["Retention"];
export type RetentionPreview = Schemas["RetentionPreview"];
export type RetentionRun = Schemas["RetentionRun"];

/** Whether a query follows from the rules. */
export const retentionKey = (key: QueryKey) => typeof key[1] === "string" && (key[1].startsWith("/api/v1/retention") || key[1].startsWith("/api/v1/activity-types"));

/** The hour at which a run begins: "03:00". */
export const hourOf = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

/** "at 03:00 (Europe/Vienna)". */
export const hourText = (r: Retention) => t("retention.atHour", { hour: hourOf(r.hour), zone: r.time_zone });

/** Whether nothing would go. */
export const isEmpty = (p: RetentionPreview) => p.activities.every((a) => a.activities === 0) && p.contacts.every((c) => c.contacts === 0);
