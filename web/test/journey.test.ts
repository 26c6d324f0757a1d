// Building a group as a marketer does, by mouse and by keyboard alone, quickly and
// with answers that come late.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "playwright-core";
import type { components } from "../src/api/schema";
import { accessible, choose, counted, find, newGroup, quiet, screenshots, tabTo, until, useWorld } from "./harness";

type Preview = components["schemas"]["Preview"];

const world = useWorld();

test("People who visited pricing three times this month, agreed to tracking and are not customers: built, saved, recalculated, exported.", async (t) => {
  // Somebody it is about, whatever day of the month it is.
  const email = `keen-${Date.now()}@example.com`;
  await world.ask("POST", "/api/v1/contacts", { email, consents: { tracking: { state: "agreed" } } });
  await world.ask("POST", "/api/v1/activities", Array.from({ length: 3 }, () => ({ contact: { email }, type: "page_visit", channel: "shop", attributes: { page: "/pricing" } })));
  const page = await world.open("/groups");
  // What checks and pictures take is not the marketer's time.
  let checking = 0;
  const check = async (step: string) => {
    const began = Date.now();
    await accessible(page, step);
    await page.screenshot({ path: `${screenshots}${step.replace(/ /g, "-")}.png`, fullPage: step === "condition" });
    checking += Date.now() - began;
  };
  const began = Date.now();
  await page.getByRole("link", { name: "New contact group" }).click();
  await newGroup(page, `Pricing fans ${began}`);
  await check("empty condition");
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByRole("heading", { name: "Web activity" }).waitFor();
  await check("find");
  await find(page, "visited page");
  const visited = page.getByRole("region", { name: "Visited page" });
  // What is typed in part is no page, and the field says which one there is.
  await visited.getByRole("combobox", { name: "Pages" }).fill("pricin");
  await page.keyboard.press("Enter");
  await visited.getByRole("button", { name: "Use “/pricing”" }).click();
  await visited.getByRole("button", { name: "Add: How often" }).click();
  await page.keyboard.type("3"); // into the field that came
  await visited.getByRole("button", { name: "Add: When" }).click();
  await visited.getByRole("combobox", { name: "When" }).or(visited.getByRole("textbox", { name: "When" })).first().click();
  await page.getByRole("option", { name: "this month" }).click();
  await page.getByText("Contact has visited the page /pricing at least 3 times this month").waitFor();

  await page.getByRole("button", { name: "Add another condition" }).click();
  await find(page, "consent");
  await choose(page, page.getByRole("region", { name: "Consent" }).getByRole("combobox", { name: "Consent" }), "Tracking");
  await page.getByRole("button", { name: "Add condition group" }).click();
  await page.getByRole("button", { name: "Add a condition", exact: true }).click();
  await find(page, "customer");
  const orders = page.getByRole("region").filter({ has: page.getByRole("heading", { level: 4 }) }).last();
  await orders.getByText("has not", { exact: true }).click();
  await page.getByText("contact has not placed an order").first().waitFor();
  const total = await counted(page);
  assert.ok(total > 0, `the condition matches ${total} contacts, want some`);
  await check("condition");

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/contacts? enters?/).waitFor();
  await check("save");
  await page.getByRole("button", { name: "Save and recalculate" }).click();
  await page.getByRole("main").getByText("Up to date", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Contacts", exact: true }).last().click();
  await page.getByText(`${total.toLocaleString("en-GB")} member`).waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: /CSV/ }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  t.diagnostic(`built, saved, recalculated and exported in ${((Date.now() - began - checking) / 1000).toFixed(1)} s`);
  const lines = Buffer.concat(chunks).toString().trim().split("\n").length;
  assert.equal(lines, total + 1, `the export has ${lines} lines, want a heading and ${total} members`);
  quiet(page);
});

