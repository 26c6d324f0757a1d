// The group screens: by keyboard alone, on a narrow screen, and in the dark.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, noSidewaysScroll, quiet, screenshots, tour, useWorld } from "./harness";

const world = useWorld();

const screens = [
  ["groups", "/groups", "Contact groups"],
  ["overview", "/groups/hot-leads", "Hot leads"],
  ["condition", "/groups/hot-leads/condition", "Hot leads"],
  ["members", "/groups/hot-leads/contacts", "Hot leads"],
  ["changes", "/groups/hot-leads/changes", "Hot leads"],
  ["versions", "/groups/hot-leads/versions", "Hot leads"],
] as const;

test("Every screen of groups is accessible in light and dark, wide and narrow.", () => tour(world, screens));

test("Long words of another language fit into a narrow window.", async () => {
  const page = await world.open("/groups", { locale: "de-AT", viewport: { width: 320, height: 640 } });
  for (const [path, title] of [
    ["/groups", "Kontaktgruppen"],
    ["/groups/hot-leads", "Hot leads"],
    ["/groups/hot-leads/condition", "Hot leads"],
    ["/contacts", "Kontakte"],
    ["/compare?groups=hot-leads,loyal-customers", "Gruppen vergleichen"],
    ["/data/import", "Daten"],
    ["/system", "System"],
    ["/account", "Ihr Konto"],
  ] as const) {
    await page.goto(world.url + path);
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    await noSidewaysScroll(page, `${path} in German`);
    await page.screenshot({ path: `${screenshots}german${path.replace(/\W+/g, "-")}.png`, fullPage: true });
  }
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
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

test("The table of groups is searched, sorted and filtered; a group in use is not deleted, another one with an undo.", async () => {
  const code = `spare-${Date.now()}`;
  const name = `Spare ${code}`;
  const condition = { groups: [{ conditions: [{ type: "identified" }] }] };
  await world.ask("POST", "/api/v1/groups", { code, name, condition });
  const page = await world.open("/groups");
  const table = page.getByRole("table", { name: "Contact groups" });
  const first = table.getByRole("row").nth(1);
  await page.getByRole("button", { name: "Members", exact: true }).click();
  await page.locator("th[aria-sort=descending]").filter({ hasText: "Members" }).waitFor();
  const { items } = await world.ask<{ items: { name: string }[] }>("GET", "/api/v1/groups?sort=-members&limit=1");
  await first.getByRole("link", { name: items[0]!.name, exact: true }).waitFor();

  await page.getByRole("combobox", { name: "Status" }).or(page.getByRole("textbox", { name: "Status" })).first().click();
  await page.getByRole("option", { name: "Never calculated" }).click();
  await table.getByRole("link", { name: items[0]!.name, exact: true }).waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: "Search groups" }).fill(name);
  await table.getByRole("link", { name }).waitFor();
  await accessible(page, "a filtered table");

  const remove = async (group: string) => {
    await page.getByRole("button", { name: `Actions for ${group}` }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
  };
  await remove(name);
  await table.getByRole("link", { name }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await table.getByRole("link", { name }).waitFor();
  await world.ask("GET", `/api/v1/groups/${code}`);

  await page.goto(`${world.url}/groups?search=newsletter`);
  await remove("Newsletter fans");
  const refused = page.getByRole("dialog", { name: "“Newsletter fans” is used" });
  await refused.getByRole("link", { name: "Best audience" }).waitFor();
  await accessible(page, "a group in use");
  await refused.getByRole("button", { name: "Close" }).last().click();

  await page.getByRole("button", { name: "Actions for Newsletter fans" }).click();
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Newsletter fans (copy)");
  quiet(page);
});

test("A group's details are edited, and its overview says what changed it.", async () => {
  const stamp = Date.now();
  const code = `overview-${stamp}`;
  await world.ask("POST", "/api/v1/groups", { code, name: `Overview ${stamp}`, recalculate: true, condition: { groups: [{ conditions: [{ type: "consent", params: { consent: "tracking" } }] }] } });
  await world.ask("POST", `/api/v1/groups/${code}/recalculate?wait=true`);
  await world.ask("POST", "/api/v1/contacts", { email: `overview-${stamp}@example.com`, consents: { tracking: { state: "agreed" } } });
  const page = await world.open(`/groups/${code}`);
  const causes = page.getByRole("table", { name: "Entered and left by cause" });
  const row = (cause: string) => causes.getByRole("row").filter({ has: page.getByRole("cell", { name: cause, exact: true }) });
  await row("Consent").getByRole("cell", { name: "1", exact: true }).waitFor();
  const { members } = await world.ask<{ members: number }>("GET", `/api/v1/groups/${code}`);
  await row("Recalculation").or(row("Condition changed")).getByRole("cell", { name: (members - 1).toLocaleString("en-GB"), exact: true }).waitFor();
  await page.getByText(/^Known since .* when the group was made\.$/).waitFor();
  await accessible(page, "an overview with causes");

  await page.getByRole("button", { name: "Edit details" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit details" });
  await dialog.getByLabel("Name", { exact: true }).fill(`Renamed ${stamp}`);
  await dialog.getByLabel("Description").fill("Who agreed to tracking.");
  await dialog.getByRole("combobox", { name: "Time zone" }).fill("Vienna");
  await page.getByRole("option", { name: "Europe/Vienna" }).click();
  await dialog.getByRole("switch", { name: "Recalculate daily" }).click();
  await accessible(page, "the details of a group");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: `Renamed ${stamp}`, level: 1 }).waitFor();
  await page.getByRole("definition").filter({ hasText: "Europe/Vienna" }).waitFor();
  await page.getByText("Next run:").waitFor();
  quiet(page);
});

test("Members are sorted, searched, shown with other columns and as of a date, and exported.", async () => {
  const page = await world.open("/groups/loyal-customers/contacts");
  const table = page.getByRole("table", { name: "Members of Loyal customers" });
  const { items } = await world.ask<{ items: { email: string | null }[] }>("GET", "/api/v1/groups/loyal-customers/contacts?sort=since&limit=1");
  await page.getByRole("button", { name: "Since" }).click();
  await page.locator("th[aria-sort=ascending]").filter({ hasText: "Since" }).waitFor();
  await page.getByRole("button", { name: "Columns" }).click();
  const email = page.getByRole("checkbox", { name: "Email" });
  if (!(await email.isChecked())) await email.click();
  await page.keyboard.press("Escape");
  await table.getByRole("row").nth(1).getByRole("cell", { name: items[0]!.email!, exact: true }).waitFor();
  await page.getByRole("searchbox", { name: "Search members" }).fill(items[0]!.email!);
  await table.getByRole("row").nth(2).waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: "Search members" }).fill("");

  const at = new Date(Date.now() - 60 * 86_400_000);
  const local = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short" }).format(at).replace(" ", "T");
  await page.getByLabel("As of").fill(local);
  const then = await world.ask<{ count: number }>("GET", `/api/v1/groups/loyal-customers/contacts/count?at=${new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString()}`);
  await page.getByText(new RegExp(`^${then.count.toLocaleString("en-GB")} members? · `)).waitFor();
  await accessible(page, "members of the past");
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: /NDJSON/ }).click()]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
  assert.equal(lines.length, then.count, `the export of the past has ${lines.length} members, want ${then.count}`);
  JSON.parse(lines[0]!);
  quiet(page);
});

