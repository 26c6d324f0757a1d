// The one way to the server: a typed client and query hooks, both made from the
// OpenAPI document. Everything that is not a 2xx becomes an ApiError.
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryHooks from "openapi-react-query";
import type { components, paths } from "./schema";
import { ApiError, OfflineError } from "./error";

export type Schemas = components["schemas"];

let csrf = "";
let expired = () => {};

/** Remembers the token that every changing request has to carry. */
export function setCsrf(token: string) {
  csrf = token;
}

/** Calls back when the server says that the session has ended. */
export function onExpired(callback: () => void) {
  expired = callback;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (csrf && request.method !== "GET") request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return undefined;
    const error = await ApiError.of(response);
    if (response.status === 401 && !schemaPath.startsWith("/api/v1/session")) expired();
    throw error;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new OfflineError();
  },
};

export const api = createFetchClient<paths>({ credentials: "same-origin" });
api.use(middleware);

export const $api = createQueryHooks(api);

/** The data of an answer. The middleware has thrown on everything but success. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** Calls what the document does not describe, with the same errors. Prefer api. */
export async function call<T>(method: string, path: string, options: { body?: unknown; signal?: AbortSignal } = {}): Promise<T> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let response: Response;
  try {
    // eslint-disable-next-line no-restricted-globals -- this is the client.
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      signal: options.signal,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError();
  }
  if (!response.ok) {
    const error = await ApiError.of(response);
    if (response.status === 401 && !path.startsWith("/api/v1/session")) expired();
    throw error;
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}
