import { Anchor, Button, Menu, Text, TextInput } from "@mantine/core";
import { IconDownload, IconUsers } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";
import { $api, type Schemas } from "../api/client";
import { t } from "../i18n";
import { formatInstant } from "../i18n/format";
import { contactDetail, contactName } from "../shared/person";
import { usePageTitle } from "../shared/Page";
import { listOptions, ServerTable, type Column } from "../shared/ServerTable";
import { Time } from "../shared/Time";
import { useListState } from "../shared/useListState";
import { useThisGroup } from "./api";
import { CauseText } from "./CauseText";

type Member = Schemas["Member"];

/** Who is in the group, now or at an instant. */
export function Component() {
  const group = useThisGroup();
  usePageTitle(`${t("group.contacts")}: ${group.name}`);
  const [params] = useSearchParams();
  const at = params.get("at");
  const past = at !== null;
  const state = useListState({ sort: past ? "created" : "-since", filters: ["at"] });
  const sort = past ? "created" : state.sort;
  const instant = at ? new Date(at).toISOString() : undefined;
  const path = { code: group.code };
  const query = $api.useQuery(
    "get",
    "/api/v1/groups/{code}/contacts",
    { params: { path, query: { search: state.search || undefined, sort: sort as "since", at: instant, cursor: state.cursor, limit: 50 } } },
    listOptions,
  );
  const count = $api.useQuery("get", "/api/v1/groups/{code}/contacts/count", { params: { path, query: { at: instant } } }, listOptions);
  const fields = $api.useQuery("get", "/api/v1/fields", {}, { staleTime: 60_000 });
  const shown = [...columns.filter((c) => !past || !["since", "why"].includes(c.id)), ...(fields.data?.items ?? []).filter((f) => !known.has(f.code)).map(fieldColumn)];
  const file = (form: string) => `/api/v1/groups/${encodeURIComponent(group.code)}/contacts.${form}${instant ? `?at=${encodeURIComponent(instant)}` : ""}`;

  return (
    <ServerTable
      id="members"
      label={t("members.table", { name: group.name })}
      columns={shown}
      query={query}
      state={{ ...state, sort, isFiltered: state.search !== "" }}
      rowKey={(m) => m.id}
      searchLabel={t("members.search")}
      empty={{ icon: IconUsers, title: t("members.empty"), text: group.status === "never_calculated" ? t("members.emptyNever") : t("members.emptyText") }}
      toolbar={
        <>
          <TextInput
            type="datetime-local"
            aria-label={t("members.at")}
            title={t("members.atHint")}
            leftSection={<Text size="xs">{t("members.at")}</Text>}
            leftSectionWidth={56}
            value={at ?? ""}
            onChange={(e) => state.setFilter("at", e.currentTarget.value || null)}
          />
          <Menu position="bottom-start">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={17} aria-hidden />}>
                {t("members.export")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component="a" href={file("csv")} download>
                {t("members.csv")}
              </Menu.Item>
              <Menu.Item component="a" href={file("ndjson")} download>
                {t("members.ndjson")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {count.data && (
            <Text size="sm" c="dimmed" className="numbers" pb={8}>
              {t("members.count", { n: count.data.count })}
              {past && count.data.at && ` · ${formatInstant(count.data.at)}`}
            </Text>
          )}
        </>
      }
    />
  );
}

const known = new Set(["first_name", "last_name", "email", "created_at", "last_activity_at"]);

const columns: Column<Member>[] = [
  {
    id: "name",
    header: t("members.name"),
    fixed: true,
    cell: (m) => (
      <div>
        <Anchor component={Link} to={`/contacts/${m.id}`} fw={560} className="break">
          {contactName(m)}
        </Anchor>
        <Text size="xs" c="dimmed" className="break">
          {contactDetail(m)}
        </Text>
      </div>
    ),
  },
  { id: "since", header: t("members.since"), sort: "since", sortDescendingFirst: true, cell: (m) => <Time at={m.since} /> },
  { id: "why", header: t("members.why"), cell: (m) => m.cause && <CauseText cause={m.cause} /> },
  { id: "email", header: t("members.email"), optional: true, cell: (m) => m.email },
  { id: "external", header: t("members.externalId"), optional: true, cell: (m) => m.external_id },
  { id: "created", header: t("members.created"), sort: "created", optional: true, cell: (m) => <Time at={m.created_at} /> },
  { id: "active", header: t("members.lastActivity"), cell: (m) => <Time at={m.last_activity_at} /> },
];

function fieldColumn(field: Schemas["Field"]): Column<Member> {
  return {
    id: `field:${field.code}`,
    header: field.name || field.code,
    optional: true,
    cell: (m) => {
      const value = m.fields[field.code];
      return Array.isArray(value) ? value.join(", ") : value === undefined || value === null ? null : typeof value === "boolean" ? (value ? t("state.yes") : t("state.no")) : String(value);
    },
  };
}
