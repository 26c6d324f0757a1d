// Contacts and a contact's page: find, read, edit, merge and erase people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, quiet, screenshots, tour, useWorld } from "./harness";

const world = useWorld();

/** Makes a contact through the API and answers its id. */
const make = async (contact: Record<string, unknown>) => (await world.ask<{ contact_id: string }>("POST", "/api/v1/contacts", contact)).contact_id;

test("Every screen of contacts is accessible in light and dark, wide and narrow.", async () => {
  const { items } = await world.ask<{ items: { id: string }[] }>("GET", "/api/v1/contacts?limit=1&group=loyal-customers");
  const contact = `/contacts/${items[0]!.id}`;
  await tour(world, [
    ["contacts", "/contacts", "Contacts"],
    ["contact-overview", contact, /./],
    ["contact-groups", `${contact}/groups`, /./],
    ["contact-activities", `${contact}/activities`, /./],
    ["contact-history", `${contact}/history`, /./],
  ]);
});

test("A contact is found by email and its fields are edited by type.", async () => {
  const page = await world.open("/contacts");
  const email = `field-${Date.now()}@example.com`;
  await make({ email, fields: { first_name: "Frida", last_name: "Feld" } });
  await page.getByRole("searchbox", { name: "Search by name, email or id" }).fill(email);
  await page.getByRole("link", { name: "Frida Feld" }).click();
  await page.getByRole("heading", { name: "Frida Feld", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Edit fields" }).click();
  await page.getByLabel("Company", { exact: true }).fill("Acme");
  await page.getByLabel("Birthday").fill("1990-03-01");
  await page.getByRole("combobox", { name: "Country" }).fill("Austria");
  await page.getByRole("option", { name: "Austria" }).click();
  await accessible(page, "editing fields");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Edit fields" }).waitFor();
  const facts = await page.locator("dl").first().innerText();
  for (const text of ["Acme", "1 Mar 1990", "Austria"]) assert.ok(facts.includes(text), `saved fields: got ${facts}, want ${text}`);
  quiet(page);
});

test("What is wrong stands beside its field.", async () => {
  const id = await make({ email: `wrong-${Date.now()}@example.com` });
  const page = await world.open(`/contacts/${id}`, { colorScheme: "dark" });
  await page.getByRole("button", { name: "Edit fields" }).click();
  await page.getByLabel("Email", { exact: true }).fill("no email");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Email", { exact: true }).getAttribute("aria-invalid"), "true", "the field is not marked as wrong");
  await accessible(page, "a wrong field, dark");
  await page.emulateMedia({ colorScheme: "light" });
  await accessible(page, "a wrong field, light");
  quiet(page);
});

test("A consent is revoked.", async () => {
  const id = await make({ email: `consent-${Date.now()}@example.com`, consents: { marketing: { state: "agreed" } } });
  const page = await world.open(`/contacts/${id}`);
  await page.getByRole("button", { name: "Change “Marketing”" }).click();
  await page.getByRole("menuitem", { name: "Revoked" }).click();
  await page.getByText("“Marketing” is saved.").waitFor();
  await page.getByRole("listitem").filter({ hasText: "Marketing" }).getByText("Revoked").waitFor();
  quiet(page);
});

test("Two contacts are merged; the merged one's address leads to the other.", async () => {
  const stamp = Date.now();
  const from = await make({ visitor_id: `merge-${stamp}` });
  const into = await make({ email: `merge-${stamp}@example.com` });
  const page = await world.open(`/contacts/${from}`);
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Merge into another contact" }).click();
  await page.getByRole("textbox", { name: "Merge into" }).fill(`merge-${stamp}@example.com`);
  await page.getByRole("option", { name: `merge-${stamp}@example.com` }).click();
  await accessible(page, "the merge dialog");
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  await page.waitForURL(`**/contacts/${into}**`);
  await page.getByRole("heading", { name: "Merged contacts" }).waitFor();
  await page.goto(`${world.url}/contacts/${from}`);
  await page.waitForURL(`**/contacts/${into}**`);
  quiet(page);
});

test("A person is erased only after its name was typed.", async () => {
  const email = `erase-${Date.now()}@example.com`;
  const id = await make({ email });
  const page = await world.open(`/contacts/${id}`);
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Erase this person" }).click();
  const erase = page.getByRole("button", { name: "Erase for good" });
  assert.equal(await erase.isDisabled(), true, "erasing is offered before the name is typed");
  await accessible(page, "the erase dialog");
  await page.screenshot({ path: `${screenshots}erase.png` });
  await page.getByLabel(`Type “${email}” to confirm`).fill(email);
  await erase.click();
  await page.waitForURL("**/contacts");
  await page.goto(`${world.url}/contacts/${id}`);
  await page.getByRole("heading", { name: "Not found", level: 1 }).waitFor();
  quiet(page);
});

test("The timeline is filtered by activity type, and a person's data is exported.", async () => {
  const id = await make({ email: `time-${Date.now()}@example.com` });
  await world.ask("POST", "/api/v1/activities", [
    { contact: { id }, type: "login" },
    { contact: { id }, type: "search", attributes: { keywords: "boots" } },
  ]);
  const page = await world.open(`/contacts/${id}/activities`);
  const list = page.getByRole("region", { name: "Activities" });
  await list.getByText("boots").waitFor();
  await page.getByRole("combobox", { name: "Activity types" }).fill("login");
  await page.getByRole("option", { name: "Login" }).click();
  await list.getByText("boots").waitFor({ state: "detached" });
  await list.getByText("Login", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Actions for/ }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export all data of this person" }).click();
  assert.ok((await download).suggestedFilename().endsWith(".json"), "the export is no JSON file");
  quiet(page);
});

test("Contacts are sorted by the server, and narrowed to a group.", async () => {
  const page = await world.open("/contacts?group=loyal-customers");
  const table = page.getByRole("table", { name: "Contacts" });
  for (const sort of ["-last_activity", "last_activity", "-created"]) {
    await page.getByRole("button", { name: sort.endsWith("created") ? "Created" : "Last activity" }).click();
    const { items } = await world.ask<{ items: { id: string }[] }>("GET", `/api/v1/contacts?group=loyal-customers&limit=1&sort=${sort}`);
    await table.getByRole("row").nth(1).locator(`a[href="/contacts/${items[0]!.id}"]`).waitFor();
  }
  await page.getByRole("button", { name: "Next page" }).click();
  await page.getByText("Page 2").waitFor();
  await accessible(page, "the second page");
  quiet(page);
});

test("A contact's groups say since when, why and until when; its lists and channels are there.", async () => {
  const stamp = Date.now();
  const code = `visitors-${stamp}`;
  const name = `Visitors ${stamp}`;
  await world.ask("POST", "/api/v1/groups", { code, name, condition: { groups: [{ conditions: [{ type: "visited-page", params: { pages: ["/until"], within: { last: "7d" } } }] }] } });
  await world.ask("POST", `/api/v1/groups/${code}/recalculate?wait=true`);
  const email = `until-${stamp}@example.com`;
  await world.ask("POST", "/api/v1/activities", [{ contact: { email, visitor_id: `v-${stamp}` }, type: "page_visit", channel: "shop", attributes: { page: "/until" } }]);
  const { items } = await world.ask<{ items: { id: string }[] }>("GET", `/api/v1/contacts?search=${email}`);
  const page = await world.open(`/contacts/${items[0]!.id}/groups`);
  const membership = page.getByRole("list", { name: "Groups" }).getByRole("listitem").filter({ hasText: name });
  await membership.getByText(/Since .* · leaves by time alone on /).waitFor();
  await membership.getByText("Activity · Page visit").waitFor();
  await membership.getByRole("button", { name: `Why “${name}”?` }).click();
  await membership.getByText(/^1 found/).waitFor();
  await accessible(page, "why a contact is in a group");

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText(`v-${stamp}`).first().waitFor(); // also in the heading, when the page still has no name
  const lists = page.getByRole("listitem").filter({ hasText: "All mail" });
  await lists.getByRole("button", { name: "Change “All mail”" }).click();
  await page.getByRole("menuitem", { name: "Unsubscribed" }).or(page.getByRole("menuitemradio", { name: "Unsubscribed" })).click();
  await lists.getByText("Unsubscribed").waitFor();
  await page.getByRole("heading", { name: "Channels" }).waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("row").filter({ hasText: name }).getByText("Entered").waitFor();
  quiet(page);
});

test("The timeline is filtered by channel and day.", async () => {
  const email = `days-${Date.now()}@example.com`;
  const visit = (occurred_at: string, channel: string, page: string) => ({ contact: { email }, type: "page_visit", channel, occurred_at, attributes: { page } });
  await world.ask("POST", "/api/v1/activities", [visit("2026-05-01T10:00:00Z", "shop", "/may"), visit("2026-06-01T10:00:00Z", "shop", "/june"), visit("2026-06-02T10:00:00Z", "mail", "/mailed")]);
  const { items } = await world.ask<{ items: { id: string }[] }>("GET", `/api/v1/contacts?search=${email}`);
  const page = await world.open(`/contacts/${items[0]!.id}/activities`);
  const list = page.getByRole("region", { name: "Activities" });
  await list.getByText("/may").waitFor();
  await page.getByLabel("From", { exact: true }).fill("2026-06-01");
  await list.getByText("/may").waitFor({ state: "detached" });
  await page.getByLabel("Until", { exact: true }).fill("2026-06-01");
  await list.getByText("/mailed").waitFor({ state: "detached" });
  await list.getByText("/june").waitFor();
  await page.getByLabel("Until", { exact: true }).fill("");
  await page.getByRole("combobox", { name: "Channel" }).click();
  await page.getByRole("option", { name: "Outdoor shop" }).click();
  await list.getByText("/june").waitFor();
  await list.getByText("/mailed").waitFor({ state: "detached" });
  await accessible(page, "a filtered timeline");
  quiet(page);
});
