// muster.js in a browser, on a site of another origin.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startBrowser, startServer, startSite, startWire, until } from "./harness.js";

let server, wire, site, browser, context, page, complaints;
before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  wire = await startWire(server.url);
  const document = (options, rest = "") => `<!doctype html><title>Prices</title>
    <script>(window.muster = window.muster || []).push(["track", "search", { keywords: "early" }]);</script>
    <script async src="${wire.url}/muster.js" data-key="${server.key}" ${options}></script>
    <a id="out" href="http://127.0.0.1:9/elsewhere">elsewhere</a> <a id="in" href="/other">other</a>
    <form name="newsletter" data-muster-fields="topic" data-muster-traits="email" onsubmit="event.preventDefault()">
      <input name="email" value="ada@example.com"><input name="topic" value="boots"><input name="secret" value="never">
      <input name="password" type="password" value="never"><button>send</button>
    </form>${rest}`;
  site = await startSite({
    "/gated": document(""),
    "/pricing": document(`data-consent="given"`),
    "/other": document(`data-consent="given"`),
    "/broken": document(`data-consent="given" data-server="http://127.0.0.1:9"`, `<p id="shown">shown</p>`),
  });
});
after(async () => {
  await browser?.close();
  await Promise.all([site.stop(), wire.stop()]);
  await server.stop();
});
beforeEach(async () => {
  await context?.close();
  wire.calls.length = 0;
  complaints = [];
  context = await browser.newContext();
  page = await context.newPage();
  page.on("pageerror", (e) => complaints.push(e.message));
});

const open = async (path) => {
  await page.goto(site.url + path);
  await page.waitForFunction(() => window.muster?.version);
};
const visitor = () => page.evaluate(() => muster.visitor());
const sends = () => wire.calls.filter((c) => c.path === "/v1/batch");
const queued = () => page.evaluate(() => JSON.parse(localStorage.getItem("muster.queue") ?? "[]").length);
const stored = async () => ({ cookies: (await context.cookies()).length, local: await page.evaluate(() => Object.keys(localStorage).length) });
/** What a visitor did, once it did so much: type and what tells it apart. */
const did = async (id, count) => {
  let timeline = [];
  await until(async () => {
    const contact = (await server.contacts()).find((c) => c.visitor_ids.includes(id));
    timeline = contact ? await server.timeline(contact.id) : [];
    return timeline.length >= count;
  });
  return timeline.map((a) => `${a.type} ${a.attributes.page ?? a.attributes.url ?? a.attributes.form ?? a.attributes.keywords ?? ""}`).sort();
};

test("nothing is stored or sent before consent; revoking stops, and erases when asked to", async () => {
  await open("/gated");
  await page.evaluate(() => (muster.track("search", { keywords: "too early" }), muster.page(), muster.groups()));
  assert.equal(await visitor(), null);
  assert.deepEqual(await stored(), { cookies: 0, local: 0 });
  assert.deepEqual(wire.calls.map((c) => c.path), ["/muster.js"]);

  await page.evaluate(() => muster.consent(true));
  const id = await visitor();
  assert.deepEqual(await did(id, 2), ["landing_page /gated", "page_visit /gated"]);
  await until(async () => (await queued()) === 0);

  await page.evaluate(() => muster.consent(false));
  const calls = wire.calls.length;
  await page.evaluate(() => muster.track("search", { keywords: "after" }));
  await open("/gated");
  assert.equal(await visitor(), null);
  assert.deepEqual(wire.calls.slice(calls).filter((c) => c.path !== "/muster.js"), [], "stopped, on the next page, too");

  await page.evaluate(() => muster.consent(true));
  assert.equal(await visitor(), id, "who comes back is known");
  await page.evaluate(() => muster.consent(false, { erase: true }));
  assert.deepEqual(await stored(), { cookies: 0, local: 0 });
  await page.evaluate(() => muster.consent(true));
  assert.notEqual(await visitor(), id, "who was erased is somebody new");
  assert.deepEqual(complaints, []);
});