test("A contact is tested: what is true, what is missing, and until when.", async () => {
  const email = `tested-${Date.now()}@example.com`;
  await world.ask("POST", "/api/v1/contacts", { email, fields: { first_name: "Tess", last_name: "Tested" }, consents: { marketing: { state: "agreed" } } });
  await world.ask("POST", "/api/v1/activities", [{ contact: { email }, type: "page_visit", channel: "shop", attributes: { page: "/pricing" } }]);
  const page = await world.open("/groups/hot-leads/condition");
  await page.getByRole("button", { name: "Test a contact" }).click();
  await page.getByRole("combobox", { name: "Contact" }).or(page.getByRole("textbox", { name: "Contact" })).first().fill(email);
  await page.getByRole("option", { name: "Tess Tested" }).click();
  const drawer = page.getByRole("dialog", { name: "Test a contact" });
  await drawer.getByText("Does not match", { exact: true }).waitFor();
  await drawer.getByText(/^To match: /).first().waitFor();
  await drawer.getByText(/^Marketing: Agreed/).waitFor();
  await drawer.getByText("/pricing", { exact: false }).first().waitFor();
  await accessible(page, "test a contact");
  await page.screenshot({ path: `${screenshots}test-a-contact.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "test a contact, dark");
  quiet(page);
});

test("Answers that come late and out of order change nothing: the last that was written counts.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `Late answers ${Date.now()}`);
  const asksFor = (times: number) => (text: string | null) => text?.includes(`"at_least":${times}`) ?? false;
  let release = () => {};
  const late = new Promise<void>((resolve) => (release = resolve));
  const waiting: Promise<void>[] = [];
  const arrived = new Promise<void>((resolve) => {
    void page.route("**/api/v1/conditions/preview", async (route: Route) => {
      if (!asksFor(1)(route.request().postData())) return route.continue();
      // The answer is there, but it stays away until it is let go.
      const answer = await route.fetch();
      const given = late.then(() => route.fulfill({ response: answer }).catch(() => {}));
      waiting.push(given);
      resolve();
      return given;
    });
  });
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "logged in");
  const card = page.getByRole("main").locator('section[data-type="logged-in"]');
  await card.getByRole("button", { name: "Add: How often" }).click();
  const often = card.getByRole("textbox", { name: "How often", exact: true });
  await often.fill("1");
  await arrived;
  await page.locator("[data-testid=total][data-stale]").waitFor();
  await accessible(page, "a count that is on its way");
  await often.fill("4");
  const sentence = page.getByTestId("sentence");
  await sentence.getByText(/at least 4 times/).waitFor();
  const total = await counted(page);
  release();
  await Promise.all(waiting);
  // Whatever the page did with the late answer, it did before it draws the next but one frame.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.match(await sentence.innerText(), /at least 4 times/, "the late answer took over");
  assert.equal(await counted(page), total, "the late answer changed the count");
  const condition = { groups: [{ conditions: [{ type: "logged-in", params: { times: { at_least: 4 } } }] }] };
  const { count } = await world.ask<{ count: number }>("POST", "/api/v1/conditions/preview", { condition });
  assert.equal(total, count, "the count is not that of what is written");
  quiet(page);
});

test("While counting takes long an estimate is shown, said once, and replaced by the exact count, never the other way round.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `Estimated ${Date.now()}`);
  // Exact answers wait for a word, and so do estimates of "at least 4"; the server's small world is exact at once, so what it says is made a sample's.
  let letExact = () => {};
  let letEstimate = () => {};
  const exact = new Promise<void>((resolve) => (letExact = resolve));
  const estimate = new Promise<void>((resolve) => (letEstimate = resolve));
  const answered: Promise<void>[] = [];
  let lateEstimate = () => {};
  const arrived = new Promise<void>((resolve) => (lateEstimate = resolve));
  await page.route("**/api/v1/conditions/preview", async (route: Route) => {
    const asked = route.request().postData() ?? "";
    const isEstimate = asked.includes('"estimate":true');
    const response = await route.fetch();
    const body = (await response.json()) as Preview;
    if (isEstimate) {
      const guess = <T extends object>(counted: T): T => ({ ...counted, count: 1234, range: { low: 987, high: 1543 } });
      Object.assign(body, guess(body), { exact: false, looked_at: 400, per_group: body.per_group.map(guess), per_condition: body.per_condition.map((c) => ({ ...c, count: 25, range: { low: 0, high: 49 } })) });
    }
    const given = (async () => {
      if (isEstimate && asked.includes('"at_least":4')) {
        lateEstimate();
        await estimate;
      } else if (!isEstimate) await exact;
      await route.fulfill({ response, json: body }).catch(() => {});
    })();
    answered.push(given);
    return given;
  });
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "logged in");
  const total = page.getByTestId("total");
  const card = page.getByRole("main").locator('section[data-type="logged-in"]');
  await page.locator("[data-testid=total][data-estimated]").waitFor();
  assert.equal(await total.innerText(), "about 1,200");
  await page.getByText("Likely 900 to 1,600", { exact: true }).waitFor();
  await card.getByText("fewer than 50 contacts, likely 0 to 50").waitFor({ state: "attached" });
  const said = page.getByRole("complementary", { name: "Contacts that match" }).getByRole("status");
  assert.equal(await said.innerText(), "Estimated: about 1,200 contacts. The exact number follows.");
  await accessible(page, "an estimate");
  await page.screenshot({ path: `${screenshots}estimate.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "an estimate, dark");
  await page.screenshot({ path: `${screenshots}estimate-dark.png` });

  await card.getByRole("button", { name: "Add: How often" }).click();
  await card.getByRole("textbox", { name: "How often", exact: true }).fill("4");
  await arrived;
  letExact();
  const counts = await counted(page);
  letEstimate();
  await Promise.all(answered);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.equal(await counted(page), counts, "the late estimate took over");
  assert.equal(await said.innerText(), `${counts.toLocaleString("en-GB")} contact${counts === 1 ? "" : "s"}`);
  const condition = { groups: [{ conditions: [{ type: "logged-in", params: { times: { at_least: 4 } } }] }] };
  const { count } = await world.ask<Preview>("POST", "/api/v1/conditions/preview", { condition });
  assert.equal(counts, count, "the count is not that of what is written");
  quiet(page);
});

test("An exact count that comes at once leaves nothing to estimate.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `At once ${Date.now()}`);
  const asked: string[] = [];
  page.on("request", (r) => void (r.url().endsWith("/conditions/preview") && asked.push(r.postData() ?? "")));
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "logged in");
  await counted(page);
  // From here on time passes as it is told to.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  asked.length = 0;
  const answer = page.waitForResponse((r) => r.url().endsWith("/conditions/preview"));
  await page.getByRole("main").locator('section[data-type="logged-in"]').getByRole("button", { name: "Add: How often" }).click();
  await page.clock.runFor(250);
  await answer;
  // What is put off until "at once" needs a moment of that time, too.
  await until(async () => {
    await page.clock.runFor(1);
    return (await page.locator("[data-testid=total]:not([data-stale])").count()) > 0;
  });
  await page.clock.runFor(5_000);
  assert.ok(asked.length > 0, "nothing was counted");
  assert.deepEqual(asked.filter((body) => body.includes("estimate")), [], "estimates were asked for");
  quiet(page);
});

