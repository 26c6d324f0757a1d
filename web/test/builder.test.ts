// Building conditions: every type of the catalogue.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { components } from "../src/api/schema";
import { accessible, choose, counted, find, newGroup, quiet, screenshots, tabTo, until, useWorld } from "./harness";

type Catalog = components["schemas"]["Description"];
type Type = NonNullable<Catalog["types"]>[number];
type Param = components["schemas"]["ParamInfo"];

const world = useWorld();

test("Every condition type of the catalogue can be built until it counts.", async () => {
  const catalog = await world.ask<Catalog>("GET", "/api/v1/catalog");
  const types = catalog.types ?? [];
  assert.ok(types.length > 30, "the catalogue has fewer types than the language");
  // Several pages, as most of the time is spent waiting for counts.
  const left = types.values();
  await Promise.all(
    ["a", "b", "c"].map(async (letter) => {
      const page = await world.open("/groups/new");
      await newGroup(page, `Every type ${letter} ${Date.now()}`);
      for (const type of left)
        await build(page, type).catch(async (error: Error) => {
          await page.screenshot({ path: `${screenshots}failed-${type.type}.png` });
          error.message = `${type.type}: ${error.message}`;
          throw error;
        });
      quiet(page);
    }),
  );
});

/** Adds a condition of a type, fills what it needs until it counts, and removes it. */
async function build(page: Page, type: Type): Promise<void> {
  const params = type.parameters ?? [];
  const card = await add(page, type);
  for (const param of params) if (param.required) await fill(page, card, param, params);
  // Of several that are optional, one may be needed.
  if (params.length > 0 && params.every((p) => !p.required) && (await problem(page, card))) {
    await card.getByRole("button", { name: `Add: ${params[0]!.label}` }).click();
    await fill(page, card, params[0]!, params);
  }
  await page.keyboard.press("Escape");
  await until(async () => !(await problem(page, card)), 10_000).catch(async () => {
    assert.fail(`unfinished: ${await card.innerText()}`);
  });
  await card.getByRole("button", { name: `Remove: ${type.label}` }).click();
  await card.waitFor({ state: "hidden" });
}

/** Adds a condition, of which nothing moves when its count and what it needs arrive: a press would miss. */
async function add(page: Page, type: Type): Promise<Locator> {
  await counted(page);
  const answers = await hold(page);
  await page.getByRole("button", { name: /^Add (a|another) condition$/ }).last().click();
  await page.getByRole("dialog").locator(`[data-type="${type.type}"]`).click();
  const card = page.locator(`section[data-type="${type.type}"]`);
  await card.waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const places = await pressed(page);
  await answers.release();
  await counted(page);
  assert.deepEqual(await pressed(page), places, "where one may press");
  return card;
}

/** Keeps counts from a page until they are released. */
async function hold(page: Page): Promise<{ release: () => Promise<void> }> {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const previews = "**/api/v1/conditions/preview";
  await page.route(previews, async (route) => {
    await released;
    await route.fallback();
  });
  return {
    release: async () => {
      release();
      await page.unroute(previews);
    },
  };
}

/** The places of everything in the builder that can be pressed, by its words. */
function pressed(page: Page): Promise<string[]> {
  return page.locator("#builder").evaluate((builder) =>
    [...builder.querySelectorAll("button, input:not([type=hidden])")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return `${element.getAttribute("aria-label") ?? element.textContent} ${Math.round(x)},${Math.round(y)} ${Math.round(width)}x${Math.round(height)}`;
    }),
  );
}

/** Whether the card of the present condition has a problem, as of a fresh count. */
async function problem(page: Page, card: Locator): Promise<boolean> {
  await counted(page);
  return !/[\d.,]+ contacts?/.test((await card.locator("> div").first().textContent()) ?? "");
}

