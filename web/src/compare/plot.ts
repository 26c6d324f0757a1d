// The geometry of an UpSet plot: a column per combination of groups, bars above
// for its size, dots below for the groups in it, and bars at the left for the
// groups' own sizes.
import type { Schemas } from "../api/client";

export interface PlotColumn {
  /** Names the combination. */
  key: string;
  groups: string[];
  only: number;
  count: number;
  x: number;
  height: number;
}

export interface Plot {
  columns: PlotColumn[];
  step: number;
  barsHeight: number;
  rowHeight: number;
  width: number;
  height: number;
}

const barsHeight = 200;
const rowHeight = 32;

export const keyOf = (groups: string[]) => groups.join("\n");

/** Lays the combinations out, the largest first; those that nobody is in only by number of groups. */
export function layOut(overlap: Schemas["Overlap"], step: number): Plot {
  const sorted = [...overlap.intersections].sort((a, b) => b.only - a.only || a.groups.length - b.groups.length);
  const shown = sorted.filter((i) => i.only > 0);
  const largest = Math.max(1, ...shown.map((i) => i.only));
  return {
    columns: shown.map((i, n) => ({ key: keyOf(i.groups), groups: i.groups, only: i.only, count: i.count, x: n * step + step / 2, height: Math.max(2, (i.only / largest) * (barsHeight - 26)) })),
    step,
    barsHeight,
    rowHeight,
    width: Math.max(step, shown.length * step),
    height: barsHeight + 14 + overlap.groups.length * rowHeight,
  };
}
