// Data, import, compare, live, system, users, keys and account.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, quiet, screenshots, tour, until, useWorld } from "./harness";

const world = useWorld();

const screens = [
  ["data-fields", "/data/fields", "Data"],
  ["data-activity-types", "/data/activity-types", "Data"],
  ["data-channels", "/data/channels", "Data"],
  ["import", "/data/import", "Data"],
  ["compare", "/compare?groups=hot-leads,loyal-customers,best-audience", "Compare groups"],
  ["live", "/live", "Live"],
  ["system", "/system", "System"],
  ["users", "/users", "Users"],
  ["keys", "/keys", "API keys"],
  ["account", "/account", "Your account"],
] as const;

test("Every screen of operations is accessible in light and dark, wide and narrow.", () => tour(world, screens));

test("A field is defined, looked at, changed, and deleted with an undo.", async () => {
  const page = await world.open("/data/fields");
  const name = `Shoe size ${Date.now()}`;
  await page.getByRole("button", { name: "New field" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await accessible(page, "a new field");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("dialog").getByText("Contacts with a value").waitFor();
  await accessible(page, "a field's usage");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  await page.getByLabel("Name", { exact: true }).fill(`${name} EU`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: `Delete ${name} EU` }).click();
  await page.getByRole("button", { name: `Delete ${name} EU` }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: `Delete ${name} EU` }).waitFor();
  quiet(page);
});

test("A definition in use is not deleted: the groups that use it are named.", async () => {
  const page = await world.open("/data/consents");
  await page.getByRole("button", { name: "Delete Marketing" }).click();
  const dialog = page.getByRole("dialog", { name: "“Marketing” is used" });
  await dialog.getByRole("link").first().waitFor();
  await accessible(page, "a definition in use");
  quiet(page);
});

