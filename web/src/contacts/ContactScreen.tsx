import { ActionIcon, Badge, Button, Menu, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowMerge, IconDots, IconDownload, IconTrash } from "@tabler/icons-react";
import { Navigate, useParams } from "react-router";
import { useMay } from "../app/session";
import { t, type MessageKey } from "../i18n";
import { contactDetail, contactName } from "../shared/person";
import { Page } from "../shared/Page";
import { Sections } from "../shared/Sections";
import { ErrorState, Loading } from "../shared/states";
import { useContact, type Contact } from "./api";
import { ContactHistory } from "./ContactHistory";
import classes from "./contacts.module.css";
import { Consents, Lists } from "./Decisions";
import { EraseDialog } from "./EraseDialog";
import { Fields } from "./Fields";
import { Channels, Identifiers, Merged } from "./Identifiers";
import { Memberships } from "./Memberships";
import { MergeDialog } from "./MergeDialog";
import { Timeline } from "./Timeline";

const sections: { to: string; label: MessageKey }[] = [
  { to: "", label: "contact.overview" },
  { to: "groups", label: "contact.groups" },
  { to: "activities", label: "contact.activities" },
  { to: "history", label: "contact.history" },
];

/** Everything about one contact. */
export function Component() {
  const { id = "", "*": section = "" } = useParams();
  const query = useContact(id);
  const contact = query.data;
  const back = { to: "/contacts", label: t("contacts.title") };
  if (!contact)
    return (
      <Page title={query.isError ? t("error.notFound") : t("state.loading")} back={back}>
        {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
      </Page>
    );
  // A merged contact's address answers with the person it became part of.
  if (contact.id !== id) return <Navigate to={`/contacts/${contact.id}/${section}`} replace />;
  if (!sections.some((s) => s.to === section)) return <Navigate to={`/contacts/${id}`} replace />;
  return <Person key={id} contact={contact} section={section} back={back} />;
}

function Person({ contact, section, back }: { contact: Contact; section: string; back: { to: string; label: string } }) {
  const name = contactName(contact);
  const anonymous = !contact.email && !contact.external_id;
  return (
    <Page title={name} back={back} text={contactDetail(contact)} aside={anonymous && name !== t("contact.anonymous") ? <Badge color="gray">{t("contact.anonymous")}</Badge> : undefined} actions={<Actions contact={contact} />}>
      <Sections label={t("contact.sections")} items={sections.map((s) => ({ to: `/contacts/${contact.id}${s.to && `/${s.to}`}`, label: t(s.label) }))} />
      {section === "" && (
        <div className={classes.two}>
          <Stack>
            <Fields contact={contact} />
            <Channels contact={contact} />
          </Stack>
          <Stack>
            <Identifiers contact={contact} />
            <Consents contact={contact} />
            <Lists contact={contact} />
            <Merged contact={contact} />
          </Stack>
        </div>
      )}
      {section === "groups" && <Memberships contact={contact} />}
      {section === "activities" && <Timeline contact={contact} />}
      {section === "history" && <ContactHistory contact={contact} />}
    </Page>
  );
}

function Actions({ contact }: { contact: Contact }) {
  const editor = useMay("editor");
  const [merging, merge] = useDisclosure();
  const [erasing, erase] = useDisclosure();
  const exported = { component: "a" as const, href: `/api/v1/contacts/${contact.id}/export`, download: true };
  if (!editor)
    return (
      <Button variant="default" {...exported} leftSection={<IconDownload size={17} aria-hidden />}>
        {t("contact.export")}
      </Button>
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t("contact.actions", { name: contactName(contact) })}>
            <IconDots size={19} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item {...exported} leftSection={<IconDownload size={17} aria-hidden />}>
            {t("contact.export")}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowMerge size={17} aria-hidden />} onClick={merge.open}>
            {t("contact.merge")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden />} onClick={erase.open}>
            {t("contact.erase")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MergeDialog contact={contact} opened={merging} onClose={merge.close} />
      <EraseDialog contact={contact} opened={erasing} onClose={erase.close} />
    </>
  );
}
