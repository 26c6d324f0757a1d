import { Text } from "@mantine/core";
import type { Schemas } from "../api/client";
import { t } from "../i18n";

/** Why a membership changed: the kind of cause and what it was about. */
export function CauseText({ cause }: { cause: Schemas["Cause"] }) {
  return (
    <Text span size="sm" className="break">
      {t(`cause.${cause.kind}`)}
      {cause.code && (
        <Text span c="dimmed">
          {" "}
          · {cause.code}
        </Text>
      )}
    </Text>
  );
}
