// Conditions found by the values that they may ask for: a page, a form, a country.
import { useDebouncedValue } from "@mantine/hooks";
import { useQueries } from "@tanstack/react-query";
import { api, data } from "../api/client";
import { paramsOf, type ParamInfo, type TypeInfo } from "./catalog";
import type { ParamValues } from "./document/tree";

export interface FoundValue {
  type: TypeInfo;
  /** Of the value, as people know it. */
  name: string;
  /** What the condition begins with. */
  params: ParamValues;
}

/** From how many characters on values are searched, how many a source is asked for, and how many of one condition type and of all are shown. */
const [shortest, asked, ofEach, ofAll] = [3, 30, 3, 9];

const lists = ["codes", "texts"];

/**
 * Searches every source of which a type's condition is mainly about one value. A value
 * that is named like the text comes first, then one that begins like it.
 */
export function useFoundValues(types: TypeInfo[], text: string): { found: FoundValue[]; searching: boolean } {
  const wanted = text.trim();
  const [q] = useDebouncedValue(wanted, 200);
  const askers = types.flatMap((type) => {
    const param = mainParam(type);
    return param ? [{ type, param, source: param.source! }] : [];
  });
  const enabled = q === wanted && q.length >= shortest;
  const sources = enabled ? [...new Set(askers.map((a) => a.source))] : [];
  const answers = useQueries({
    queries: sources.map((source) => ({
      queryKey: ["find", source, q],
      staleTime: 60_000,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await data(api.GET("/api/v1/options/{source}", { params: { path: { source }, query: { q, limit: asked } }, signal }))).items,
    })),
  });
  // All at once, as whoever is about to press one does not want it to move. What cannot be searched finds nothing.
  const searching = wanted.length >= shortest && (q !== wanted || answers.some((a) => a.isPending));
  if (searching || !enabled) return { found: [], searching };
  const found = askers.flatMap(({ type, param, source }) =>
    (answers[sources.indexOf(source)]?.data ?? [])
      .map((option) => ({ type, name: option.name || option.code, params: { [param.name]: lists.includes(param.kind) ? [option.code] : option.code } }))
      .toSorted((a, b) => distance(a.name, q) - distance(b.name, q))
      .slice(0, ofEach),
  );
  return { found: found.toSorted((a, b) => distance(a.name, q) - distance(b.name, q)).slice(0, ofAll), searching };
}

/** How far a name is from a text that it contains: the text itself, begun by it, or further. */
function distance(name: string, text: string): number {
  const [bare, sought] = [name, text].map((t) => t.toLowerCase().replace(/^[^\p{L}\p{N}]+/u, ""));
  return bare === sought ? 0 : bare!.startsWith(sought!) ? 1 : 2;
}

/** The one parameter that has to be given, if it is a value of a source by itself. */
function mainParam(type: TypeInfo): ParamInfo | undefined {
  const needed = paramsOf(type).filter((p) => p.required);
  const [param] = needed;
  return needed.length === 1 && param?.source && !param.source.includes("{") && ["code", "text", ...lists].includes(param.kind) ? param : undefined;
}
