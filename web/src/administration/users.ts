// Users as session endpoints describe them.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client";
import type { Role } from "../app/session-types";

export interface Account {
  id: string;
  email: string;
  name: string;
  role: Role;
  status: "active" | "invited" | "disabled";
  created_at: string;
  last_signed_in_at: string | null;
}

/** A link that sets a password once. */
export interface OnceLink {
  path: string;
  url: string;
  expires_at: string;
}

const path = (id: string) => `/api/v1/users/${encodeURIComponent(id)}`;
export const usersKey = ["get", "/api/v1/users"];

export const useAccounts = () => useQuery({ queryKey: usersKey, queryFn: ({ signal }) => call<{ items: Account[]; next: string | null }>("GET", "/api/v1/users", { signal }) });
export const invite = (body: { email: string; name?: string; role: Role }) => call<{ user: Account; link: OnceLink }>("POST", "/api/v1/users", { body });
export const changeAccount = (id: string, body: { name?: string; role?: Role; disabled?: boolean }) => call<Account>("PATCH", path(id), { body });
export const deleteAccount = (id: string) => call<void>("DELETE", path(id));
export const newLink = (id: string) => call<OnceLink>("POST", `${path(id)}/link`);
