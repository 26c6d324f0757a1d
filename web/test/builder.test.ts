// Building conditions: every type of the catalogue.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { components } from "../src/api/schema";
import { counted, newGroup, quiet, screenshots, until, useWorld } from "./harness";

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
  await page.getByRole("button", { name: /^Add (a|another) condition$/ }).last().click();
  await page.getByRole("dialog").locator(`[data-type="${type.type}"]`).click();
  const card = page.locator(`section[data-type="${type.type}"]`);
  await card.waitFor();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
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
      await box.click();
      const options = page.getByRole("option").filter({ visible: true });
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
