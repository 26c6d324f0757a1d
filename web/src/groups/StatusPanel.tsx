import { Button, Group, Progress, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { api, data } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { formatShare } from "../i18n/format";
import { notifyDone, notifyError } from "../shared/notify";
import { useGroupChanged, type Group as ContactGroup } from "./api";
import classes from "./groups.module.css";

/** What to do about a group that is not up to date: recalculate it, or watch that and cancel. */
export function StatusPanel({ group }: { group: ContactGroup }) {
  const editor = useMay("editor");
  const changed = useGroupChanged();
  const [busy, setBusy] = useState(false);
  const params = { params: { path: { code: group.code } } };
  const was = useRef(group.status);
  useEffect(() => {
    if (was.current === "recalculating" && group.status === "up_to_date") {
      notifyDone(t("group.done", { name: group.name }));
      changed();
    }
    was.current = group.status;
  }, [group.status, group.name, changed]);

  async function act(what: () => Promise<unknown>) {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      notifyError(error);
    }
    setBusy(false);
  }
  const recalculate = () => act(async () => changed(await data(api.POST("/api/v1/groups/{code}/recalculate", params))));
  const cancel = () =>
    act(async () => {
      await api.DELETE("/api/v1/groups/{code}/recalculation", params);
      changed();
      notifyDone(t("group.cancelled"));
    });

  if (group.status === "up_to_date") return null;
  if (group.status === "recalculating") {
    const waiting = group.progress?.stage === "waiting";
    const share = group.progress?.share ?? 0;
    return (
      <div className={classes.panel} data-kind="running">
        <Group justify="space-between" gap="md">
          <div style={{ flex: "1 1 260px" }}>
            <Group justify="space-between" mb={6}>
              <Text fw={580}>{waiting ? t("group.waiting") : t("group.calculating")}</Text>
              <Text size="sm" className="numbers">
                {formatShare(share)}
              </Text>
            </Group>
            <Progress.Root size="md">
              <Progress.Section value={Math.max(share * 100, 3)} animated aria-label={t("group.progress", { name: group.name })} />
            </Progress.Root>
          </div>
          {editor && (
            <Button variant="default" loading={busy} onClick={() => void cancel()}>
              {t("group.cancel")}
            </Button>
          )}
        </Group>
      </div>
    );
  }
  const failed = group.status === "failed";
  const Sign = failed ? IconAlertTriangle : IconInfoCircle;
  const empty = group.status === "never_calculated" && (group.pending?.condition as { groups?: unknown[] } | undefined)?.groups?.length === 0;
  if (empty || (group.status === "never_calculated" && !group.pending)) return null;
  return (
    <div className={classes.panel} data-kind={failed ? "failed" : "waiting"}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ flex: "1 1 260px" }}>
          <Sign size={20} aria-hidden style={{ flex: "none" }} />
          <Text>{failed ? t("group.failed", { reason: group.failure ?? "" }) : group.status === "never_calculated" ? t("group.neverCalculated") : t("group.recalculateFirst")}</Text>
        </Group>
        {editor && (
          <Button loading={busy} leftSection={<IconRefresh size={17} aria-hidden />} onClick={() => void recalculate()}>
            {t("group.recalculate")}
          </Button>
        )}
      </Group>
    </div>
  );
}
