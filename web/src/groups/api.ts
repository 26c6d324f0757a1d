import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useOutletContext } from "react-router";
import { $api, type Schemas } from "../api/client";

export type Group = Schemas["Group"];

const path = (code: string) => ({ params: { path: { code } } });

/** A group, looked at more often while it is being recalculated. */
export function useGroup(code: string) {
  return $api.useQuery("get", "/api/v1/groups/{code}", path(code), {
    refetchInterval: (query) => (query.state.data?.status === "recalculating" ? 400 : 10_000),
  });
}

/** The group whose screen this is. */
export const useThisGroup = () => useOutletContext<Group>();

/** Answers a function that takes a group's new state from an answer, and asks again for all that follows from it. */
export function useGroupChanged() {
  const client = useQueryClient();
  return useCallback(
    (group?: Group) => {
      if (group) client.setQueryData($api.queryOptions("get", "/api/v1/groups/{code}", path(group.code)).queryKey, group);
      void client.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith("/api/v1/groups") });
      void client.invalidateQueries({ queryKey: ["option", "groups"] });
    },
    [client],
  );
}
