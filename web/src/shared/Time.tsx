import { Text, Tooltip } from "@mantine/core";
import { formatExact, formatInstant, formatRelative } from "../i18n/format";

/** An instant, near ones relative to now; the exact time stands in the title. */
export function Time({ at, relative = true, fallback = "–" }: { at: string | null | undefined; relative?: boolean; fallback?: string }) {
  if (!at) return <Text span inherit c="dimmed">{fallback}</Text>;
  return (
    <Tooltip label={formatExact(at)} events={{ hover: true, focus: false, touch: true }}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {relative ? formatRelative(at) : formatInstant(at)}
      </time>
    </Tooltip>
  );
}
