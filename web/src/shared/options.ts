// The values that a source under /options holds, searched on the server.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { $api, api, data, type Schemas } from "../api/client";

export type SourceOption = Schemas["SourceOption"];

/**
 * Searches a source; null is no source. Types restrict the source attributes.
 * Until the answer is there, those of the last one that fit are shown: whoever types
 * and presses Enter at once must not choose what was on top before.
 */
export function useOptions(source: string | null, text: string, types?: string[]) {
  const [q] = useDebouncedValue(text, 150);
  const found = $api.useQuery(
    "get",
    "/api/v1/options/{source}",
    { params: { path: { source: source ?? "" }, query: { q, ...(types?.length ? { types } : {}), limit: 50 } } },
    { enabled: source !== null, placeholderData: keepPreviousData, staleTime: 30_000, retry: false },
  );
  const stale = q !== text || found.isPlaceholderData;
  const items = found.data?.items;
  return { items: stale ? items?.filter((o) => contains(`${o.name}\n${o.code}`, text)) : items, searching: found.isFetching || stale };
}

/** Whether a text contains another, in any case. */
export const contains = (text: string, part: string) => text.toLocaleLowerCase().includes(part.trim().toLocaleLowerCase());

/** The options of these codes: names and kinds for what is already chosen. */
export function useChosenOptions(source: string | null, codes: string[], types?: string[]): Map<string, SourceOption> {
  const results = useQueries({
    queries: (source === null ? [] : codes).map((code) => ({
      queryKey: ["option", source, code, types?.join() ?? ""],
      staleTime: 60_000,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const page = await data(api.GET("/api/v1/options/{source}", { params: { path: { source: source! }, query: { q: code, ...(types?.length ? { types } : {}), limit: 500 } }, signal }));
        return page.items.find((o) => o.code === code) ?? null;
      },
    })),
  });
  const found = results.map((r) => r.data).filter((o): o is SourceOption => Boolean(o));
  const key = found.map((o) => `${o.code}\t${o.name}\t${o.kinds?.join()}`).join("\n");
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says when the options differ.
  return useMemo(() => new Map(found.map((o) => [o.code, o])), [key]);
}

/** The first of these values that the source does not know, and what it knows instead that contains it. */
export function useUnknown(source: string | null, values: string[]): { value: string; instead?: string } | undefined {
  const asked = source === null ? [] : values.filter((v) => !/[*?]/.test(v)).slice(0, 10);
  const results = useQueries({
    queries: asked.map((value) => ({
      queryKey: ["option like", source, value],
      staleTime: 60_000,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await data(api.GET("/api/v1/options/{source}", { params: { path: { source: source! }, query: { q: value, limit: 500 } }, signal }))).items.map((o) => o.code),
    })),
  });
  const i = results.findIndex((r, i) => r.data && !r.data.some((code) => code.toLocaleLowerCase() === asked[i]!.toLocaleLowerCase()));
  return i < 0 ? undefined : { value: asked[i]!, instead: results[i]!.data![0] };
}
