// The SDKs for Node, unchanged but for host and key.
import { Analytics } from "@segment/analytics-node";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, startWire, until } from "./harness.js";

let server, wire;
before(async () => {
  server = await startServer();
  wire = await startWire(server.url);
});
after(async () => {
  await wire.stop();
  await server.stop();
});

const order = {
  order_id: "o-1",
  total: 42.5,
  currency: "EUR",
  products: [
    { product_id: "p-1", price: 20, quantity: 2 },
    { product_id: "p-2", price: 2.5, quantity: 1 },
  ],
};
const bought = [
  ["page_visit", { page: "/pricing", title: "Prices" }],
  ["purchase", { order: "o-1", amount: 42.5, currency: "EUR" }],
  ["product_purchased", { order: "o-1", product: "p-1", quantity: 2, amount: 40 }],
  ["product_purchased", { order: "o-1", product: "p-2", quantity: 1, amount: 2.5 }],
];

/** Compares what a contact did, whatever the order within a second. */
async function did(contact, want) {
  const text = ([type, attributes]) => `${type} ${JSON.stringify(Object.entries(attributes).sort())}`;
  const got = (await server.timeline(contact.id)).map((a) => text([a.type, a.attributes]));
  assert.deepEqual(got.sort(), want.map(text).sort());
}

test("@segment/analytics-node: a visitor becomes a customer, and a lost answer counts nothing twice", async () => {
  const failures = [];
  const analytics = new Analytics({ writeKey: server.key, host: wire.url, flushInterval: 20 });
  analytics.on("error", (e) => failures.push(e));
  wire.lose();
  analytics.page({ anonymousId: "a-1", properties: { path: "/pricing", title: "Prices" } });
  analytics.identify({ anonymousId: "a-1", userId: "u-1", traits: { email: "ada@example.com", firstName: "Ada", plan: "pro", seats: 3 } });
  analytics.track({ userId: "u-1", event: "Order Completed", properties: order });
  analytics.group({ userId: "u-1", groupId: "acme", traits: { name: "Acme" } });
  analytics.alias({ userId: "u-1", previousId: "a-0" });
  await analytics.closeAndFlush();
  assert.deepEqual(failures, []);
  assert.ok(wire.calls.filter((c) => c.path === "/v1/batch").length >= 2, "the lost answer made the SDK send again");

  const contact = await server.customer("u-1");
  assert.deepEqual(
    { email: contact.email, visitors: contact.visitor_ids.sort(), fields: contact.fields },
    { email: "ada@example.com", visitors: ["a-0", "a-1"], fields: { first_name: "Ada", plan: "pro", seats: 3, account: "acme", company: "Acme" } },
  );
  assert.equal((await server.contacts()).length, 1);
  await did(contact, bought);
});

test("@segment/analytics-node: the same messageId is the same event", async () => {
  const analytics = new Analytics({ writeKey: server.key, host: wire.url, maxEventsInBatch: 1 });
  for (let i = 0; i < 3; i++) analytics.track({ userId: "u-2", event: "Signed In", messageId: "once" });
  analytics.track({ userId: "u-2", event: "Signed In" });
  await analytics.closeAndFlush();
  await did(await server.customer("u-2"), [["login", { member: "u-2" }], ["login", { member: "u-2" }]]);
});

test("@rudderstack/rudder-sdk-node: a visitor becomes a customer, packed with gzip, and a lost answer counts nothing twice", async () => {
  const rudder = new RudderAnalytics(server.key, { dataPlaneUrl: wire.url, flushInterval: 20, gzip: true, logLevel: "error" });
  wire.lose();
  rudder.page({ anonymousId: "r-1", name: "Prices", properties: { path: "/pricing" } });
  rudder.identify({ anonymousId: "r-1", userId: "u-3", traits: { email: "grace@example.com", firstName: "Grace" } });
  rudder.track({ userId: "u-3", event: "Order Completed", properties: order });
  await rudder.flush();
  const contact = await server.customer("u-3");
  assert.deepEqual({ email: contact.email, visitors: contact.visitor_ids, first: contact.fields.first_name }, { email: "grace@example.com", visitors: ["r-1"], first: "Grace" });
  await did(contact, bought);
  // The SDK sends again by itself, a moment later.
  await until(async () => wire.calls.filter((c) => c.headers["content-encoding"] === "gzip").length >= 2);
  await did(contact, bought);
});
