import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconHistory, IconRestore } from "@tabler/icons-react";
import { useState } from "react";
import { $api, api, data, type Schemas } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { notifyDone, notifyError } from "../shared/notify";
import { usePageTitle } from "../shared/Page";
import { EmptyState, ErrorState, LoadingLines } from "../shared/states";
import { Time } from "../shared/Time";
import { useGroupChanged, useThisGroup } from "./api";
import { differenceOf } from "./difference";
import classes from "./versions.module.css";

type Version = Schemas["Version"];

/** Every condition the group had: who saved it when, and what it changed, in words. */
export function Component() {
  const group = useThisGroup();
  usePageTitle(`${t("group.versions")}: ${group.name}`);
  const query = $api.useQuery("get", "/api/v1/groups/{code}/versions", { params: { path: { code: group.code } } });
  if (query.isPending) return <LoadingLines lines={8} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const versions = query.data.items;
  if (versions.length === 0) return <EmptyState icon={IconHistory} title={t("versions.empty")} />;
  return (
    <Stack component="ol" className={classes.versions} aria-label={t("versions.title")}>
      {versions.map((v, i) => (
        <VersionItem key={v.number} version={v} before={versions[i + 1]} />
      ))}
    </Stack>
  );
}

function VersionItem({ version, before }: { version: Version; before: Version | undefined }) {
  const group = useThisGroup();
  const editor = useMay("editor");
  const changed = useGroupChanged();
  const [busy, setBusy] = useState(false);
  const isActive = group.active?.number === version.number;
  const isPending = group.pending?.number === version.number;

  async function restore() {
    setBusy(true);
    try {
      const next = await data(api.POST("/api/v1/groups/{code}/versions/{version}/restore", { params: { path: { code: group.code, version: version.number } } }));
      changed(next);
      notifyDone(t("versions.restored", { n: next.pending?.number ?? version.number }));
    } catch (error) {
      notifyError(error);
    }
    setBusy(false);
  }

  return (
    <Paper component="li" withBorder p="md" className={classes.version} data-current={isActive || undefined}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Group gap="xs">
            <Title order={2} size="h3">
              {t("versions.number", { n: version.number })}
            </Title>
            {isActive && <Badge>{t("versions.active")}</Badge>}
            {isPending && <Badge color="amber">{t("versions.pending")}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {t("versions.by", { author: version.author || t("state.unknown") })} · <Time at={version.saved_at} relative={false} />
          </Text>
        </div>
        {editor && !isActive && !isPending && (
          <Button variant="default" size="compact-md" loading={busy} leftSection={<IconRestore size={16} aria-hidden />} aria-label={t("versions.restoreOf", { n: version.number })} onClick={() => void restore()}>
            {t("versions.restore")}
          </Button>
        )}
      </Group>
      <Text mt="sm" className="break">
        {version.sentence}
      </Text>
      {before ? <Difference version={version} before={before} /> : null}
    </Paper>
  );
}

function Difference({ version, before }: { version: Version; before: Version }) {
  const { removed, added } = differenceOf(before, version);
  const zone = version.time_zone !== before.time_zone ? (version.time_zone ?? t("group.projectZone")) : null;
  if (removed.length + added.length === 0 && !zone) {
    if (version.sentence === before.sentence) return <Text size="sm" c="dimmed" mt="xs">{t("versions.same")}</Text>;
    return <Text size="sm" c="dimmed" mt="xs" className="break">{t("versions.matchChanged", { sentence: before.sentence })}</Text>;
  }
  return (
    <ul className={classes.difference}>
      {added.map((s) => (
        <li key={`+${s}`} data-kind="added">
          <b>{t("versions.added")}:</b> {s}
        </li>
      ))}
      {removed.map((s) => (
        <li key={`-${s}`} data-kind="removed">
          <b>{t("versions.removed")}:</b> <s>{s}</s>
        </li>
      ))}
      {zone && <li>{t("versions.zone", { zone })}</li>}
    </ul>
  );
}
