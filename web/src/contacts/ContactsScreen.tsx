import { Anchor, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAddressBook, IconFileImport, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import { $api, type Schemas } from "../api/client";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { printValue } from "../shared/FieldValue";
import { OptionSelect } from "../shared/OptionField";
import { Page } from "../shared/Page";
import { contactDetail, contactName } from "../shared/person";
import { listOptions, ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { NewContactDialog } from "./NewContactDialog";

type Contact = Schemas["Contact"];

export function Component() {
  const state = useListState({ filters: ["group"] });
  const editor = useMay("editor");
  const [creating, creation] = useDisclosure();
  const query = $api.useQuery("get", "/api/v1/contacts", { params: { query: { search: state.search || undefined, group: state.filters.group, sort: (state.sort || undefined) as "created" | undefined, cursor: state.cursor, limit: 50 } } }, listOptions);
  const fields = $api.useQuery("get", "/api/v1/fields", {}, { staleTime: 60_000 });
  const shown = [...columns, ...(fields.data?.items ?? []).filter((f) => !known.has(f.code) && !f.system).map(fieldColumn)];
  const bring = editor && (
    <Button variant="default" component={Link} to="/data/import" leftSection={<IconFileImport size={18} aria-hidden />}>
      {t("contacts.import")}
    </Button>
  );
  return (
    <Page
      title={t("contacts.title")}
      text={t("contacts.text")}
      actions={
        editor && (
          <>
            {bring}
            <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={creation.open}>
              {t("contacts.new")}
            </Button>
          </>
        )
      }
    >
      <ServerTable
        id="contacts"
        label={t("contacts.table")}
        columns={shown}
        query={query}
        state={state}
        rowKey={(c) => c.id}
        searchLabel={t("contacts.search")}
        empty={{ icon: IconAddressBook, title: t("contacts.empty"), text: t("contacts.emptyText"), action: bring }}
        toolbar={<OptionSelect source="groups" aria-label={t("contacts.group")} placeholder={t("contacts.anyGroup")} w={230} clearable value={state.filters.group ?? ""} onChange={(g) => state.setFilter("group", g || null)} />}
      />
      <NewContactDialog opened={creating} onClose={creation.close} />
    </Page>
  );
}

const known = new Set(["first_name", "last_name", "email"]);

const columns: Column<Contact>[] = [
  {
    id: "name",
    header: t("contacts.name"),
    fixed: true,
    cell: (c) => (
      <div>
        <Anchor component={Link} to={`/contacts/${c.id}`} fw={560} className="break">
          {contactName(c)}
        </Anchor>
        <Text size="xs" c="dimmed" className="break">
          {contactDetail(c)}
        </Text>
      </div>
    ),
  },
  { id: "email", header: t("contacts.email"), optional: true, cell: (c) => c.email },
  { id: "external", header: t("contacts.externalId"), optional: true, cell: (c) => c.external_id },
  { id: "created", header: t("contacts.created"), sort: "created", sortDescendingFirst: true, cell: (c) => <Time at={c.created_at} /> },
  { id: "active", header: t("contacts.lastActivity"), sort: "last_activity", sortDescendingFirst: true, cell: (c) => <Time at={c.last_activity_at} /> },
];

// What most lists of people show; the others can be chosen.
const usual = new Set(["company", "city"]);

function fieldColumn(field: Schemas["Field"]): Column<Contact> {
  return { id: `field:${field.code}`, header: field.name || field.code, optional: !usual.has(field.code), cell: (c) => printValue(c.fields[field.code], field) };
}
