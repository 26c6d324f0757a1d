import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { $api, type Schemas } from "../api/client";

export type Contact = Schemas["Contact"];

const path = (id: string) => ({ params: { path: { id } } });

export function useContact(id: string) {
  return $api.useQuery("get", "/api/v1/contacts/{id}", path(id), { refetchInterval: 20_000 });
}

/** Answers a function that takes a contact's new state and asks again for what follows from it. */
export function useContactChanged() {
  const client = useQueryClient();
  return useCallback(
    (contact?: Contact) => {
      if (contact) client.setQueryData($api.queryOptions("get", "/api/v1/contacts/{id}", path(contact.id)).queryKey, contact);
      void client.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith("/api/v1/contacts") });
      void client.invalidateQueries({ predicate: (q) => q.queryKey[1] === "/api/v1/groups/{code}/explain/{contact}" });
    },
    [client],
  );
}

export const useFields = () => $api.useQuery("get", "/api/v1/fields", {}, { staleTime: 60_000 });
export const useActivityTypes = () => $api.useQuery("get", "/api/v1/activity-types", {}, { staleTime: 60_000 });
