import { Badge, Button, Card, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { $api, api, data, type Schemas } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { notifyDone, notifyError } from "../shared/notify";
import { LoadingLines } from "../shared/states";
import { Time } from "../shared/Time";
import { useContactChanged, type Contact } from "./api";
import classes from "./contacts.module.css";

type Decision = Schemas["Decision"] | null | undefined;
type State = Schemas["Decision"]["state"];

/** What a contact decided on every consent. */
export function Consents({ contact }: { contact: Contact }) {
  const consents = $api.useQuery("get", "/api/v1/consents", {}, { staleTime: 60_000 });
  return (
    <Card>
      <Title order={2} size="h3" mb="md">
        {t("contact.consents")}
      </Title>
      {consents.isPending ? (
        <LoadingLines lines={2} />
      ) : !consents.data?.items.length ? (
        <Text c="dimmed">{t("contact.noConsents")}</Text>
      ) : (
        <ul className={classes.decisions}>
          {consents.data.items.map((c) => (
            <DecisionLine
              key={c.code}
              contact={contact}
              name={c.name || c.code}
              decision={contact.consents[c.code]}
              none={t("contact.noDecision")}
              states={["agreed", "revoked"]}
              body={(state) => ({ consents: { [c.code]: { state } } })}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Where a contact stands on every recipient list, and on all mail. */
export function Lists({ contact }: { contact: Contact }) {
  const lists = $api.useQuery("get", "/api/v1/lists", {}, { staleTime: 60_000 });
  return (
    <Card>
      <Title order={2} size="h3" mb="md">
        {t("contact.lists")}
      </Title>
      {lists.isPending ? (
        <LoadingLines lines={2} />
      ) : (
        <ul className={classes.decisions}>
          {(lists.data?.items ?? []).map((l) => (
            <DecisionLine
              key={l.code}
              contact={contact}
              name={l.name || l.code}
              decision={contact.lists[l.code]}
              none={t("contact.notOnList")}
              states={["receiving", "unsubscribed", "bounced"]}
              body={(state) => ({ lists: { [l.code]: { state } } })}
            />
          ))}
          <DecisionLine contact={contact} name={t("contact.allMail")} decision={contact.all_mail} none={t("contact.noDecision")} states={["receiving", "unsubscribed"]} body={(state) => ({ all_mail: { state } })} />
        </ul>
      )}
    </Card>
  );
}

interface DecisionLineProps {
  contact: Contact;
  name: string;
  decision: Decision;
  none: string;
  states: State[];
  body: (state: State) => Schemas["ContactBody"];
}

const colors: Record<State, string> = { agreed: "spruce", receiving: "spruce", revoked: "gray", unsubscribed: "gray", bounced: "amber" };

function DecisionLine({ contact, name, decision, none, states, body }: DecisionLineProps) {
  const editor = useMay("editor");
  const changed = useContactChanged();
  const [busy, setBusy] = useState(false);

  async function set(state: State) {
    setBusy(true);
    try {
      const answer = await data(api.PATCH("/api/v1/contacts/{id}", { params: { path: { id: contact.id } }, body: body(state) }));
      changed(answer.contact);
      notifyDone(t("contact.stateSaved", { name }));
    } catch (error) {
      notifyError(error);
    }
    setBusy(false);
  }

  return (
    <li>
      <Stack gap={0} miw={0}>
        <Text fw={550} className="break">
          {name}
        </Text>
        {decision && (
          <Text size="sm" c="dimmed">
            <Time at={decision.at} />
            {decision.version && ` · ${t("contact.version", { version: decision.version })}`}
          </Text>
        )}
      </Stack>
      <Group gap="xs" wrap="nowrap">
        {decision ? (
          <Badge miw="max-content" color={colors[decision.state]}>
            {t(`decision.${decision.state}`)}
          </Badge>
        ) : (
          <Text size="sm" c="dimmed">
            {none}
          </Text>
        )}
        {editor && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="subtle" loading={busy} aria-label={t("contact.setState", { name })} rightSection={<IconChevronDown size={14} aria-hidden />}>
                {t("contact.change")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {states.map((s) => (
                <Menu.Item key={s} disabled={decision?.state === s} onClick={() => void set(s)}>
                  {t(`decision.${s}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </li>
  );
}
