// The five kinds of definitions, told apart by what their forms hold. What each
// means is the server's business.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { call, type Schemas } from "../api/client";

export const kinds = ["fields", "activity-types", "consents", "lists", "channels"] as const;
export type Kind = (typeof kinds)[number];

/** A definition of any kind, with the members that its kind has. */
export type Definition = Pick<Schemas["Field"], "code" | "name"> & Partial<Schemas["Field"]> & Partial<Schemas["ActivityType"]> & Partial<Schemas["Named"]>;

export const valueTypes = ["text", "number", "boolean", "date", "datetime", "choice", "choices"] as const;
export const attributeTypes = ["text", "number", "boolean", "datetime"] as const;
export const channelKinds = ["website", "email", "app", "other"] as const;

const listPath = (kind: Kind) => `/api/v1/${kind}`;
export const definitionPath = (kind: Kind, code: string) => `${listPath(kind)}/${encodeURIComponent(code)}`;

/** All definitions of a kind; the cache is that of $api.useQuery. */
export function useDefinitions(kind: Kind) {
  return useQuery({ queryKey: ["get", listPath(kind), {}], queryFn: ({ signal }) => call<{ items: Definition[]; next: string | null }>("GET", listPath(kind), { signal }), staleTime: 60_000 });
}

export function useUsage(kind: Kind, code: string) {
  return useQuery({ queryKey: ["get", `${listPath(kind)}/usage`, code], queryFn: ({ signal }) => readUsage(kind, code, signal) });
}

export const readUsage = (kind: Kind, code: string, signal?: AbortSignal) => call<Schemas["Usage"]>("GET", `${definitionPath(kind, code)}/usage`, { signal });

export function saveDefinition(kind: Kind, definition: Definition, isNew: boolean) {
  return isNew ? call<Definition>("POST", listPath(kind), { body: definition }) : call<Definition>("PUT", definitionPath(kind, definition.code), { body: definition });
}

export const deleteDefinition = (kind: Kind, code: string) => call<void>("DELETE", definitionPath(kind, code));

/** Asks again for the kind's definitions and all that is made of them. */
export function useDefinitionsChanged() {
  const client = useQueryClient();
  return useCallback(
    (kind: Kind) => {
      void client.invalidateQueries({ predicate: (q) => q.queryKey.some((part) => typeof part === "string" && (part.startsWith(listPath(kind)) || part.startsWith("/api/v1/options"))) });
      void client.invalidateQueries({ queryKey: ["option"] });
      void client.invalidateQueries({ queryKey: ["get", "/api/v1/catalog"] });
    },
    [client],
  );
}
