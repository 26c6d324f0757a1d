// A program against the types that a generator makes of the API's document.
// It is compiled strictly; what must not compile is marked, so that types which
// are too loose fail as well as those which are wrong.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Group = components["schemas"]["Group"];
type Change = components["schemas"]["Change"];

/** What a call answered; what it was refused for is thrown. */
function must<T>(call: { data?: T; error?: components["schemas"]["ProblemDocument"] }): T {
  if (call.error) throw new Error(`${call.error.code}: ${call.error.detail ?? ""}`);
  if (call.data === undefined) throw new Error("no answer");
  return call.data;
}

export async function use(url: string, key: string) {
  const api = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

  const group: Group = must(
    await api.POST("/api/v1/groups", {
      body: {
        code: "linz",
        name: "People in Linz",
        condition: { match: "all", groups: [{ match: "all", conditions: [{ type: "field", params: { field: "city", op: "is", value: "Linz" } }] }] },
        recalculate: true,
      },
    }),
  );
  const upToDate: boolean = must(await api.POST("/api/v1/groups/{code}/recalculate", { params: { path: { code: group.code }, query: { wait: true } } })).status === "up_to_date";

  const upload = must(
    await api.POST("/api/v1/imports", {
      params: { query: { kind: "contacts", name: "people.csv" } },
      body: "email,city,visitor_id\nada@example.com,Linz,v-1\nbob@example.com,Graz,v-2\nno-email,Linz,\n",
      bodySerializer: (file: string) => file,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  const done = must(await api.POST("/api/v1/imports/{id}/run", { params: { path: { id: upload.id }, query: { wait: true } } }));

  const known = must(await api.POST("/api/v1/contacts/lookup", { body: { visitor_id: "v-1" } }));
  const unknown = must(await api.POST("/api/v1/contacts/lookup", { body: { visitor_id: "nobody" } }));

  const members = must(await api.GET("/api/v1/groups/{code}/contacts", { params: { path: { code: "linz" }, query: { limit: 10 } } }));
  const emails: (string | null)[] = members.items.map((member) => member.email);

  const feed = must(await api.GET("/api/v1/changes", { params: { query: { after: 0, group: "linz", direction: "entered" } } }));
  const entered: string[] = feed.items.map((change: Change) => `${change.seq} ${change.direction} ${change.cause.kind}`);

  const refused = await api.POST("/api/v1/contacts", { body: { email: "ada@example.com", fields: { shoe_size: 38 } } });
  const where: string | undefined = refused.error?.errors?.[0]?.location;

  return { upToDate, done: done.state, taken: done.progress.accepted, rejected: done.progress.rejected, known: known.groups, unknown: unknown.contact_id, emails, entered, where };
}

/** Is never called: each line names a mistake that the types must catch. */
export async function mistakes(url: string) {
  const api = createClient<paths>({ baseUrl: url });
  // @ts-expect-error there is no such path
  await api.GET("/api/v1/grops");
  // @ts-expect-error a group's code is needed
  await api.GET("/api/v1/groups/{code}");
  // @ts-expect-error a direction is one of two words
  await api.GET("/api/v1/changes", { params: { query: { direction: "sideways" } } });
  // @ts-expect-error an email is a text
  await api.POST("/api/v1/contacts/lookup", { body: { email: 1 } });
  const { data } = await api.GET("/api/v1/groups/{code}", { params: { path: { code: "linz" } } });
  // @ts-expect-error the answer may be missing
  const name: string = data.name;
  // @ts-expect-error the status is one of some words
  const broken: boolean = data?.status === "broken";
  return { name, broken };
}
