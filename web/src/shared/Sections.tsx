import { Box } from "@mantine/core";
import { NavLink } from "react-router";
import classes from "./Sections.module.css";

/** The sections of a screen, as links. A deep one is current on the pages below it, too. */
export function Sections({ label, items }: { label: string; items: { to: string; label: string; deep?: boolean }[] }) {
  return (
    <Box component="nav" className={classes.sections} aria-label={label}>
      {items.map((s) => (
        <NavLink key={s.to} to={s.to} end={!s.deep} className={classes.section} preventScrollReset>
          {s.label}
        </NavLink>
      ))}
    </Box>
  );
}