/** Fills a parameter by its kind alone, as the user interface draws it. */
async function fill(page: Page, card: Locator, param: Param, all: Param[]): Promise<void> {
  const box = card.getByRole("combobox", { name: param.label, exact: true });
  switch (param.kind) {
    case "text":
    case "texts":
      await (param.source ? box : card.getByLabel(param.label, { exact: true })).fill(param.source === "states" ? "DE-BY" : "example");
      return page.keyboard.press("Enter");
    case "code": {
      await box.click();
      const options = page.getByRole("option").filter({ visible: true });
      await options.first().waitFor().catch(() => assert.fail(`${param.name} of ${all.map((p) => p.name)} offers nothing from ${param.source}`));
      return options.first().click();
    }
    case "codes": {
      const options = page.getByRole("option").filter({ visible: true });
      await box.click();
      await options.first().waitFor();
      await options.first().click();
      return page.keyboard.press("Escape");
    }
    case "choice": {
      if ((param.options ?? []).length === 2 && param.default) return;
      await box.or(card.getByRole("textbox", { name: param.label, exact: true })).first().click();
      // The last choice, unless other parameters depend on it: then one that needs none of them.
      const options = page.getByRole("option").filter({ visible: true });
      return (all.some((p) => p.when?.parameter === param.name) ? options.first() : options.last()).click();
    }
    case "choices":
      return card.getByText((param.options ?? [])[0]!.name, { exact: true }).click();
    case "count":
    case "number":
    case "percent":
      return card.getByRole("textbox", { name: param.label, exact: true }).fill(String(Math.max(param.low ?? 0, 1) + (param.name === "to" ? 40 : 20)));
    case "duration":
      return card.getByLabel(param.label, { exact: true }).first().fill("30");
    case "time":
      return card.getByLabel(param.label, { exact: true }).fill(param.name === "to" ? "18:00" : "09:00");
    case "amount":
      return card.getByLabel("at least").fill("50");
    case "comparison": {
      const by = all.find((p) => p.name === param.by);
      assert.ok(!param.by || by, `${param.by} decides ${param.name} and is no parameter`);
      const value = card.getByRole("group", { name: param.label, exact: true }).getByLabel(/^(Value|Values|From)$/).first();
      const isDate = (await value.getAttribute("type")) === "date";
      await value.fill(isDate ? "2026-01-15" : param.kinds?.[0] === "number" ? "20" : "a");
      return page.keyboard.press("Escape");
    }
    case "steps":
      for (const step of [1, 2]) {
        const types = card.getByRole("group", { name: `Step ${step}`, exact: true }).getByRole("combobox", { name: "Activity types", exact: true });
        await types.click();
        await page.getByRole("option").filter({ visible: true }).first().click();
        await page.keyboard.press("Escape");
      }
      return;
  }
  assert.fail(`no way to fill a parameter of the kind ${param.kind}`);
}

test("On a phone, nothing moves either when what a new condition needs arrives.", async () => {
  const page = await world.open("/groups/new", { viewport: { width: 390, height: 844 } });
  await newGroup(page, `Phone ${Date.now()}`);
  for (const type of (await world.ask<Catalog>("GET", "/api/v1/catalog")).types ?? []) {
    const card = await add(page, type).catch((error: Error) => Promise.reject(new Error(`${type.type}: ${error.message}`)));
    await card.getByRole("button", { name: `Remove: ${type.label}` }).click();
    await card.waitFor({ state: "hidden" });
  }
  quiet(page);
});

