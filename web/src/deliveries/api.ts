// Webhooks and connectors, as the server answers them.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { $api, api, data, type Schemas } from "../api/client";
import { t } from "../i18n";
import { notifyDone, notifyError } from "../shared/notify";

export type Webhook = Schemas["Webhook"];
export type Connector = Schemas["Connector"];
export type Delivery = Schemas["Delivery"];
export type Cause = Schemas["Cause"]["kind"];

/** What people decide about a listmonk connector, without its token. */
export interface ListmonkSettings {
  url: string;
  username: string;
  list_id: number;
  confirmed?: boolean;
}

export const settingsOf = (c: Connector) => c.settings as ListmonkSettings;
export const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);
export const nameOfWebhook = (w: Webhook) => w.description || hostOf(w.url);

/** What delivers is looked at again every few seconds. */
export const often = { refetchInterval: 3000 };

type Area = "webhooks" | "connectors";

/**
 * Answers a function that asks again for everything about webhooks or connectors, also for lists that are not on the
 * screen: who comes back to one does not see what was deleted.
 */
export function useChanged(area: Area) {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ predicate: (q) => typeof q.queryKey[1] === "string" && q.queryKey[1].startsWith(`/api/v1/${area}`), refetchType: "all" }), [client, area]);
}

/** Answers a function that does something, says that it was done, and asks again for what follows. */
export function useAct(area: Area) {
  const changed = useChanged(area);
  return useCallback(
    async (what: () => Promise<unknown>, message?: string) => {
      try {
        await what();
        if (message) notifyDone(message);
      } catch (error) {
        notifyError(error);
      }
      await changed();
    },
    [changed],
  );
}

const at = (id: string) => ({ params: { path: { id } } });

export const webhookActs = {
  pause: (id: string) => api.POST("/api/v1/webhooks/{id}/pause", at(id)),
  resume: (id: string) => api.POST("/api/v1/webhooks/{id}/resume", at(id)),
  remove: (id: string) => api.DELETE("/api/v1/webhooks/{id}", at(id)),
  rotate: (id: string) => data(api.POST("/api/v1/webhooks/{id}/secret", at(id))),
  test: (id: string) => data(api.POST("/api/v1/webhooks/{id}/test", at(id))),
  replay: (id: string, delivery: string) => data(api.POST("/api/v1/webhooks/{id}/deliveries/{delivery}/replay", { params: { path: { id, delivery } } })),
  rewind: (id: string, after: number) => api.POST("/api/v1/webhooks/{id}/replay", { ...at(id), body: { after } }),
};

export const connectorActs = {
  pause: (id: string) => api.POST("/api/v1/connectors/{id}/pause", at(id)),
  resume: (id: string) => api.POST("/api/v1/connectors/{id}/resume", at(id)),
  compare: (id: string) => api.POST("/api/v1/connectors/{id}/compare", at(id)),
  remove: (id: string) => api.DELETE("/api/v1/connectors/{id}", at(id)),
  test: (id: string) => data(api.POST("/api/v1/connectors/{id}/test", at(id))),
};

export const useWebhook = (id: string) => $api.useQuery("get", "/api/v1/webhooks/{id}", at(id), often);
export const useConnector = (id: string) => $api.useQuery("get", "/api/v1/connectors/{id}", at(id), often);

/** Words for how a test or a replay went: null when it did not arrive. */
export function saidOf(delivery: Delivery, key: "webhooks.testOk" | "log.replayed"): string | null {
  return delivery.status === "delivered" ? t(key, { status: String(delivery.status_code), ms: delivery.duration_ms }) : null;
}
