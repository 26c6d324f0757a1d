import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { t } from "../i18n";
import { formatRelative } from "../i18n/format";

interface TroubleProps {
  paused: string | null;
  failing: boolean;
  failures: number;
  error: string;
  nextAt: string | null;
  resume: string;
  onResume: () => void;
}

/** Why nothing is delivered now, and the button that changes it. */
export function Trouble({ paused, failing, failures, error, nextAt, resume, onResume }: TroubleProps) {
  if (paused === null && !failing) return null;
  return (
    <Alert color={failing ? "red" : "gray"} icon={failing ? <IconAlertTriangle aria-hidden /> : <IconPlayerPause aria-hidden />} title={failing ? t("deliveries.failing") : undefined} role="status">
      {paused && <Text size="sm">{paused}</Text>}
      {error && (
        <Text size="sm" className="break">
          {error}
        </Text>
      )}
      {paused === null && (
        <Text size="sm">
          {t("deliveries.failures", { n: failures })}. {next(nextAt)}
        </Text>
      )}
      <Group mt="sm">
        <Button size="sm" variant={paused ? "filled" : "default"} onClick={onResume}>
          {paused ? resume : t("deliveries.tryNow")}
        </Button>
      </Group>
    </Alert>
  );
}

function next(at: string | null): string {
  if (!at) return t("deliveries.nextNow");
  const soon = new Date(at).getTime() < Date.now() + 45_000;
  return soon ? t("deliveries.nextSoon") : t("deliveries.nextAttempt", { time: formatRelative(at) });
}
