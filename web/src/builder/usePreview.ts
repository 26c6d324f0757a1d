// Counts, sentences and problems of the condition as it is written, by node.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, data, type Schemas } from "../api/client";
import { ApiError, type Problem } from "../api/error";
import { pointers, writeTree, type Tree } from "./document/tree";

export interface NodeNews {
  count?: number;
  /** Of an estimated count: between what it is likely to be. */
  range?: Schemas["Range"] | undefined;
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

/** How long to wait for an exact count, in milliseconds, before an estimate is asked for. */
const patience = 300;

/**
 * Asks a moment after the last keystroke. Answers belong to the question they were asked with, so late ones change nothing.
 * Until the exact answer is there an estimate takes its place, if it comes first.
 */
export function usePreview(tree: Tree, timeZone: string | undefined): Preview {
  const text = useMemo(() => JSON.stringify(writeTree(tree)), [tree]);
  const [asked] = useDebouncedValue(text, 220);
  const exact = useQuery({
    queryKey: ["preview", timeZone ?? "", asked],
    queryFn: ({ signal }) => preview(asked, timeZone, false, signal),
    staleTime: 5_000,
    gcTime: 60_000,
    // Where counting takes long it is not to go on all the time.
    refetchInterval: (query) => Math.max(15_000, 20 * (query.state.data?.took ?? 0)),
  });
  const isLate = useIsLate(asked);
  const estimate = useQuery({
    queryKey: ["preview-estimate", timeZone ?? "", asked],
    queryFn: ({ signal }) => preview(asked, timeZone, true, signal),
    enabled: isLate && exact.isPending,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: false,
  });
  const answer = asked === text ? (exact.data ?? estimate.data)?.answer : undefined;
  const last = useRef<{ total: Schemas["Preview"] | undefined; news: Map<string, NodeNews> }>({ total: undefined, news: new Map() });
  const shown = useMemo(() => {
    if (answer) last.current = { total: answer, news: newsOf(tree, answer) };
    return last.current;
  }, [answer, tree]);
  return { ...shown, problems: shown.total?.problems ?? [], stale: !answer, error: exact.isError ? exact.error : null, retry: () => void exact.refetch() };
}

/** Whether a question has been there for so long that its answer is late. */
function useIsLate(asked: string): boolean {
  const [late, setLate] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setLate(asked), patience);
    return () => clearTimeout(timer);
  }, [asked]);
  return late === asked;
}

interface Timed {
  answer: Schemas["Preview"];
  /** Milliseconds. */
  took: number;
}

async function preview(condition: string, timeZone: string | undefined, estimate: boolean, signal: AbortSignal): Promise<Timed> {
  const began = performance.now();
  try {
    const body = { condition: JSON.parse(condition), time_zone: timeZone, ...(estimate && { estimate }) };
    const answer = await data(api.POST("/api/v1/conditions/preview", { body, signal }));
    return { answer, took: performance.now() - began };
  } catch (error) {
    // A condition that cannot be counted at all still has its problems in their places.
    if (error instanceof ApiError && error.status === 422 && error.problems.length > 0) {
      const problems = error.problems.map((p) => ({ ...p, location: p.location.replace(/^\/condition/, "") }));
      return { answer: { count: 0, contacts: 0, exact: true, looked_at: 0, per_group: [], per_condition: [], sentence: "", problems, as_of: new Date().toISOString() }, took: 0 };
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
    if (news) Object.assign(news, { count: counted.count, range: counted.range, sentence: counted.sentence });
  }
  for (const problem of answer.problems) {
    // The problem belongs to the deepest node around its place.
    let at = problem.location;
    while (at && !byPointer.has(at)) at = at.slice(0, at.lastIndexOf("/"));
    out.get(byPointer.get(at) ?? "")?.problems.push({ ...problem, location: problem.location.slice(at.length) });
  }
  return out;
}
