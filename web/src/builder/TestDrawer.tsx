import { Alert, Anchor, Badge, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconUserSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { api, data, type Schemas } from "../api/client";
import { t } from "../i18n";
import { formatInstant } from "../i18n/format";
import { ContactPicker } from "../shared/ContactPicker";
import { contactDetail, contactName } from "../shared/person";
import { EmptyState, ErrorState, LoadingLines } from "../shared/states";
import { writeTree, type Tree } from "./document/tree";
import { ExplainTree } from "./ExplainTree";

interface TestDrawerProps {
  opened: boolean;
  onClose: () => void;
  tree: Tree;
  timeZone: string | undefined;
}

/** Tries the condition as it is written on one contact. */
export function TestDrawer({ opened, onClose, tree, timeZone }: TestDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={t("test.title")} closeButtonProps={{ "aria-label": t("do.close") }}>
      <Test tree={tree} timeZone={timeZone} />
    </Drawer>
  );
}

function Test({ tree, timeZone }: { tree: Tree; timeZone: string | undefined }) {
  const [contact, setContact] = useState<Schemas["Contact"] | null>(null);
  const condition = JSON.stringify(writeTree(tree));
  const explanation = useQuery({
    queryKey: ["explain", timeZone ?? "", condition, contact?.id],
    enabled: contact !== null,
    queryFn: ({ signal }) => data(api.POST("/api/v1/conditions/explain", { body: { condition: JSON.parse(condition), contact: contact!.id, time_zone: timeZone }, signal })),
  });
  const root = explanation.data;
  return (
    <Stack>
      <Text c="dimmed">{t("test.text")}</Text>
      <ContactPicker label={t("test.contact")} onChoose={setContact} autoFocus />
      {contact === null && <EmptyState icon={IconUserSearch} title={t("test.choose")} />}
      {contact !== null && explanation.isPending && <LoadingLines />}
      {explanation.isError && <ErrorState error={explanation.error} onRetry={() => void explanation.refetch()} />}
      {contact !== null && root && (
        <Stack gap="md" role="region" aria-label={contactName(contact)}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text fw={620} className="break">
                {contactName(contact)}
              </Text>
              <Text size="sm" c="dimmed" className="break">
                {contactDetail(contact)}
              </Text>
              <Anchor component={Link} to={`/contacts/${contact.id}`} size="sm">
                {t("test.openContact")}
              </Anchor>
            </div>
            <Badge size="lg" color={root.matches ? "spruce" : "gray"} role="status">
              {root.matches ? t("test.matches") : t("test.matchesNot")}
            </Badge>
          </Group>
          {root.problems.length > 0 && <Alert color="amber">{t("test.unfinished", { n: root.problems.length })}</Alert>}
          <ExplainTree node={root} />
          <Text size="sm" c="dimmed">
            {root.changes_at ? t("test.changesAt", { time: formatInstant(root.changes_at) }) : t("test.changesNever")}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}
