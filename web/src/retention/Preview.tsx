import { Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { t } from "../i18n";
import { formatDay, formatNumber } from "../i18n/format";
import { Named } from "../shared/Named";
import { isEmpty, type RetentionPreview } from "./api";

/** What a run would remove, and which groups would move by it. */
export function Preview({ preview: p }: { preview: RetentionPreview }) {
  if (isEmpty(p)) return <Text>{t("retention.previewNothing")}</Text>;
  return (
    <Stack>
      <Table.ScrollContainer minWidth={260} scrollAreaProps={{ type: "auto" }}>
        <Table aria-label={t("retention.previewTitle")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("retention.what")}</Table.Th>
              <Table.Th>{t("retention.olderThan")}</Table.Th>
              <Table.Th>{t("retention.wouldGo")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {p.activities.map((a) => (
              <Table.Tr key={a.type}>
                <Table.Td className="break">
                  <Named source="activity-types" code={a.type} />
                </Table.Td>
                <Table.Td>{formatDay(a.before)}</Table.Td>
                <Table.Td>
                  <Text fw={620} span>
                    {t("retention.activitiesCount", { n: a.activities })}
                  </Text>{" "}
                  {a.activities > 0 && t("retention.ofContacts", { n: a.contacts })}
                </Table.Td>
              </Table.Tr>
            ))}
            {p.contacts.map((c) => (
              <Table.Tr key={c.kind}>
                <Table.Td className="break">{t(`retention.kind.${c.kind}`)}</Table.Td>
                <Table.Td>{formatDay(c.before)}</Table.Td>
                <Table.Td>
                  <Text fw={620} span>
                    {t("count.contacts", { n: c.contacts })}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <section aria-label={t("retention.movement")}>
        <Title order={3}>{t("retention.movement")}</Title>
        {p.groups.length === 0 ? (
          <Text mt={4}>{t("retention.noMovement")}</Text>
        ) : (
          <Table.ScrollContainer minWidth={260} scrollAreaProps={{ type: "auto" }}>
            <Table aria-label={t("retention.movement")}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("retention.group")}</Table.Th>
                  <Table.Th ta="right">{t("retention.enter")}</Table.Th>
                  <Table.Th ta="right">{t("retention.leave")}</Table.Th>
                  <Table.Th ta="right">{t("retention.members")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody className="numbers">
                {p.groups.map((g) => (
                  <Table.Tr key={g.group}>
                    <Table.Td className="break">
                      <Link to={`/groups/${g.group}`}>{g.name || g.group}</Link>
                    </Table.Td>
                    <Table.Td ta="right">{formatNumber(g.enters)}</Table.Td>
                    <Table.Td ta="right">{formatNumber(g.leaves)}</Table.Td>
                    <Table.Td ta="right">{formatNumber(g.members)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </section>
    </Stack>
  );
}