test("visits, early calls, moves of a single-page app, forms and clicks arrive", async () => {
  await open("/pricing?utm_source=news");
  const id = await visitor();
  await page.evaluate(() => {
    history.pushState({}, "", "/pricing/yearly");
    document.title = "Yearly";
    history.replaceState({ same: true }, "", location.href);
  });
  const app = ["landing_page /pricing", "page_visit /pricing", "page_visit /pricing/yearly", "search early"];
  assert.deepEqual(await did(id, 4), app);
  await page.click("form button");
  await page.route("**/elsewhere", (r) => r.fulfill({ body: "elsewhere" }));
  await page.click("#out");
  await page.waitForURL("**/elsewhere");
  await open("/other");
  assert.deepEqual(await did(id, 8), ["click http://127.0.0.1:9/elsewhere", "form_submit newsletter", ...app, "page_visit /other", "search early"].sort());

  const contact = (await server.contacts()).find((c) => c.visitor_ids.includes(id));
  const timeline = await server.timeline(contact.id);
  const form = timeline.find((a) => a.type === "form_submit");
  assert.deepEqual(form.attributes, { form: "newsletter", "field.topic": "boots" }, "only the fields that are listed");
  assert.equal(contact.email, "ada@example.com");
  const yearly = timeline.find((a) => a.attributes.page === "/pricing/yearly");
  assert.deepEqual([yearly.attributes.title, yearly.attributes.referrer], ["Yearly", `${site.url}/pricing?utm_source=news`]);
  assert.deepEqual(complaints, []);
});

test("what is sent while offline or unanswered arrives once", async () => {
  await open("/pricing");
  const id = await visitor();
  await until(async () => sends().length > 0 && (await queued()) === 0);
  await context.setOffline(true);
  await page.evaluate(() => muster.track("search", { keywords: "offline" }));
  await until(async () => (await queued()) === 1);
  wire.lose();
  await context.setOffline(false);
  await until(async () => (await queued()) === 0);
  assert.ok(sends().length >= 3, "the lost answer made it send again");
  assert.deepEqual(await did(id, 4), ["landing_page /pricing", "page_visit /pricing", "search early", "search offline"]);
});

test("a page that is left sends the rest by a beacon", async () => {
  await open("/pricing");
  const id = await visitor();
  await until(async () => sends().length > 0 && (await queued()) === 0);
  const before = sends().length;
  await page.evaluate(() => {
    window.fetch = () => new Promise(() => {});
    muster.track("search", { keywords: "last" });
    location.href = "about:blank";
  });
  await until(async () => sends().length > before);
  assert.ok((await did(id, 4)).includes("search last"));
  // Closing a page that is still on its way there can wait forever.
  await page.waitForURL("about:blank");
});

test("groups come from the cache, and a server that is away holds nothing up", async () => {
  const condition = { version: 1, match: "all", groups: [{ match: "all", conditions: [{ type: "visited-page", params: { pages: ["/pricing"] } }] }] };
  await server.ask("POST", "/groups", { code: "looked-at-prices", name: "Looked at prices", condition, shown_to_websites: true });
  await server.ask("POST", "/groups/looked-at-prices/recalculate?wait=true");
  await open("/pricing");
  await did(await visitor(), 3);
  assert.deepEqual(await page.evaluate(() => muster.groups()), ["looked-at-prices"]);
  const asked = () => wire.calls.filter((c) => c.path === "/v1/groups").length;
  const before = asked();
  assert.deepEqual(await page.evaluate(() => new Promise((done) => muster.groups(done))), ["looked-at-prices"]);
  assert.equal(asked(), before, "from the cache");

  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  // The script itself comes, but its server does not answer.
  await open("/broken");
  assert.equal(await page.textContent("#shown"), "shown");
  assert.deepEqual(await page.evaluate(() => muster.groups()), []);
  assert.deepEqual(complaints, []);
});
