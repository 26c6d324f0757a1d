// The group screens: by keyboard alone, on a narrow screen, and in the dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, noSidewaysScroll, quiet, screenshots, useWorld } from "./harness";

const world = useWorld();

const screens = [
  ["groups", "/groups", "Contact groups"],
  ["overview", "/groups/hot-leads", "Hot leads"],
  ["condition", "/groups/hot-leads/condition", "Hot leads"],
  ["members", "/groups/hot-leads/contacts", "Hot leads"],
  ["changes", "/groups/hot-leads/changes", "Hot leads"],
  ["versions", "/groups/hot-leads/versions", "Hot leads"],
] as const;

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`Every group screen is accessible, ${name}.`, async () => {
    const page = await world.open(screens[0][1], options);
    for (const [screen, path, title] of screens) {
      if (screen !== screens[0][0]) await page.goto(world.url + path);
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${screenshots}${screen}-${name}.png`, fullPage: true });
      await noSidewaysScroll(page, screen);
      await accessible(page, screen);
    }
    quiet(page);
    await page.context().close();
  });
}

test("A group with a condition is made by keyboard alone.", async () => {
  const page = await world.open("/groups");
  const link = page.getByRole("link", { name: "New contact group" });
  await link.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).labels?.[0]?.textContent), "Name", "the focus is not in the first field");
  await page.keyboard.type(`By keyboard ${Date.now()}`);
  await page.keyboard.press("Enter");
  const add = page.getByRole("button", { name: "Add a condition" });
  await add.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("identified");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Identified" }).waitFor();
  await page.getByText("Contact is identified", { exact: true }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: "Add a condition" }).waitFor();
  await page.keyboard.press("Control+Shift+z");
  await page.getByRole("region", { name: "Identified" }).waitFor();
  quiet(page);
});

test("Unsaved changes are guarded.", async () => {
  const page = await world.open("/groups/hot-leads/condition");
  await page.getByRole("button", { name: "Duplicate" }).or(page.getByRole("button", { name: "Actions for Condition group 1" })).first().click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await page.getByText("Unsaved changes").waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByText("No unsaved changes").waitFor();
  quiet(page);
});
