import { Text } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { Schemas } from "../api/client";
import { t } from "../i18n";
import { formatCompact, formatNumber } from "../i18n/format";
import classes from "./compare.module.css";
import { layOut, type PlotColumn } from "./plot";

interface UpSetProps {
  overlap: Schemas["Overlap"];
  nameOf: (code: string) => string;
  chosen: string | null;
  choose: (key: string) => void;
}

/** The overlap drawn: every column is a button that chooses its combination. */
export function UpSet({ overlap, nameOf, chosen, choose }: UpSetProps) {
  const plot = layOut(overlap, 46);
  const top = plot.barsHeight + 14;
  const rowY = (i: number) => top + i * plot.rowHeight + plot.rowHeight / 2;
  const press = (event: KeyboardEvent, c: PlotColumn) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(c.key);
  };
  return (
    <div className={classes.plot}>
      <ol className={classes.names}>
        {overlap.groups.map((g) => (
          <li key={g.code} title={g.name}>
            <Text span inherit truncate>
              {g.name || g.code}
            </Text>
            <span className="numbers">{formatNumber(g.members)}</span>
          </li>
        ))}
      </ol>
      <div className={classes.scroll}>
        <svg width={plot.width} height={plot.height} role="group" aria-label={t("compare.plot")}>
          {overlap.groups.map((g, i) => i % 2 === 0 && <rect key={g.code} className={classes.stripe} x={0} y={rowY(i) - plot.rowHeight / 2} width={plot.width} height={plot.rowHeight} />)}
          {plot.columns.map((c) => {
            const rows = overlap.groups.map((g, i) => (c.groups.includes(g.code) ? i : -1)).filter((i) => i >= 0);
            return (
              <g
                key={c.key}
                className={classes.column}
                role="button"
                tabIndex={0}
                aria-pressed={c.key === chosen}
                aria-label={t("compare.bar", { groups: c.groups.map(nameOf).join(", "), n: c.only })}
                onClick={() => choose(c.key)}
                onKeyDown={(e) => press(e, c)}
              >
                <rect className={classes.hit} x={c.x - plot.step / 2 + 2} y={2} width={plot.step - 4} height={plot.height - 4} />
                <text className={classes.value} x={c.x} y={plot.barsHeight - c.height - 7}>
                  {c.only < 10_000 ? formatNumber(c.only) : formatCompact(c.only)}
                </text>
                <rect className={classes.bar} x={c.x - 11} y={plot.barsHeight - c.height} width={22} height={c.height} rx={3} />
                {rows.length > 1 && <line className={classes.line} x1={c.x} x2={c.x} y1={rowY(rows[0]!)} y2={rowY(rows.at(-1)!)} />}
                {overlap.groups.map((g, i) => (
                  <circle key={g.code} className={classes.dot} data-in={rows.includes(i) || undefined} cx={c.x} cy={rowY(i)} r={7} />
                ))}
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}