test("Versions differ in sentences, and an earlier one is restored.", async () => {
  const conditions = (country: string, extra: object[] = []) => ({ groups: [{ match: "all", conditions: [{ type: "identified" }, { type: "country", params: { any_of: [country] } }, ...extra] }] });
  const code = `versions-${Date.now()}`;
  await world.ask("POST", "/api/v1/groups", { code, name: "Versions", condition: conditions("AT") });
  await world.ask("PATCH", `/api/v1/groups/${code}`, { condition: conditions("DE", [{ type: "logged-in", not: true }]) });
  await world.ask("POST", `/api/v1/groups/${code}/recalculate?wait=true`);
  const page = await world.open(`/groups/${code}/versions`);
  const versions = page.getByRole("list", { name: "Versions of the condition" }).locator("> li");
  const second = versions.filter({ has: page.getByRole("heading", { name: "Version 2" }) });
  await second.getByText("In force").waitFor();
  const difference = await second.getByRole("listitem").allInnerTexts();
  assert.ok(difference.some((d) => /^New: .*Germany/.test(d)) && difference.some((d) => /^No longer: .*Austria/.test(d)) && difference.some((d) => /^New: .*not logged in/.test(d)), `the difference: got ${JSON.stringify(difference)}`);
  assert.ok(!difference.some((d) => /identified/.test(d)), `what stayed is said to differ: ${JSON.stringify(difference)}`);
  await accessible(page, "versions");
  await page.screenshot({ path: `${screenshots}versions-difference.png`, fullPage: true });
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await versions.first().getByText("Waiting for recalculation").waitFor();
  await page.getByRole("main").getByText("Condition changed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Recalculate contact group" }).click();
  await page.getByRole("main").getByText("Up to date", { exact: true }).waitFor();
  await versions.first().getByText("In force").waitFor();
  const group = await world.ask<{ sentence: string }>("GET", `/api/v1/groups/${code}`);
  assert.match(group.sentence, /Austria/, "the restored condition is not the first one");
  quiet(page);
});
