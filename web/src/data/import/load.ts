// Sends rows in chunks and gathers what was not taken.
import { api, data, type Schemas } from "../../api/client";

export interface Rejected {
  /** The row's place in the file's rows, from 0. */
  row: number;
  reason: string;
}

export interface Progress {
  done: number;
  accepted: number;
  duplicate: number;
  expired: number;
  rejected: Rejected[];
}

export interface Row {
  row: number;
  line: Record<string, unknown>;
}

const chunk = 1000;

/** Loads rows; says after every chunk how far it is. Stops when the signal says so. */
export async function load(rows: Row[], start: Progress, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Progress> {
  let progress = start;
  for (let i = 0; i < rows.length && !signal.aborted; i += chunk) {
    const part = rows.slice(i, i + chunk);
    const lines = await send(part, signal);
    const next = { ...progress, done: progress.done + part.length, rejected: [...progress.rejected] };
    for (const l of lines) {
      if (l.summary) {
        next.accepted += l.summary.accepted;
        next.duplicate += l.summary.duplicate;
        next.expired += l.summary.expired;
        if (!l.summary.complete) throw new Error(reasonOf(l.error));
      } else if (l.status === "rejected") {
        next.rejected.push({ row: part[l.line - 1]?.row ?? 0, reason: reasonOf(l.error) });
      }
    }
    progress = next;
    onProgress(progress);
  }
  return progress;
}

async function send(part: Row[], signal: AbortSignal): Promise<Schemas["LoadLine"][]> {
  const answer = await data(
    api.POST("/api/v1/changes", {
      params: { query: { results: "rejected" } },
      body: part.map((r) => JSON.stringify(r.line)).join("\n") as never,
      bodySerializer: (body: unknown) => body as string,
      headers: { "Content-Type": "application/x-ndjson" },
      parseAs: "text",
      signal,
    }),
  );
  return String(answer)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Schemas["LoadLine"]);
}

function reasonOf(error: Schemas["ItemError"] | undefined): string {
  if (!error) return "";
  const places = (error.errors ?? []).map((p) => p.message).filter((m) => m !== error.message);
  return [error.message, ...places].join("; ");
}
