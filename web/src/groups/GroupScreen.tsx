import { Box } from "@mantine/core";
import { NavLink, Outlet, useParams } from "react-router";
import { t, type MessageKey } from "../i18n";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/states";
import { StatusBadge } from "../shared/StatusBadge";
import { useGroup } from "./api";
import classes from "./groups.module.css";
import { StatusPanel } from "./StatusPanel";

const sections: { to: string; label: MessageKey }[] = [
  { to: "", label: "group.overview" },
  { to: "condition", label: "group.condition" },
  { to: "contacts", label: "group.contacts" },
  { to: "changes", label: "group.changes" },
  { to: "versions", label: "group.versions" },
];

/** The frame of a group's screens: name, status, recalculation and sections. */
export function Component() {
  const { code = "" } = useParams();
  const query = useGroup(code);
  const group = query.data;
  const back = { to: "/groups", label: t("group.back") };
  if (!group)
    return (
      <Page title={query.isError ? t("error.notFound") : code} back={back}>
        {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
      </Page>
    );
  return (
    <Page title={group.name} back={back} text={group.description || undefined} aside={<StatusBadge status={group.status} size="lg" />}>
      <StatusPanel group={group} />
      <Box component="nav" className={classes.sections} aria-label={t("group.sections")}>
        {sections.map((s) => (
          <NavLink key={s.to} to={s.to || "."} end={s.to === ""} className={classes.section} preventScrollReset>
            {t(s.label)}
          </NavLink>
        ))}
      </Box>
      <Outlet context={group} />
    </Page>
  );
}
