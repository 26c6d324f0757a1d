import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";

/** The state of a list that the server searches, sorts, filters and pages. It stands in the address. */
export interface ListState {
  /** What stands in the search field; search follows a moment later. */
  typed: string;
  setTyped: (text: string) => void;
  search: string;
  sort: string;
  setSort: (sort: string) => void;
  filters: Record<string, string>;
  setFilter: (name: string, value: string | null) => void;
  isFiltered: boolean;
  clear: () => void;
  cursor: string | undefined;
  page: number;
  toNext: (cursor: string) => void;
  toPrevious: () => void;
}

export function useListState(options: { sort?: string; filters?: string[] } = {}): ListState {
  const [params, setParams] = useSearchParams();
  const names = useMemo(() => options.filters ?? [], [options.filters?.join()]); // eslint-disable-line react-hooks/exhaustive-deps
  const [typed, setTyped] = useState(params.get("search") ?? "");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [cursors, setCursors] = useState<string[]>([]);

  const set = useCallback(
    (name: string, value: string | null) => {
      setCursors([]);
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true, preventScrollReset: true },
      );
    },
    [setParams],
  );
  useEffect(() => {
    if ((params.get("search") ?? "") !== search) set("search", search);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the address follows the field, not the other way.
  }, [search]);

  const filters = Object.fromEntries(names.map((n) => [n, params.get(n) ?? ""]).filter(([, v]) => v)) as Record<string, string>;
  return {
    typed,
    setTyped,
    search,
    sort: params.get("sort") ?? options.sort ?? "",
    setSort: (sort) => set("sort", sort === options.sort ? null : sort),
    filters,
    setFilter: set,
    isFiltered: search !== "" || Object.keys(filters).length > 0,
    clear: () => {
      setTyped("");
      setCursors([]);
      setParams((old) => {
        const next = new URLSearchParams(old);
        ["search", ...names].forEach((n) => next.delete(n));
        return next;
      });
    },
    cursor: cursors.at(-1),
    page: cursors.length + 1,
    toNext: (cursor) => setCursors((all) => [...all, cursor]),
    toPrevious: () => setCursors((all) => all.slice(0, -1)),
  };
}
