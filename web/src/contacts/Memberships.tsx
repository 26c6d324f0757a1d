import { Anchor, Button, Collapse, Group, Paper, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconUsersGroup } from "@tabler/icons-react";
import { useId } from "react";
import { Link } from "react-router";
import { $api, type Schemas } from "../api/client";
import { ExplainTree } from "../builder/ExplainTree";
import { CauseText } from "../groups/CauseText";
import { t } from "../i18n";
import { formatInstant } from "../i18n/format";
import { EmptyState, ErrorState, LoadingLines } from "../shared/states";
import { Time } from "../shared/Time";
import type { Contact } from "./api";
import classes from "./contacts.module.css";

/** The groups a contact is in: since when, why, and until when. */
export function Memberships({ contact }: { contact: Contact }) {
  const groups = $api.useQuery("get", "/api/v1/contacts/{id}/groups", { params: { path: { id: contact.id } } });
  const history = $api.useQuery("get", "/api/v1/contacts/{id}/history", { params: { path: { id: contact.id }, query: { limit: 200 } } }, { staleTime: 10_000 });
  if (groups.isPending) return <LoadingLines />;
  if (groups.isError) return <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />;
  if (groups.data.items.length === 0) return <EmptyState icon={IconUsersGroup} title={t("contact.groupsEmpty")} text={t("contact.groupsEmptyText")} />;
  const causeOf = (code: string) => history.data?.items.find((c) => c.group === code && c.direction === "entered")?.cause;
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("contact.groups")}>
      {groups.data.items.map((m) => (
        <Membership key={m.group} contact={contact} membership={m} cause={causeOf(m.group)} />
      ))}
    </Stack>
  );
}

function Membership({ contact, membership: m, cause }: { contact: Contact; membership: Schemas["Membership"]; cause: Schemas["Cause"] | undefined }) {
  const [opened, { toggle }] = useDisclosure();
  const id = useId();
  const why = $api.useQuery("get", "/api/v1/groups/{code}/explain/{contact}", { params: { path: { code: m.group, contact: contact.id } } }, { staleTime: 30_000, retry: false });
  const name = m.name || m.group;
  return (
    <Paper component="li" withBorder p="md" className={classes.membership}>
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Anchor component={Link} to={`/groups/${m.group}`} fw={600} className="break">
            {name}
          </Anchor>
          <Text size="sm" c="dimmed">
            {t("contact.since")} <Time at={m.since} relative={false} />
            {why.data && <> · {why.data.changes_at ? t("contact.untilText", { time: formatInstant(why.data.changes_at) }) : t("contact.untilOpen")}</>}
          </Text>
          {cause && (
            <Text size="sm">
              <VisuallyHidden>{t("history.cause")}: </VisuallyHidden>
              <CauseText cause={cause} />
            </Text>
          )}
        </div>
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={opened}
          aria-controls={id}
          aria-label={t("contact.showWhy", { name })}
          rightSection={<IconChevronDown size={16} aria-hidden style={{ transform: opened ? "rotate(180deg)" : undefined, transition: "transform 120ms" }} />}
          onClick={toggle}
        >
          {t("contact.why")}
        </Button>
      </Group>
      <Collapse expanded={opened} id={id}>
        <div style={{ paddingTop: 14 }}>{why.isPending ? <LoadingLines lines={3} /> : why.isError ? <ErrorState error={why.error} onRetry={() => void why.refetch()} /> : <ExplainTree node={why.data} />}</div>
      </Collapse>
    </Paper>
  );
}
