import { ActionIcon, Badge, Card, CopyButton, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { $api } from "../api/client";
import { t } from "../i18n";
import { LoadingLines } from "../shared/states";
import { Time } from "../shared/Time";
import { useChosenOptions } from "../shared/options";
import type { Contact } from "./api";
import classes from "./contacts.module.css";

/** What names a contact, and what was merged into it. */
export function Identifiers({ contact }: { contact: Contact }) {
  return (
    <Card>
      <Title order={2} size="h3" mb="md">
        {t("contact.identifiers")}
      </Title>
      <dl className={classes.facts}>
        <Identifier label={t("contacts.externalId")} values={contact.external_id ? [contact.external_id] : []} />
        <Identifier label={t("contacts.email")} values={contact.email ? [contact.email] : []} />
        <Identifier label={t("contacts.visitorIds")} values={contact.visitor_ids} />
        <Identifier label={t("contact.id")} values={[contact.id]} />
        <div>
          <dt>{t("contacts.created")}</dt>
          <dd>
            <Time at={contact.created_at} />
          </dd>
        </div>
        <div>
          <dt>{t("contacts.lastActivity")}</dt>
          <dd>
            <Time at={contact.last_activity_at} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Identifier({ label, values }: { label: string; values: string[] }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {values.length === 0 && <Text c="dimmed">{t("contact.noneYet")}</Text>}
        {values.map((v) => (
          <Group key={v} gap={4} wrap="nowrap" align="flex-start" justify="space-between">
            <span className={classes.mono}>{v}</span>
            <CopyButton value={v}>
              {({ copied, copy }) => (
                <Tooltip label={copied ? t("contact.copied") : t("do.copy")}>
                  <ActionIcon size={24} aria-label={t("contact.copy", { what: label })} onClick={copy}>
                    {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
                  </ActionIcon>
                </Tooltip>
              )}
            </CopyButton>
          </Group>
        ))}
      </dd>
    </div>
  );
}

/** The channels of a contact's latest activities. */
export function Channels({ contact }: { contact: Contact }) {
  const latest = $api.useQuery("get", "/api/v1/contacts/{id}/activities", { params: { path: { id: contact.id }, query: { limit: 200 } } }, { staleTime: 30_000 });
  const counts = new Map<string, number>();
  for (const a of latest.data?.items ?? []) if (a.channel) counts.set(a.channel, (counts.get(a.channel) ?? 0) + 1);
  const names = useChosenOptions("channels", [...counts.keys()]);
  if (!latest.isPending && counts.size === 0) return null;
  return (
    <Card>
      <Title order={2} size="h3">
        {t("contact.channels")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("contact.channelsText")}
      </Text>
      {latest.isPending ? (
        <LoadingLines lines={2} />
      ) : (
        <Group gap="xs">
          {[...counts].map(([code, n]) => (
            <Badge key={code} size="lg" color="gray" rightSection={<span className="numbers">{n}</span>}>
              {names.get(code)?.name || code}
            </Badge>
          ))}
        </Group>
      )}
    </Card>
  );
}

export function Merged({ contact }: { contact: Contact }) {
  if (contact.merged_ids.length === 0) return null;
  return (
    <Card>
      <Title order={2} size="h3">
        {t("contact.merged")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("contact.mergedText")}
      </Text>
      <Stack component="ul" gap={4} m={0} pl={18}>
        {contact.merged_ids.map((id) => (
          <li key={id} className={classes.mono}>
            {id}
          </li>
        ))}
      </Stack>
    </Card>
  );
}
