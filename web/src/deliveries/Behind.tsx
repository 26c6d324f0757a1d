import { Text } from "@mantine/core";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { formatRelative } from "../i18n/format";

type Backlog = Pick<Schemas["Webhook"] & Schemas["Connector"], "behind" | "behind_more" | "behind_since">;

/** How many changes wait to be told of, and since when. */
export function Behind({ of: b }: { of: Backlog }) {
  if (b.behind === 0) {
    return (
      <Text span inherit c="dimmed">
        {b.behind_more ? t("deliveries.lookingThrough") : t("deliveries.upToDate")}
      </Text>
    );
  }
  return (
    <>
      <span className="numbers">{t(b.behind_more ? "deliveries.behindMore" : "deliveries.behindBy", { n: b.behind })}</span>
      {b.behind_since && (
        <Text size="sm" c="dimmed">
          {t("deliveries.behindSince", { time: formatRelative(b.behind_since) })}
        </Text>
      )}
    </>
  );
}
