import type { ReactNode } from "react";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { Sections } from "../shared/Sections";

/** What the lists of webhooks and connectors have in common. */
export function Frame({ area, actions, children }: { area: "webhooks" | "connectors"; actions: ReactNode; children: ReactNode }) {
  return (
    <Page title={t("deliveries.title")} tabTitle={`${t(`deliveries.${area}`)} · ${t("deliveries.title")}`} text={t("deliveries.text")} actions={actions}>
      <Sections
        label={t("deliveries.sections")}
        items={[
          { to: "/deliveries/webhooks", label: t("deliveries.webhooks") },
          { to: "/deliveries/connectors", label: t("deliveries.connectors") },
        ]}
      />
      {children}
    </Page>
  );
}
