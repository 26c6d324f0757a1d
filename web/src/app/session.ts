// Who is signed in. The session is a query like any other; null is nobody.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { call, onExpired, setCsrf } from "../api/client";
import { ApiError } from "../api/error";
import { queries } from "./queries";
import type { Methods, Role, Session, User } from "./session-types";

export type { Methods, Role, Session, User };
export const sessionKey = ["session"];

let lastUser: User | null = null;

async function readSession(signal?: AbortSignal): Promise<Session | null> {
  try {
    return remember(await call<Session>("GET", "/api/v1/session", { signal }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

function remember(session: Session): Session {
  lastUser = session.user;
  setCsrf(session.csrf);
  return session;
}

onExpired(() => queries.setQueryData(sessionKey, null));

export function useSessionQuery() {
  return useQuery({ queryKey: sessionKey, queryFn: ({ signal }) => readSession(signal), staleTime: 60_000 });
}

/** Whether somebody was signed in since the page was loaded: then what they see stays. */
export const hadSession = () => lastUser !== null;

/** The signed-in user. Only below SessionGate. */
export function useUser(): User {
  const { data: session } = useSessionQuery();
  return session?.user ?? lastUser!;
}

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Whether the user's role includes another one: useMay("editor"). */
export function useMay(role: Role): boolean {
  return ranks[useUser().role] >= ranks[role];
}

/** Answers a function that takes a new session into use. */
export function useSessionBegun() {
  const client = useQueryClient();
  return useCallback(
    async (session: Session) => {
      client.setQueryData(sessionKey, remember(session));
      // What failed while nobody was signed in is asked again.
      await client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    },
    [client],
  );
}

export function useSignIn() {
  const begun = useSessionBegun();
  return useCallback(async (email: string, password: string) => begun(await call<Session>("POST", "/api/v1/session", { body: { email, password } })), [begun]);
}

/** How people may sign in here. */
export function useMethods() {
  return useQuery({ queryKey: ["session", "methods"], queryFn: ({ signal }) => call<Methods>("GET", "/api/v1/session/methods", { signal }), staleTime: Infinity });
}

/** Ends the session, and with a new page everything that was in this one. */
export async function signOut() {
  await call<void>("DELETE", "/api/v1/session");
  location.assign("/");
}
