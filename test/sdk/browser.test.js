// @segment/analytics-next in a browser, unchanged but for host and key, on a
// site of another origin.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { startBrowser, startServer, startSite, startWire, until } from "./harness.js";

const umd = join(dirname(createRequire(import.meta.url).resolve("@segment/analytics-next/package.json")), "dist/umd/");
let server, wire, site, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  wire = await startWire(server.url);
  const page = `<!doctype html><title>Prices</title><script src="/ajs/index.js"></script>
    <script>analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey: ${JSON.stringify(server.key)}, cdnURL: ${JSON.stringify(wire.url)} });</script>`;
  site = await startSite({ "/pricing": page }, { "/ajs/": umd });
});
after(async () => {
  await browser?.close();
  await Promise.all([site.stop(), wire.stop()]);
  await server.stop();
});

test("a visitor becomes a customer, and a lost answer counts nothing twice", async () => {
  const page = await browser.newPage();
  const elsewhere = [];
  page.on("request", (r) => !r.url().startsWith(site.url) && !r.url().startsWith(wire.url) && elsewhere.push(r.url()));
  await page.goto(`${site.url}/pricing?utm_source=news&utm_campaign=spring`);
  const sent = () => wire.calls.filter((c) => c.method === "POST" && /^\/v1\/[a-z]$/.test(c.path)).map((c) => c.path);

  await page.evaluate(() => analytics.page());
  await until(async () => sent().length === 1);
  wire.lose();
  await page.evaluate(() => analytics.track("Product Added", { product_id: "p-1", quantity: 1, price: 9.5 }));
  await until(async () => sent().length === 3);
  assert.deepEqual(sent(), ["/v1/p", "/v1/t", "/v1/t"], "the lost answer made the SDK send again");
  assert.deepEqual((await server.contacts()).map((c) => c.external_id), [null], "an anonymous contact");

  await page.evaluate(() => analytics.identify("u-1", { email: "ada@example.com", plan: "pro" }));
  const contact = await server.customer("u-1");
  const visitor = await page.evaluate(() => analytics.instance.user().anonymousId());
  assert.deepEqual({ visitors: contact.visitor_ids, email: contact.email, plan: contact.fields.plan }, { visitors: [visitor], email: "ada@example.com", plan: "pro" });
  assert.equal((await server.contacts()).length, 1);
  const timeline = (await server.timeline(contact.id)).map((a) => [a.type, a.attributes.page ?? a.attributes.product, a.attributes.utm_campaign]);
  assert.deepEqual(timeline.sort(), [
    ["landing_page", "/pricing", "spring"],
    ["page_visit", "/pricing", "spring"],
    ["product_added_to_cart", "p-1", undefined],
  ]);
  assert.deepEqual(elsewhere, [], "nothing is sent to anybody else");
});