test("A condition is pasted as JSON; what would get lost is refused where it stands.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `Pasted ${Date.now()}`);
  await page.getByText("JSON", { exact: true }).click();
  const json = page.getByRole("textbox", { name: "Condition as JSON" });
  const pricing = { type: "visited-page", params: { pages: ["/pricing"], times: { at_least: 2 } } };
  const write = (leaf: unknown, more = {}) => json.fill(JSON.stringify({ match: "any", groups: [{ match: "all", conditions: [leaf, { match: "any", conditions: [{ type: "identified" }] }], ...more }] }));
  await write({ type: "visited-page", params: { pages: ["/pricing"] }, times: { at_least: 2 } });
  await page.getByText("look at /groups/0/conditions/0/times").waitFor();
  await write(pricing, { not: "yes" });
  await page.getByText("look at /groups/0/not").waitFor();
  await accessible(page, "JSON that is no condition");
  await write(pricing);
  await page.getByTestId("sentence").getByText("at least 2 times").waitFor();
  await page.getByText("Builder", { exact: true }).click();
  const card = page.getByRole("main").locator('section[data-type="visited-page"]');
  assert.equal(await card.getByRole("textbox", { name: "How often", exact: true }).inputValue(), "2", "the pasted number of times was not kept");
  await page.getByRole("main").locator('section[data-type="identified"]').waitFor();
  quiet(page);
});

