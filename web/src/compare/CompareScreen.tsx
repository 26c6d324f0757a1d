import { Alert, Button, Card, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { IconChartCircles, IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { api, data, type Schemas } from "../api/client";
import { useMay } from "../app/session";
import { useCatalog } from "../builder/catalog";
import { locale, t } from "../i18n";
import { formatInstant, formatNumber, formatShare } from "../i18n/format";
import { OptionMultiSelect } from "../shared/OptionField";
import { Page } from "../shared/Page";
import { EmptyState, ErrorState, Loading } from "../shared/states";
import classes from "./compare.module.css";
import { conditionOf, membershipType } from "./condition";
import { keyOf } from "./plot";
import { UpSet } from "./UpSet";

const most = 6;
const words = new Intl.ListFormat(locale, { type: "conjunction" });
const listed = (names: string[]) => words.format(names);

/** What several groups have in common. The groups stand in the address. */
export function Component() {
  const [params, setParams] = useSearchParams();
  const codes = (params.get("groups") ?? "").split(",").filter(Boolean).slice(0, most);
  const [tooMany, setTooMany] = useState(false);
  const enough = codes.length >= 2;
  const query = useQuery({
    queryKey: ["post", "/api/v1/overlap", codes.join()],
    queryFn: ({ signal }) => data(api.POST("/api/v1/overlap", { body: { groups: codes }, signal })),
    enabled: enough,
    placeholderData: keepPreviousData,
  });
  function choose(next: string[]) {
    setTooMany(next.length > most);
    setParams(next.length ? { groups: next.slice(0, most).join(",") } : {}, { replace: true, preventScrollReset: true });
  }
  return (
    <Page title={t("compare.title")} text={t("compare.text")}>
      <OptionMultiSelect source="groups" label={t("compare.groups")} description={t("compare.groupsHint")} error={tooMany && t("compare.tooMany")} value={codes} onChange={choose} />
      {!enough ? (
        <Paper withBorder className={classes.card}>
          <EmptyState icon={IconChartCircles} title={t("compare.choose")} text={t("compare.chooseText")} />
        </Paper>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data ? (
        <Comparison key={codes.join()} overlap={query.data} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Comparison({ overlap }: { overlap: Schemas["Overlap"] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const names = new Map(overlap.groups.map((g) => [g.code, g.name || g.code]));
  const nameOf = (code: string) => names.get(code) ?? code;
  const share = (n: number) => formatShare(overlap.contacts ? n / overlap.contacts : 0);
  const common = overlap.intersections.find((i) => i.groups.length === overlap.groups.length);
  const picked = overlap.intersections.find((i) => keyOf(i.groups) === chosen);
  const rows = [...overlap.intersections].sort((a, b) => b.only - a.only || a.groups.length - b.groups.length);
  return (
    <Stack>
      {overlap.groups
        .filter((g) => g.status === "never_calculated")
        .map((g) => (
          <Alert key={g.code} color="amber">
            {t("compare.never", { name: nameOf(g.code) })}
          </Alert>
        ))}
      <div className={classes.grid}>
        <Figure label={t("compare.union")} n={overlap.union} text={t("compare.ofAll", { share: share(overlap.union) })} />
        <Figure label={t("compare.common")} n={common?.count ?? 0} text={t("compare.ofAll", { share: share(common?.count ?? 0) })} />
      </div>
      <Card>
        <Title order={2} size="h3">
          {t("compare.plot")}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {t("compare.plotText")}
        </Text>
        <UpSet overlap={overlap} nameOf={nameOf} chosen={chosen} choose={(key) => setChosen(key === chosen ? null : key)} />
        <div aria-live="polite">
          <Chosen overlap={overlap} picked={picked} nameOf={nameOf} />
        </div>
      </Card>
      <Paper withBorder className={classes.card}>
        <div className={classes.tableScroll} tabIndex={0} role="region" aria-label={t("compare.table")}>
          <Table aria-label={t("compare.table")} miw={420}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("compare.combination")}</Table.Th>
                <Table.Th ta="right">{t("compare.only")}</Table.Th>
                <Table.Th ta="right">{t("compare.share")}</Table.Th>
                <Table.Th ta="right">{t("compare.count")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((i) => (
                <Table.Tr key={keyOf(i.groups)}>
                  <Table.Td>{listed(i.groups.map(nameOf))}</Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {formatNumber(i.only)}
                  </Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {share(i.only)}
                  </Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {formatNumber(i.count)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </Paper>
      <Text size="sm" c="dimmed">
        {t("compare.asOf", { time: formatInstant(overlap.as_of) })}
      </Text>
    </Stack>
  );
}

function Figure({ label, n, text }: { label: string; n: number; text: string }) {
  return (
    <Card>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <div className={classes.figure}>{formatNumber(n)}</div>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Card>
  );
}

/** The chosen combination and the groups that can be made of it. */
function Chosen({ overlap, picked, nameOf }: { overlap: Schemas["Overlap"]; picked: Schemas["Intersection"] | undefined; nameOf: (code: string) => string }) {
  const editor = useMay("editor");
  const membership = membershipType(useCatalog().data);
  if (!picked)
    return (
      <Text size="sm" c="dimmed" mt="md">
        {t("compare.selectHint")}
      </Text>
    );
  const inside = listed(picked.groups.map(nameOf));
  const outside = overlap.groups.map((g) => g.code).filter((code) => !picked.groups.includes(code));
  const options = [
    { title: t("compare.exact"), text: t("compare.exactText", { groups: inside }), n: picked.only, outside },
    ...(outside.length > 0 && picked.groups.length > 1 ? [{ title: t("compare.all"), text: t("compare.allText", { groups: inside }), n: picked.count, outside: [] }] : []),
  ];
  return (
    <Stack gap="xs" mt="md" component="section" aria-label={t("compare.chosen")}>
      {options.map((o) => (
        <Group key={o.title} justify="space-between" gap="sm" p="sm" style={{ border: "1px solid var(--line)", borderRadius: 10 }}>
          <div style={{ flex: "1 1 220px" }}>
            <Text fw={600}>
              {o.title}: <span className="numbers">{t("count.contacts", { n: o.n })}</span>
            </Text>
            <Text size="sm" c="dimmed" className="break">
              {o.text}
            </Text>
          </div>
          {editor && membership && (
            <Button component={Link} to="/groups/new" state={{ condition: conditionOf(membership, picked.groups, o.outside) }} variant="light" leftSection={<IconPlus size={16} aria-hidden />}>
              {t("compare.create")}
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}
