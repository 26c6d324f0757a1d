// Contacts and a contact's page: find, read, edit, merge and erase people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, noSidewaysScroll, quiet, screenshots, useWorld } from "./harness";

const world = useWorld();

/** Makes a contact through the API and answers its id. */
const make = async (contact: Record<string, unknown>) => (await world.ask<{ contact_id: string }>("POST", "/api/v1/contacts", contact)).contact_id;

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 320, height: 640 } }],
] as const) {
  test(`Every screen of contacts is accessible, ${name}.`, async () => {
    const page = await world.open("/contacts", options);
    await page.getByRole("table", { name: "Contacts" }).getByRole("link").first().waitFor();
    await page.screenshot({ path: `${screenshots}contacts-${name}.png` });
    await noSidewaysScroll(page, "contacts");
    await accessible(page, "contacts");
    await page.getByRole("table", { name: "Contacts" }).getByRole("link").first().click();
    for (const section of ["Overview", "Groups", "Activities", "History"]) {
      await page.getByRole("navigation", { name: "Sections of the contact" }).getByRole("link", { name: section }).click();
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${screenshots}contact-${section.toLowerCase()}-${name}.png`, fullPage: true });
      await noSidewaysScroll(page, section);
      await accessible(page, section);
    }
    quiet(page);
    await page.context().close();
  });
}

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
  const page = await world.open(`/contacts/${id}`);
  await page.getByRole("button", { name: "Edit fields" }).click();
  await page.getByLabel("Email", { exact: true }).fill("no email");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Email", { exact: true }).getAttribute("aria-invalid"), "true", "the field is not marked as wrong");
  await accessible(page, "a wrong field");
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
  await page.waitForURL(`**/contacts/${into}`);
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
