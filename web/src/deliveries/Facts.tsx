import { Card, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./deliveries.module.css";

/** A card of labelled facts. */
export function Facts({ title, rows }: { title: string; rows: [string, ReactNode][] }) {
  return (
    <Card>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      <dl className={classes.facts}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
