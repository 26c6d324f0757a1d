import { Anchor, Badge, Group, List, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { t } from "../i18n";
import { formatInstant, formatNumber } from "../i18n/format";
import { known } from "../shared/known";
import { ErrorState, LoadingLines } from "../shared/states";
import { useChosenOptions } from "../shared/options";
import classes from "./data.module.css";
import { useUsage, type Definition, type Kind } from "./kinds";

/** What becomes of a definition: who has it, which values were seen, which groups use it. */
export function UsagePanel({ kind, definition: d }: { kind: Kind; definition: Definition }) {
  const usage = useUsage(kind, d.code);
  const names = useChosenOptions("groups", usage.data?.used_by ?? []);
  if (usage.isPending) return <LoadingLines lines={6} />;
  if (usage.isError) return <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />;
  const seen = usage.data.values.filter((v) => v.values.length > 0);
  return (
    <Stack gap="lg">
      <div>
        <Text className={classes.code}>{d.code}</Text>
        {d.description && <Text mt={4}>{d.description}</Text>}
        {d.type && <Text c="dimmed">{known("valueType.", d.type)}</Text>}
        {d.kind && <Text c="dimmed">{known("channelKind.", d.kind)}</Text>}
      </div>
      <dl className={classes.counts} aria-label={t("data.usage")}>
        {Object.entries(usage.data.counts).map(([code, n]) => (
          <div key={code}>
            <dt>{known("count.", code)}</dt>
            <dd>{formatNumber(n)}</dd>
          </div>
        ))}
      </dl>
      <section>
        <Title order={3} size="h3" mb={6}>
          {t("data.usedBy")}
        </Title>
        {usage.data.used_by.length === 0 ? (
          <Text c="dimmed">{t("data.usedByNone")}</Text>
        ) : (
          <List>
            {usage.data.used_by.map((code) => (
              <List.Item key={code}>
                <Anchor component={Link} to={`/groups/${code}`}>
                  {names.get(code)?.name || code}
                </Anchor>
              </List.Item>
            ))}
          </List>
        )}
      </section>
      {kind === "fields" && d.choices && d.choices.length > 0 && d.choices.length <= 40 && (
        <section>
          <Title order={3} size="h3" mb={6}>
            {t("data.choices")}
          </Title>
          <Values values={d.choices.map((c) => c.name || c.code)} />
        </section>
      )}
      {(kind === "fields" || kind === "activity-types") && (
        <section>
          <Title order={3} size="h3" mb={6}>
            {t("data.recent")}
          </Title>
          {seen.length === 0 && <Text c="dimmed">{t("data.recentNone")}</Text>}
          <Stack gap="sm">
            {seen.map((v) => (
              <div key={v.code}>
                {kind === "activity-types" && (
                  <Text size="sm" fw={550} mb={4}>
                    {v.name || v.code}
                  </Text>
                )}
                <Values values={v.values} />
              </div>
            ))}
          </Stack>
        </section>
      )}
      <Text size="sm" c="dimmed">
        {t("data.asOf", { time: formatInstant(usage.data.as_of) })}
      </Text>
    </Stack>
  );
}

function Values({ values }: { values: string[] }) {
  return (
    <Group gap={6}>
      {values.map((v) => (
        <Badge key={v} color="gray" maw="100%" title={v}>
          {v}
        </Badge>
      ))}
    </Group>
  );
}