test("A group is made, and its conditions copied, duplicated, moved, undone and redone, by keyboard alone.", async () => {
  const page = await world.open("/groups");
  const press = async (target: ReturnType<typeof page.locator>, key = "Enter") => {
    await tabTo(page, target);
    await page.keyboard.press(key);
  };
  /** Chooses an item of the open menu by its arrow keys. */
  const item = async (name: string) => {
    const wanted = page.getByRole("menuitem", { name, exact: true });
    await wanted.waitFor();
    for (let i = 0; i < 12 && !(await wanted.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await wanted.waitFor({ state: "hidden" });
  };
  const conditions = page.getByRole("main").locator("section[data-type]");
  const many = (n: number) => conditions.nth(n).waitFor({ state: "detached" }).then(() => (n > 0 ? conditions.nth(n - 1).waitFor() : undefined));
  const types = () => conditions.evaluateAll((all) => all.map((e) => e.getAttribute("data-type")));

  await press(page.getByRole("link", { name: "New contact group" }));
  await page.getByLabel("Name", { exact: true }).waitFor();
  await tabTo(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.type(`By keyboard ${Date.now()}`);
  await page.keyboard.press("Enter");
  await press(page.getByRole("button", { name: "Add a condition" }));
  await page.getByRole("dialog").waitFor();
  await tabTo(page, page.getByLabel("What do you want to know about a contact?"));
  await page.keyboard.type("identified");
  await page.keyboard.press("Enter");
  await many(1);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByText("Contact is identified", { exact: true }).waitFor();

  await press(page.getByRole("button", { name: "Actions for Identified" }));
  await item("Duplicate");
  await many(2);
  await press(page.getByRole("button", { name: "Actions for Identified" }).first());
  await item("Copy");
  await press(page.getByRole("button", { name: "Add condition group" }));
  await page.getByRole("region", { name: "Condition group 2" }).waitFor();
  await press(page.getByRole("region", { name: "Condition group 2" }).getByRole("button", { name: "Paste condition" }));
  await many(3);
  await page.keyboard.press("Control+z");
  await many(2);
  await page.keyboard.press("Control+z");
  await page.getByRole("region", { name: "Condition group 2" }).waitFor({ state: "detached" });
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+y");
  await many(3);

  await press(page.getByRole("region", { name: "Condition group 1" }).getByRole("button", { name: "Add another condition" }));
  await page.getByRole("dialog").waitFor();
  await tabTo(page, page.getByLabel("What do you want to know about a contact?"));
  await page.keyboard.type("registered");
  await page.keyboard.press("Enter");
  await many(4);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal((await types())[2], "registered");
  await press(page.getByRole("button", { name: "Move up: Registered" }));
  await page.waitForFunction(() => document.querySelectorAll("main section[data-type]")[1]?.getAttribute("data-type") === "registered");
  await press(page.getByRole("button", { name: "Remove: Registered" }));
  await many(3);
  await accessible(page, "made by keyboard");
  await press(page.getByRole("button", { name: "Save", exact: true }));
  await page.getByRole("dialog").getByRole("button", { name: "Save only" }).waitFor();
  await press(page.getByRole("dialog").getByRole("button", { name: "Save only" }));
  await page.getByText("No unsaved changes").waitFor();
  quiet(page);
});