test("Whoever is quicker than the page keeps the list that was opened in a new condition, and nothing moves under the pointer.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `Quick ${Date.now()}`);
  await page.getByRole("button", { name: "Add a condition" }).click();
  const type = page.getByRole("dialog").locator('[data-type="age"]');
  await type.focus();
  // Whatever the page puts off waits until the clock goes on: the user is quicker than all of it.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.keyboard.press("Enter");
  const card = page.getByRole("main").locator("section[data-type]");
  await card.waitFor();
  const operator = card.getByLabel(/: operator$/);
  await operator.focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option").first().waitFor();
  // A slow page puts off some only when its clock has gone on.
  const later = (what: () => Promise<boolean>) => until(() => page.clock.runFor(5_000).then(what));
  await later(() => page.getByRole("dialog").isHidden());
  assert.ok(await operator.evaluate((element) => element === document.activeElement), "the focus stays where it was put");
  assert.ok(await page.getByRole("option").first().isVisible(), "the list stays open");

  // Nor does the button for the next condition move when the count of none arrives.
  await page.keyboard.press("Escape");
  await card.getByRole("button", { name: /^Remove: / }).click();
  const add = page.getByRole("button", { name: "Add a condition" });
  const place = await add.boundingBox();
  await page.clock.runFor(5_000);
  await page.clock.resume(); // an answer that comes later is taken in by timers as well
  await page.getByText("1 place needs attention").waitFor();
  assert.deepEqual(await add.boundingBox(), place, "where to add a condition");
  quiet(page);
});

test("A condition is found by a value that it may ask for, which it begins with.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `By value ${Date.now()}`);
  await page.getByRole("button", { name: "Add a condition" }).click();
  const dialog = page.getByRole("dialog");
  const search = dialog.getByLabel("What do you want to know about a contact?");
  await search.fill("pricing");
  const values = dialog.getByRole("region", { name: "With a value of this name" });
  await values.getByRole("button", { name: /^Landed on page: \/pricing/ }).waitFor();
  await page.screenshot({ path: `${screenshots}builder-find-value.png` });
  await accessible(page, "found by a value");
  await values.getByRole("button", { name: /^Visited page: \/pricing/ }).click();
  const card = page.getByRole("region", { name: "Visited page" });
  await card.getByText("/pricing", { exact: true }).waitFor();
  assert.ok((await counted(page)) > 0, "somebody has visited it");

  // Enter takes the first, when no condition is named so.
  await page.getByRole("button", { name: "Add another condition" }).click();
  await search.fill("Switzerland");
  await values.getByRole("button").first().waitFor();
  await search.press("Enter");
  await page.getByRole("region", { name: "Country" }).getByText("Switzerland", { exact: true }).waitFor();
  // What nothing is named like says so.
  await page.getByRole("button", { name: "Add another condition" }).click();
  await search.fill("xyzzy");
  await dialog.getByText("No condition fits these words").waitFor();
  quiet(page);
});

test("A range pasted from a spreadsheet becomes as many values, whatever is in its cells, and is counted.", async () => {
  const stamp = Date.now();
  const pages = [`/a-${stamp}`, `/b-${stamp};v=2`, `/say-"hi"-${stamp}`, `/two lines-${stamp}`, `/nobody-${stamp}`];
  // Nobody saw the last one, and the first contact saw two.
  const seen = [[0, 1], [2], [3]];
  await world.ask("POST", "/api/v1/activities", seen.flatMap((of, n) => of.map((i) => ({ contact: { email: `pasted-${n}-${stamp}@example.com` }, type: "page_visit", attributes: { page: pages[i] } }))));
  const page = await world.open("/groups/new");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const paste = async (field: Locator, text: string) => {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await field.focus();
    await page.keyboard.press("Control+v");
  };
  await newGroup(page, `Spreadsheet ${stamp}`);
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "visited page");
  const card = page.getByRole("region", { name: "Visited page" });
  // As Excel and LibreOffice copy: cells with a tab, a line or a mark in quotation marks, which are doubled in the text.
  await paste(card.getByRole("combobox", { name: "Pages" }), `/a-${stamp}\t"/b-${stamp};v=2"\r\n"/say-""hi""-${stamp}"\t"/two\nlines-${stamp}"\r\n/nobody-${stamp}\t/a-${stamp}\r\n\t\r\n`);
  await page.getByTestId("sentence").getByText(`/nobody-${stamp}`).waitFor();
  const total = await counted(page);
  await accessible(page, "a pasted range");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "a pasted range, dark");
  await page.screenshot({ path: `${screenshots}pasted-range.png` });
  await page.getByText("JSON", { exact: true }).click();
  const written = JSON.parse(await page.getByRole("textbox", { name: "Condition as JSON" }).inputValue()) as { groups: { conditions: { params: { pages: string[] } }[] }[] };
  assert.deepEqual(written.groups[0]!.conditions[0]!.params.pages, pages, "the values that were pasted");
  assert.equal(total, 3, "contacts that saw any of the pages");
  quiet(page);
});

