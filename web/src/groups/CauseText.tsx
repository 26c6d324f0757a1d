import { Text } from "@mantine/core";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { Named } from "../shared/Named";

type Cause = Schemas["Cause"];

// Where the names of what a cause is about are found.
const sources: Partial<Record<Cause["kind"], string>> = { activity: "activity-types", field: "fields", consent: "consents", list: "lists", group: "groups", retention: "activity-types" };

/** Why a membership changed: the kind of cause and what it was about. */
export function CauseText({ cause }: { cause: Cause }) {
  const source = sources[cause.kind];
  return (
    <Text span size="sm" className="break">
      {t(`cause.${cause.kind}`)}
      {cause.code && (
        <Text span c="dimmed">
          {" "}
          · {source ? <Named source={source} code={cause.code} /> : cause.code}
        </Text>
      )}
    </Text>
  );
}
