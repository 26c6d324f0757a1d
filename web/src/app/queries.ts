import { QueryClient } from "@tanstack/react-query";
import { isTransient, OfflineError } from "../api/error";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => isTransient(error) && failures < (error instanceof OfflineError ? 2 : 1),
      retryDelay: (attempt) => 500 * 2 ** attempt,
      // The browser's idea of being online says nothing about a server on the same machine.
      networkMode: "always",
      // That it is online again does say that what failed may be asked for once more.
      refetchOnReconnect: true,
    },
    mutations: { networkMode: "always" },
  },
});