test("How often and with which details: built by mouse and keyboard, counted exactly, saved and read back.", async () => {
  const stamp = Date.now();
  const order = (who: string, amount: number, currency = `C${stamp}`) => ({ contact: { email: `${who}-${stamp}@example.com` }, type: "purchase", attributes: { order: `${who}-${stamp}-${amount}`, amount, currency } });
  await world.ask("POST", "/api/v1/activities", [
    ...[60, 70].map((a) => order("twice", a)),
    ...[60, 40].map((a) => order("once-and-cheap", a)),
    ...[60, 70, 80].map((a) => order("thrice", a)),
    order("elsewhere", 60),
    order("elsewhere", 70, `D${stamp}`),
  ]);
  const page = await world.open("/groups/new");
  const name = `Details ${stamp}`;
  await newGroup(page, name);
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "placed order");
  const card = page.getByRole("main").locator("section[data-type]");
  await card.getByRole("button", { name: "Add: With details" }).click();
  const details = card.getByRole("group", { name: "With details" });
  const detail = details.getByRole("combobox", { name: "Detail" });
  await choose(page, detail, "Currency");
  await details.getByRole("combobox", { name: "Value", exact: true }).fill(`C${stamp}`);
  await page.keyboard.press("Escape");
  assert.equal(await counted(page), 4, "contacts with an order in this currency");

  await tabTo(page, details.getByRole("button", { name: "Add detail" }));
  await page.keyboard.press("Enter");
  await tabTo(page, detail.nth(1));
  await page.keyboard.type("Amount");
  await page.getByRole("option", { name: "Amount", exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const operator = details.getByLabel("Value: operator").nth(1);
  await operator.click();
  await page.getByRole("option", { name: "is at least", exact: true }).click();
  await details.getByRole("textbox", { name: "Value", exact: true }).fill("50");
  await card.getByRole("button", { name: "Add: How often" }).click();
  await page.getByTestId("sentence").getByText("at least 2 times").waitFor();
  assert.equal(await counted(page), 2, "contacts with two such orders or more");
  await card.getByLabel("How often").first().click();
  await page.getByRole("option", { name: "exactly", exact: true }).click();
  await page.getByTestId("sentence").getByText("exactly 2 times").waitFor();
  assert.equal(await counted(page), 1, "contacts with exactly two such orders");
  await accessible(page, "details of an activity");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "details of an activity, dark");
  await page.screenshot({ path: `${screenshots}details.png` });

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save and recalculate" }).click();
  await page.getByRole("main").getByText("Up to date", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Condition", exact: true }).click();
  assert.equal(await details.getByRole("textbox", { name: "Value", exact: true }).inputValue(), "50");
  assert.deepEqual(await detail.evaluateAll((all) => all.map((e) => (e as HTMLInputElement).value)), ["Currency", "Amount"]);
  await page.getByTestId("sentence").getByText("exactly 2 times").waitFor();
  assert.equal(await counted(page), 1, "the count of what was saved");
  const { items } = await world.ask<{ items: { name: string; members: number }[] }>("GET", `/api/v1/groups?search=${encodeURIComponent(name)}`);
  assert.deepEqual(items.map((g) => g.members), [1], "members after recalculating");
  quiet(page);
});
