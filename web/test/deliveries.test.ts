// Webhooks, connectors and retention, with receivers on this machine that the demonstration may call.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { accessible, makeUser, quiet, screenshots, serveNew, signIn, tabTo, tour, until, useWorld } from "./harness";

const world = useWorld();

/** A server of the test, until the test ends. */
async function receive(t: TestContext, answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => answer(request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A group of those with a company of the test, and a function that makes somebody enter it. */
async function makeGroup(name: string): Promise<{ code: string; enter: (email: string) => Promise<unknown> }> {
  const code = name.toLowerCase().replace(/\W+/g, "-");
  const condition = { match: "all", groups: [{ match: "all", conditions: [{ type: "field", params: { field: "company", op: "is", value: name } }] }] };
  await world.ask("POST", "/api/v1/groups", { code, name, condition });
  await world.ask("POST", `/api/v1/groups/${code}/recalculate?wait=true`);
  return { code, enter: (email) => world.ask("POST", "/api/v1/contacts", { email, fields: { company: name } }) };
}

test("A webhook is made, tested, told of changes, looked at, replayed, changed, paused and deleted with an undo.", async (t) => {
  const got: { type: string; data: { changes?: { group: string; email?: string }[] } }[] = [];
  let status = 200;
  const url = await receive(t, (_, body, response) => {
    got.push(JSON.parse(body) as (typeof got)[number]);
    response.writeHead(status).end(status === 200 ? "" : "the shop is closed");
  });
  const name = `Told ${Date.now()}`;
  const group = await makeGroup(name);
  const page = await world.open("/deliveries");
  await page.getByRole("link", { name: "New webhook" }).first().click();
  await page.getByRole("heading", { name: "New webhook", level: 1 }).waitFor();
  await page.getByLabel("Address").fill("shop.example");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await page.getByText("expected a URL such as").waitFor();
  await page.getByLabel("Address").fill(`${url}/hook`);
  await page.getByLabel("Description").fill(name);
  await page.getByRole("combobox", { name: "Groups" }).fill(name);
  await page.getByRole("option", { name }).click();
  await page.keyboard.press("Escape"); // the list of a field of several stays open
  await page.getByText("Entered only").click();
  await page.getByRole("switch", { name: "Send external id and email along" }).check();
  await page.getByLabel("Seconds to gather").fill("0");
  await accessible(page, "a new webhook");
  await page.screenshot({ path: `${screenshots}webhook-form.png`, fullPage: true });
  await page.getByRole("button", { name: "Create webhook" }).click();
  const secret = await page.getByRole("textbox", { name: "The webhook's secret" }).inputValue();
  assert.ok(secret.startsWith("whsec_"), `secret: got ${secret}`);
  await accessible(page, "the secret");
  await page.screenshot({ path: `${screenshots}webhook-secret.png`, fullPage: true });
  await page.getByRole("link", { name: "Go to the webhook" }).click();
  await page.getByRole("heading", { name: "Delivery log" }).waitFor();
  assert.equal((await page.content()).includes(secret), false, "the secret is still on the page");

  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText(/The test arrived: 200 after/).waitFor();
  assert.equal(got[0]?.type, "webhook.test", `got ${JSON.stringify(got)}`);
  await group.enter(`first-${name.slice(5)}@example.com`);
  const log = page.getByRole("table", { name: "Delivery log" });
  await log.getByRole("row").filter({ hasText: "1 change" }).getByRole("button", { name: /^Details/ }).click();
  const details = page.getByRole("dialog", { name: /^Details of the request/ });
  await details.getByText(`first-${name.slice(5)}@example.com`).waitFor();
  await accessible(page, "details of a delivery");
  await page.screenshot({ path: `${screenshots}webhook-details.png` });
  await details.getByRole("button", { name: "Replay" }).click();
  await details.getByText(/The request arrived: 200/).waitFor();
  await page.keyboard.press("Escape");
  await log.getByRole("row").filter({ hasText: "Replay · 1 change" }).waitFor();
  assert.deepEqual(got.map((g) => g.data.changes?.[0]?.group), [undefined, group.code, group.code]);

  status = 500;
  await group.enter(`second-${name.slice(5)}@example.com`);
  await page.getByText("It does not get through").waitFor();
  await page.getByText("expected an answer 2xx, found 500").first().waitFor();
  await page.getByText(/Next attempt in a moment\.|It is being tried now\./).waitFor();
  await page.waitForLoadState("networkidle");
  await accessible(page, "a failing webhook");
  await page.screenshot({ path: `${screenshots}webhook-failing-light.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload(); // colours change at once
  await page.getByText("It does not get through").waitFor();
  await accessible(page, "a failing webhook, dark");
  await page.screenshot({ path: `${screenshots}webhook-failing-dark.png`, fullPage: true });
  await page.setViewportSize({ width: 320, height: 700 });
  await accessible(page, "a failing webhook, narrow");
  await page.screenshot({ path: `${screenshots}webhook-failing-narrow.png`, fullPage: true });
  await page.setViewportSize({ width: 1280, height: 900 });
  status = 200;
  await page.getByRole("button", { name: "Try again now" }).click();
  await page.getByRole("heading", { name, level: 1 }).locator("..").getByText("Active").waitFor();

  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "New secret" }).click();
  await page.getByRole("button", { name: "Make a new secret" }).click();
  const second = await page.getByRole("textbox", { name: "The webhook's secret" }).inputValue();
  assert.ok(second.startsWith("whsec_") && second !== secret, `the new secret: got ${second}`);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Description").fill(`${name} again`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: `${name} again`, level: 1 }).waitFor();

  await page.getByRole("link", { name: "Webhooks", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: `${name} again` });
  await row.getByRole("button", { name: `Actions for ${name} again` }).click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await row.getByText("Paused").waitFor();
  await row.getByRole("button", { name: `Actions for ${name} again` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await row.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row.getByText("Paused").waitFor();
  quiet(page);
});

test("A connector is made by keyboard, compared with listmonk, tested and deleted.", async (t) => {
  let there = true;
  const url = await receive(t, (request, _, response) => {
    const found = request.url!.startsWith("/api/lists/7") && there ? { data: { id: 7, name: "Shop news" } } : request.url!.startsWith("/api/subscribers") ? { data: { results: [] } } : null;
    response.writeHead(found ? 200 : 400, { "Content-Type": "application/json" }).end(JSON.stringify(found ?? { message: "List not found" }));
  });
  const name = `Mirrored ${Date.now()}`;
  const mirrored = await makeGroup(name);
  const page = await world.open("/deliveries/connectors");
  await tabTo(page, page.getByRole("link", { name: "New connector" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "New connector", level: 1 }).waitFor();
  const group = page.getByRole("combobox", { name: "Group" });
  await tabTo(page, group);
  await page.keyboard.type(name);
  await page.getByRole("option", { name }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await group.inputValue(), name, "another group was chosen than the one that was typed");
  for (const [label, text] of [["Name", name], ["Address of listmonk", url], ["API user", "muster"], ["Token", "secret"], ["Number of the list", "7"]] as const) {
    await tabTo(page, page.getByRole("main").getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  }
  await accessible(page, "a new connector");
  await page.screenshot({ path: `${screenshots}connector-form.png`, fullPage: true });
  await tabTo(page, page.getByRole("button", { name: "Create connector" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name, level: 1 }).locator("..").getByText("In step").waitFor();
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByText("The list is there, and Muster may change it.").waitFor();
  there = false;
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByText("listmonk has no list 7").waitFor();
  await accessible(page, "a connector");
  await page.screenshot({ path: `${screenshots}connector.png`, fullPage: true });
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await page.getByText("Somebody paused it.").waitFor();
  await page.getByText("Up to date").waitFor();
  await mirrored.enter(`mirrored-${name.slice(9)}@example.com`);
  await page.getByText("1 change", { exact: true }).waitFor();
  await page.getByText("oldest: just now").waitFor();
  await accessible(page, "a connector that is behind");
  await page.screenshot({ path: `${screenshots}connector-behind.png`, fullPage: true });
  await page.getByRole("link", { name: "Connectors", exact: true }).click();
  await page.getByRole("row").filter({ hasText: name }).getByText("1 change", { exact: true }).waitFor();
  await page.screenshot({ path: `${screenshots}connectors-behind.png`, fullPage: true });
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "Deliveries", level: 1 }).waitFor();
  assert.equal(await page.getByRole("row").filter({ hasText: name }).count(), 0, "the connector is still listed");
  quiet(page);
});

test("Retention is previewed, saved, and switched on and off.", async (t) => {
  const server = await serveNew(t);
  await makeUser(server.url, "ann@example.com", "admin");
  const key = (method: string, path: string, body: unknown) => fetch(server.url + path, { method, headers: { "Content-Type": "application/json", Authorization: "Bearer a-key-for-tests-only" }, body: JSON.stringify(body) });
  const old = await key("POST", "/api/v1/activities", { contact: { email: "bob@example.com" }, type: "page_visit", occurred_at: "2020-01-01T00:00:00Z", attributes: { page: "/old" } });
  assert.equal(old.status, 200, await old.text());
  const page = await world.open(`${server.url}/retention`, { storageState: undefined });
  await signIn(page, "ann@example.com");
  await page.getByText("Retention is off").waitFor();
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("combobox", { name: "Activity type of rule 1" }).fill("Page visit");
  await page.getByRole("option", { name: "Page visit", exact: true }).click();
  await page.getByLabel("Anonymous visitors after days").fill("900");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/at most 365/).waitFor();
  await page.getByLabel("Anonymous visitors after days").fill("300");
  await accessible(page, "rules of retention");
  await page.getByRole("button", { name: "Preview" }).click();
  const preview = page.getByRole("dialog", { name: "What would go if it ran now" });
  await preview.getByText("1 activity").waitFor();
  await accessible(page, "the preview of retention");
  await page.screenshot({ path: `${screenshots}retention-preview.png` });
  await preview.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The rules are saved.").waitFor();
  await page.getByRole("button", { name: "Switch on" }).click();
  const asked = page.getByRole("dialog", { name: "Switch retention on?" });
  await asked.getByText("1 activity").waitFor();
  await accessible(page, "switching retention on");
  await asked.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("Retention is on", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("Next run").waitFor();
  await page.screenshot({ path: `${screenshots}retention-on.png`, fullPage: true });
  assert.equal(await page.getByLabel("Anonymous visitors after days").inputValue(), "300", "the rule was not kept");
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Retention is off", { exact: true }).waitFor();
  quiet(page);
  await page.context().close();

  await makeUser(server.url, "vic@example.com", "viewer");
  const viewer = await world.open(`${server.url}/retention`, { storageState: undefined });
  await signIn(viewer, "vic@example.com");
  await viewer.getByText("Retention is off").waitFor();
  await viewer.getByLabel("Anonymous visitors after days").waitFor();
  for (const button of ["Switch on", "Save", "Preview", "Add a rule"]) assert.equal(await viewer.getByRole("button", { name: button }).count(), 0, `a viewer sees the button ${button}`);
  assert.equal(await viewer.getByRole("link", { name: "Deliveries" }).count(), 0, "a viewer sees the deliveries");
  await viewer.goto(`${server.url}/deliveries`);
  await viewer.getByRole("heading", { name: "Not permitted" }).waitFor();
  quiet(viewer);
});

test("Every screen of deliveries and retention is accessible, light, dark and narrow.", async () => {
  await until(async () => (await world.ask<{ items: unknown[] }>("GET", "/api/v1/webhooks")).items !== undefined);
  await tour(world, [
    ["deliveries-webhooks", "/deliveries/webhooks", "Deliveries"],
    ["deliveries-connectors", "/deliveries/connectors", "Deliveries"],
    ["webhook-new", "/deliveries/webhooks/new", "New webhook"],
    ["connector-new", "/deliveries/connectors/new", "New connector"],
    ["retention", "/retention", "Retention"],
  ]);
});
