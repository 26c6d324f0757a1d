import { Badge } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconEdit, IconRefresh } from "@tabler/icons-react";
import type { Schemas } from "../api/client";
import { t } from "../i18n";

type Status = Schemas["Group"]["status"];

const looks = {
  never_calculated: { color: "gray", icon: IconCircleDashed },
  condition_changed: { color: "amber", icon: IconEdit },
  recalculating: { color: "spruce", icon: IconRefresh },
  up_to_date: { color: "spruce", icon: IconCircleCheck },
  failed: { color: "red", icon: IconAlertTriangle },
} as const;

/** A group's status, by word and sign as well as colour. */
export function StatusBadge({ status, size = "md" }: { status: Status; size?: "md" | "lg" }) {
  const { color, icon: Icon } = looks[status];
  return (
    <Badge color={color} size={size} miw="max-content" leftSection={<Icon size={14} aria-hidden />}>
      {t(`status.${status}`)}
    </Badge>
  );
}
