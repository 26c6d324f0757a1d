// The two event streams of the server as one list, latest first. While paused,
// what comes is kept aside; the list is bounded.
import { useEffect, useReducer } from "react";
import type { Schemas } from "../api/client";

export interface LiveActivity {
  kind: "activity";
  key: number;
  arrived: number;
  contact: string;
  activity: Schemas["Activity"];
}

export interface LiveChange {
  kind: "entered" | "left";
  key: number;
  arrived: number;
  contact: string | null; // null once the person is erased
  change: Schemas["Change"];
}

export type LiveItem = LiveActivity | LiveChange;
export type Connection = "connecting" | "open" | "lost";

interface State {
  items: LiveItem[];
  waiting: LiveItem[];
  missed: number;
  paused: boolean;
  connection: Connection;
}

type Action = { do: "add"; items: LiveItem[] } | { do: "pause"; on: boolean } | { do: "missed"; n: number } | { do: "clear" } | { do: "connection"; is: Connection };

const most = 300;

function reduce(state: State, action: Action): State {
  switch (action.do) {
    case "add":
      if (state.paused) return { ...state, waiting: [...action.items, ...state.waiting].slice(0, most) };
      return { ...state, items: [...action.items, ...state.items].slice(0, most) };
    case "pause":
      return { ...state, paused: action.on, items: action.on ? state.items : [...state.waiting, ...state.items].slice(0, most), waiting: [] };
    case "missed":
      return { ...state, missed: state.missed + action.n };
    case "clear":
      return { ...state, items: [], waiting: [], missed: 0 };
    case "connection":
      return { ...state, connection: action.is };
  }
}

export function useLive() {
  const [state, dispatch] = useReducer(reduce, { items: [], waiting: [], missed: 0, paused: false, connection: "connecting" });
  useEffect(() => {
    let key = 0;
    let batch: LiveItem[] = [];
    const sources = [new EventSource("/api/v1/activities/stream"), new EventSource("/api/v1/changes/stream")];
    // What comes together is shown together: one render, however much happens.
    const timer = setInterval(() => {
      if (batch.length === 0) return;
      dispatch({ do: "add", items: batch.toReversed() });
      batch = [];
    }, 400);
    const push = (item: LiveItem) => {
      if (batch.length < most) batch.push(item);
    };
    const [activities, changes] = sources as [EventSource, EventSource];
    activities.addEventListener("activity", (event: MessageEvent<string>) => {
      const { contact_id, ...activity } = JSON.parse(event.data) as Schemas["Activity"] & { contact_id: string };
      push({ kind: "activity", key: ++key, arrived: Date.now(), contact: contact_id, activity });
    });
    activities.addEventListener("missed", (event: MessageEvent<string>) => dispatch({ do: "missed", n: (JSON.parse(event.data) as { count: number }).count }));
    for (const kind of ["entered", "left"] as const)
      changes.addEventListener(kind, (event: MessageEvent<string>) => {
        const change = JSON.parse(event.data) as Schemas["Change"];
        push({ kind, key: ++key, arrived: Date.now(), contact: change.contact_id, change });
      });
    for (const s of sources) {
      s.addEventListener("open", () => sources.every((other) => other.readyState === EventSource.OPEN) && dispatch({ do: "connection", is: "open" }));
      s.addEventListener("error", () => dispatch({ do: "connection", is: "lost" }));
    }
    return () => {
      clearInterval(timer);
      sources.forEach((s) => s.close());
    };
  }, []);
  return [state, dispatch] as const;
}
