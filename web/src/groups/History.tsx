import "@mantine/charts/styles.css";

import { AreaChart, BarChart } from "@mantine/charts";
import { Button, Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { $api, type Schemas } from "../api/client";
import { ApiError } from "../api/error";
import { locale, t } from "../i18n";
import { formatCompact, formatDay, formatInstant, formatNumber } from "../i18n/format";
import { ErrorState } from "../shared/states";

type Per = "hour" | "day" | "week";
const hour = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });

/** The group's size over time, and who came and went in each step; also as a table. */
export default function History({ code, createdAt }: { code: string; createdAt: string }) {
  const [per, setPer] = useState<Per>("day");
  const [table, setTable] = useState(false);
  const query = $api.useQuery("get", "/api/v1/groups/{code}/history", { params: { path: { code }, query: { per } } }, { placeholderData: keepPreviousData, refetchInterval: 30_000 });
  const forgotten = query.error instanceof ApiError && query.error.code === "history_expired";
  const label = (at: string) => (per === "hour" ? hour : shortDay).format(new Date(at));
  const points = (query.data?.items ?? []).map((s) => ({ ...s, label: label(s.at), left: -s.left }));
  const axis = { tickFormatter: (n: number) => formatCompact(Math.abs(n)), width: 44 };
  const valueFormatter = (n: number) => formatNumber(Math.abs(n));
  const common = { data: points, dataKey: "label", withDots: false, gridAxis: "x" as const, tickLine: "none" as const, yAxisProps: axis, xAxisProps: { minTickGap: 28 }, valueFormatter };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h3">
          {t("group.history")}
        </Title>
        <Group gap="xs">
          <Button size="compact-sm" variant="subtle" onClick={() => setTable(!table)}>
            {table ? t("group.asChart") : t("group.asTable")}
          </Button>
          <SegmentedControl
            size="xs"
            aria-label={t("group.step")}
            value={per}
            onChange={(v) => setPer(v as Per)}
            data={[
              { value: "hour", label: t("group.perHour") },
              { value: "day", label: t("group.perDay") },
              { value: "week", label: t("group.perWeek") },
            ]}
          />
        </Group>
      </Group>
      {query.isPending ? (
        <Skeleton height={380} />
      ) : forgotten ? (
        <Text c="dimmed">{t("group.forgotten")}</Text>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : table ? (
        <Table.ScrollContainer minWidth={320} mah={400}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("group.end")}</Table.Th>
                <Table.Th ta="right">{t("group.size")}</Table.Th>
                <Table.Th ta="right">{t("group.entered")}</Table.Th>
                <Table.Th ta="right">{t("group.left")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.toReversed().map((s) => (
                <Table.Tr key={s.at}>
                  <Table.Td>{per === "hour" ? formatInstant(s.at) : formatDay(s.at)}</Table.Td>
                  <Table.Td ta="right">{formatNumber(s.members)}</Table.Td>
                  <Table.Td ta="right">{formatNumber(s.entered)}</Table.Td>
                  <Table.Td ta="right">{formatNumber(s.left)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <div aria-hidden>
          <AreaChart h={220} {...common} areaChartProps={{ accessibilityLayer: false }} curveType="monotone" strokeWidth={2} fillOpacity={0.16} series={[{ name: "members", label: t("group.size"), color: "spruce.6" }]} />
          <Text size="sm" c="dimmed" mt="md" mb={4}>
            {t("group.movement")}
          </Text>
          <BarChart
            h={150}
            {...common}
            type="stacked"
            barChartProps={{ stackOffset: "sign", accessibilityLayer: false }}
            maxBarWidth={22}
            series={[
              { name: "entered", label: t("group.entered"), color: "spruce.5" },
              { name: "left", label: t("group.left"), color: "amber.5" },
            ]}
          />
        </div>
      )}
      {query.data && <Gaps gaps={query.data.gaps} />}
      {query.data?.items[0] && query.data.items[0].at < createdAt && (
        <Text size="sm" c="dimmed">
          {t("group.knownSince", { time: formatInstant(createdAt) })}
        </Text>
      )}
    </Stack>
  );
}

// The latest ones are enough to explain a step in the curve.
const shownGaps = 3;

/** When nobody looked, which explains jumps of the curve. */
function Gaps({ gaps }: { gaps: Schemas["Gap"][] }) {
  return gaps.slice(-shownGaps).map((g) => (
    <Text key={g.to} size="sm" c="dimmed">
      {t("group.gap", { from: formatInstant(g.from), to: formatInstant(g.to) })}
    </Text>
  ));
}
