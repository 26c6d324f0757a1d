import { Badge } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconPlayerPause, IconPlayerTrackNext, IconRefresh, type Icon } from "@tabler/icons-react";
import { t } from "../i18n";
import type { Connector, Webhook } from "./api";

interface Look {
  label: string;
  color: string;
  icon: Icon;
}

/** A webhook's status, by word and sign as well as colour. */
export function WebhookStatus({ webhook: w, size }: { webhook: Webhook; size?: "lg" }) {
  const look: Look =
    w.status === "paused"
      ? { label: t("webhooks.paused"), color: w.paused_because === "asked" ? "gray" : "red", icon: IconPlayerPause }
      : w.status === "retrying"
        ? { label: t("webhooks.retrying"), color: "red", icon: IconAlertTriangle }
        : w.catching_up
          ? { label: t("webhooks.catchingUp"), color: "amber", icon: IconPlayerTrackNext }
          : { label: t("webhooks.active"), color: "spruce", icon: IconCircleCheck };
  return <Sign {...look} size={size} />;
}

const connectorLooks = {
  comparing: { color: "amber", icon: IconRefresh },
  following: { color: "spruce", icon: IconCircleCheck },
  retrying: { color: "red", icon: IconAlertTriangle },
  paused: { color: "gray", icon: IconPlayerPause },
} as const;

/** A connector's status, by word and sign as well as colour. */
export function ConnectorStatus({ connector: c, size }: { connector: Connector; size?: "lg" }) {
  return <Sign label={t(`connectors.${c.status}`)} {...connectorLooks[c.status]} size={size} />;
}

function Sign({ label, color, icon: Icon, size = "md" }: Look & { size?: "md" | "lg" | undefined }) {
  return (
    <Badge color={color} size={size} miw="max-content" leftSection={<Icon size={14} aria-hidden />}>
      {label}
    </Badge>
  );
}
