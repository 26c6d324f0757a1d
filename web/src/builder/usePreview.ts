// Counts, sentences and problems of the condition as it is written, by node.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { api, data, type Schemas } from "../api/client";
import { ApiError, type Problem } from "../api/error";
import { pointers, writeTree, type Tree } from "./document/tree";

export interface NodeNews {
  count?: number;
  sentence?: string;
  /** Problems inside of the node itself, located below it. */
  problems: Problem[];
}

export interface Preview {
  total: Schemas["Preview"] | undefined;
  news: Map<string, NodeNews>;
  problems: Problem[];
  /** What is shown is of an earlier state. */
  stale: boolean;
  error: unknown;
  retry: () => void;
}

/** Asks a moment after the last keystroke. Answers belong to the question they were asked with, so late ones change nothing. */
export function usePreview(tree: Tree, timeZone: string | undefined): Preview {
  const text = useMemo(() => JSON.stringify(writeTree(tree)), [tree]);
  const [asked] = useDebouncedValue(text, 220);
  const query = useQuery({
    queryKey: ["preview", timeZone ?? "", asked],
    queryFn: ({ signal }) => preview(asked, timeZone, signal),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    gcTime: 60_000,
    refetchInterval: 15_000,
  });
  const fresh = asked === text && query.isSuccess && !query.isPlaceholderData;
  const last = useRef(new Map<string, NodeNews>());
  const news = useMemo(() => {
    if (fresh) last.current = newsOf(tree, query.data);
    return last.current;
  }, [fresh, tree, query.data]);
  return { total: query.data, news, problems: query.data?.problems ?? [], stale: !fresh, error: query.isError ? query.error : null, retry: () => void query.refetch() };
}

async function preview(condition: string, timeZone: string | undefined, signal: AbortSignal): Promise<Schemas["Preview"]> {
  try {
    return await data(api.POST("/api/v1/conditions/preview", { body: { condition: JSON.parse(condition), time_zone: timeZone }, signal }));
  } catch (error) {
    // A condition that cannot be counted at all still has its problems in their places.
    if (error instanceof ApiError && error.status === 422 && error.problems.length > 0) {
      const problems = error.problems.map((p) => ({ ...p, location: p.location.replace(/^\/condition/, "") }));
      return { count: 0, contacts: 0, per_group: [], per_condition: [], sentence: "", problems, as_of: new Date().toISOString() };
    }
    throw error;
  }
}

function newsOf(tree: Tree, answer: Schemas["Preview"]): Map<string, NodeNews> {
  const byPointer = new Map<string, string>();
  const out = new Map<string, NodeNews>();
  for (const [id, pointer] of pointers(tree)) {
    byPointer.set(pointer, id);
    out.set(id, { problems: [] });
  }
  for (const counted of [...answer.per_group, ...answer.per_condition]) {
    const news = out.get(byPointer.get(counted.pointer) ?? "");
    if (news) Object.assign(news, { count: counted.count, sentence: counted.sentence });
  }
  for (const problem of answer.problems) {
    // The problem belongs to the deepest node around its place.
    let at = problem.location;
    while (at && !byPointer.has(at)) at = at.slice(0, at.lastIndexOf("/"));
    out.get(byPointer.get(at) ?? "")?.problems.push({ ...problem, location: problem.location.slice(at.length) });
  }
  return out;
}