test("An activity type gets attributes.", async () => {
  const page = await world.open("/data/activity-types");
  const name = `Hut visited ${Date.now()}`;
  await page.getByRole("button", { name: "New activity type" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Add an attribute" }).click();
  await page.getByLabel("Name of attribute 1", { exact: true }).fill("Altitude");
  await page.getByRole("combobox", { name: "Type of attribute 1" }).click();
  await page.getByRole("option", { name: "Number" }).click();
  await accessible(page, "a new activity type");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).getByText("1 attribute").waitFor();
  quiet(page);
});

test("Contacts are imported from CSV: columns, a check of all rows, rejects, and the list of imports.", async () => {
  const page = await world.open("/data/import");
  const stamp = Date.now();
  const text = `Email,First name,Birthday,Nonsense\nada-${stamp}@example.com,Ada,10.12.1985,x\nbob-${stamp}@example.com,Bob,31.2.1990,y\n,Nobody,,z\n`;
  await page.locator('input[type="file"]').setInputFiles({ name: `people-${stamp}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
  const first = page.getByRole("combobox", { name: "What “First name” becomes" });
  await first.waitFor();
  assert.equal(await first.inputValue(), "First name", "the column was not recognised");
  assert.equal(await page.getByRole("combobox", { name: "What “Nonsense” becomes" }).inputValue(), "", "the column should be left out");
  await accessible(page, "the columns");
  await page.screenshot({ path: `${screenshots}import-columns.png`, fullPage: true });
  await page.getByRole("button", { name: "Check the file" }).click();
  await page.getByText("3 rows read: 1 would be taken, 2 not.").waitFor();
  await page.getByText('"31.2.1990" is not a date or time that can be read').waitFor();
  await accessible(page, "the checked file");
  await page.screenshot({ path: `${screenshots}import-checked.png`, fullPage: true });
  await page.getByRole("button", { name: "Import 1 row" }).click();
  await page.getByRole("heading", { name: "Import finished" }).waitFor();
  await accessible(page, "the result");
  await page.screenshot({ path: `${screenshots}import-finished.png`, fullPage: true });
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the rows that were not taken" }).click();
  const rejects = await readFile(await (await waiting).path(), "utf8");
  assert.equal(rejects.trim().split("\n").length, 3, `rejects: got ${rejects}, want a heading and two rows`);
  assert.ok(rejects.includes(`bob-${stamp}@example.com`) && rejects.includes("the row names nobody"), `rejects: got ${rejects}`);
  await page.getByRole("link", { name: "All imports" }).click();
  await page.getByRole("listitem").filter({ hasText: `people-${stamp}.csv` }).getByText("Finished").waitFor();
  await accessible(page, "the list of imports");
  await page.goto(`${world.url}/contacts?search=ada-${stamp}`);
  await page.getByRole("link", { name: "Ada" }).waitFor();
  quiet(page);
});

test("An import goes on when its page is closed, and is stopped from another one.", async () => {
  const page = await world.open("/data/import");
  const stamp = Date.now();
  // HubSpot's headings; as many rows as take a while.
  const rows = Array.from({ length: 200_000 }, (_, n) => `h${stamp}-${n},Person ${n},customer`);
  await page.locator('input[type="file"]').setInputFiles({ name: `hubspot-${stamp}.csv`, mimeType: "text/csv", buffer: Buffer.from(["Record ID,First Name,Lifecycle Stage", ...rows].join("\n")) });
  await page.getByText("from HubSpot").waitFor();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { name: "Importing" }).waitFor();
  await accessible(page, "an import that runs");
  await page.context().close();

  const other = await world.open("/data/import");
  await other.getByRole("link", { name: `hubspot-${stamp}.csv` }).click();
  await other.getByRole("button", { name: "Stop" }).click();
  await other.getByRole("heading", { name: "Import stopped" }).waitFor();
  const taken = Number((await other.locator("dl dd").first().innerText()).replace(/\D/g, ""));
  assert.ok(taken > 0 && taken < rows.length, `stopped: ${taken} of ${rows.length} rows were taken, want some and not all`);
  quiet(other);
});

test("Activities are imported from CSV with one type for all rows.", async () => {
  const page = await world.open("/data/import");
  const stamp = Date.now();
  await page.getByText("Activities", { exact: true }).click();
  const text = `external_id;Keywords;Moment\nimp-${stamp};tents;2026-01-05 10:30\nimp-${stamp};boots;5.1.2026 11:00\n`;
  await page.locator('input[type="file"]').setInputFiles({ name: "searches.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText("Choose the activity type, or a column that holds it.").waitFor();
  await page.getByRole("combobox", { name: "Activity type of rows without one" }).fill("Search");
  await page.getByRole("option", { name: "Search", exact: true }).click();
  await page.getByText("Choose the column that says when it happened.").waitFor();
  await page.getByRole("combobox", { name: "What “Moment” becomes" }).fill("When");
  await page.getByRole("option", { name: "When it happened" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { name: "Import finished" }).waitFor();
  assert.equal(await page.locator("dl dd").first().innerText(), "2", "both rows should have been taken");
  quiet(page);
});

test("The overlap of three groups is what their members say, in the plot as in the table.", async () => {
  const groups = { "loyal-customers": "Loyal customers", "newsletter-fans": "Newsletter fans", "readers-who-buy": "Readers who buy" };
  const members = await Promise.all(Object.keys(groups).map(async (code) => {
    const { items, next } = await world.ask<{ items: { id: string }[]; next: string | null }>("GET", `/api/v1/groups/${code}/contacts?limit=1000`);
    assert.equal(next, null, `${code} has too many members for this test`);
    return new Set(items.map((m) => m.id));
  }));
  const names = Object.values(groups);
  const page = await world.open(`/compare?groups=${Object.keys(groups).join()}`);
  const table = page.getByRole("table", { name: "Combinations" });
  await table.getByRole("row").nth(7).waitFor();
  const plot = page.getByRole("group", { name: "Overlap of the groups" });
  const everyone = new Set(members.flatMap((m) => [...m]));
  for (let combination = 1; combination < 8; combination++) {
    const inside = (id: string) => members.map((m) => m.has(id));
    const wanted = names.map((_, i) => (combination & (1 << i)) !== 0);
    const exactly = [...everyone].filter((id) => inside(id).every((is, i) => is === wanted[i])).length;
    const atLeast = [...everyone].filter((id) => inside(id).every((is, i) => is || !wanted[i])).length;
    const chosen = names.filter((_, i) => wanted[i]);
    const rows = (await table.getByRole("row").allInnerTexts()).map((text) => text.split("\t"));
    const row = rows.find((cells) => names.every((name) => cells[0]!.includes(name) === chosen.includes(name)));
    assert.deepEqual([row?.[1], row?.[3]], [exactly.toLocaleString("en-GB"), atLeast.toLocaleString("en-GB")], `${chosen.join(", ")}: exactly and at least these`);
    if (exactly > 0) await plot.getByRole("button", { name: new RegExp(`^Only in .*: ${exactly.toLocaleString("en-GB")}$`) }).first().waitFor();
  }
  quiet(page);
});

test("Six groups are compared, and no seventh.", async () => {
  const page = await world.open("/compare?groups=loyal-customers,newsletter-fans,readers-who-buy,hot-leads,tent-shoppers");
  await page.getByRole("table", { name: "Combinations" }).getByRole("row").nth(31).waitFor();
  const choose = page.getByRole("combobox", { name: "Groups to compare" });
  await choose.click();
  await choose.fill("Fading");
  await page.getByRole("option", { name: "Fading customers" }).click();
  await page.getByRole("table", { name: "Combinations" }).getByRole("row").nth(63).waitFor();
  await page.keyboard.press("Escape");
  await accessible(page, "six groups");
  quiet(page);
});

test("A group is made of what two groups have in common.", async () => {
  const page = await world.open("/compare?groups=loyal-customers,best-audience");
  const plot = page.getByRole("group", { name: "Overlap of the groups" });
  const both = plot.getByRole("button", { name: /Loyal customers, Best audience|Best audience, Loyal customers/ });
  await both.focus();
  await page.keyboard.press("Enter");
  const chosen = page.getByRole("region", { name: "Selected combination" });
  await chosen.getByText("Only in these groups").waitFor();
  await accessible(page, "a chosen combination");
  await chosen.getByRole("link", { name: "Create group" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(`Overlap ${Date.now()}`);
  await page.getByRole("button", { name: "Create group" }).click();
  await page.waitForURL("**/condition");
  await page.getByRole("region", { name: "In contact groups" }).first().waitFor();
  quiet(page);
});

test("What happens appears live, and waits while paused.", async () => {
  const page = await world.open("/live");
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  const visit = (email: string) => world.ask("POST", "/api/v1/activities", { contact: { email }, type: "search", attributes: { keywords: "crampons" } });
  await visit(`live-${Date.now()}@example.com`);
  const list = page.getByRole("list", { name: "What happened" });
  await list.getByText("crampons").first().waitFor();
  await accessible(page, "live");
  const before = await list.getByText("crampons").count();
  await page.getByRole("button", { name: "Pause" }).click();
  await visit(`paused-${Date.now()}@example.com`);
  await page.getByText(/[1-9]\d* new while paused/).waitFor();
  assert.equal(await list.getByText("crampons").count(), before, "something appeared while paused");
  await page.getByRole("button", { name: "Go on" }).click();
  await list.getByText("crampons").nth(before).waitFor();
  await page.getByRole("searchbox", { name: "Filter" }).fill("nothing of the kind");
  await page.getByText("Nothing so far matches the filter.").waitFor();
  quiet(page);
});

test("The project's time zone is saved.", async () => {
  const page = await world.open("/system");
  const zone = page.getByRole("combobox", { name: "Time zone of the project" });
  await zone.fill("Vienna");
  await page.getByRole("option", { name: "Europe/Vienna" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.reload();
  await zone.waitFor();
  assert.equal(await zone.inputValue(), "Europe/Vienna", "the zone was not kept");
  quiet(page);
});

test("How long history is kept is asked twice when that gives something up, and saved.", async () => {
  const page = await world.open("/system");
  const days = page.getByRole("textbox", { name: "Days of history to keep" });
  const save = page.getByRole("button", { name: "Save" });
  await days.fill("40000");
  await save.click();
  const asked = page.getByRole("dialog", { name: "Give up older history?" });
  await asked.getByText("at once and for good").waitFor();
  await accessible(page, "giving up history");
  await page.screenshot({ path: `${screenshots}system-history.png` });
  await asked.getByRole("button", { name: "Give it up" }).click();
  await page.getByText("expected a number of days up to 36500").waitFor();
  await days.fill("3000");
  await save.click();
  await asked.getByRole("button", { name: "Cancel" }).click();
  await asked.waitFor({ state: "detached" });
  assert.equal((await world.ask<{ history_days: number }>("GET", "/api/v1/settings")).history_days, 0, "it was saved before it was confirmed");
  await save.click();
  await asked.getByRole("button", { name: "Give it up" }).click();
  await page.getByText("Saved.").waitFor();
  await page.reload();
  await days.waitFor();
  assert.equal(await days.inputValue(), "3000", "the days were not kept");
  await days.fill("");
  await save.click(); // nothing is given up
  await until(async () => (await world.ask<{ history_days: number }>("GET", "/api/v1/settings")).history_days === 0);
  quiet(page);
});

test("An API key is shown once, and revoked with an undo.", async () => {
  const page = await world.open("/keys");
  const name = `Shop ${Date.now()}`;
  await page.getByRole("button", { name: "New API key" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Read" }).check();
  await page.getByRole("button", { name: "Create key" }).click();
  const secret = await page.getByLabel(`API key “${name}”`).inputValue();
  assert.ok(secret.length > 20, `the key is too short: ${secret.length}`);
  await accessible(page, "a new key");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("row").filter({ hasText: name }).getByText("Read").waitFor();
  assert.equal((await page.content()).includes(secret), false, "the key is still on the page");
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: `Revoke ${name}` }).waitFor();
  quiet(page);
});

test("Somebody is invited, gets another role, and is disabled.", async () => {
  const page = await world.open("/users");
  const email = `eve-${Date.now()}@example.com`;
  await page.getByRole("button", { name: "Invite someone" }).click();
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByRole("radio", { name: "Viewer" }).check();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await page.getByRole("textbox", { name: `Link for ${email}` }).inputValue();
  assert.ok(/\/link#.{16,}/.test(link), `the invitation is no link: ${link}`);
  await accessible(page, "an invitation");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  const row = page.getByRole("row").filter({ hasText: email });
  await row.getByText("Invited").waitFor();
  await row.getByRole("combobox", { name: `Role of ${email}` }).click();
  await page.getByRole("option", { name: "Editor" }).click();
  await page.getByText(`${email} is now: Editor.`).waitFor();
  await row.getByRole("button", { name: `Actions for ${email}` }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await row.getByText("Disabled").waitFor();
  quiet(page);
});
