// What screens say when there is nothing to show: no connection, or nothing yet.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessible, counted, find, makeUser, newGroup, noSidewaysScroll, quiet, screenshots, serveNew, signIn, useWorld } from "./harness";

const world = useWorld();

/** Axe in light and dark, and narrow. */
async function look(page: Page, step: string): Promise<void> {
  const size = page.viewportSize()!;
  await accessible(page, step);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 320, height: 640 });
  await accessible(page, `${step}, dark and narrow`);
  await noSidewaysScroll(page, step);
  await page.screenshot({ path: `${screenshots}${step.replace(/\W+/g, "-")}.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(size);
}

test("Offline, a banner says so and what is written stays; online again, counting and saving go on by themselves.", async () => {
  const page = await world.open("/groups/new");
  await newGroup(page, `Offline ${Date.now()}`);
  await page.getByRole("button", { name: "Add a condition" }).click();
  await find(page, "identified");
  const identified = await counted(page);
  assert.ok(identified > 0, "nobody is identified");
  const banner = page.getByRole("status").filter({ hasText: "You are offline. What you see may be out of date." });

  await page.context().setOffline(true);
  await banner.waitFor();
  await page.getByRole("region", { name: "Identified" }).getByText("anonymous", { exact: true }).click();
  await page.getByText("Could not count").waitFor();
  await look(page, "offline");

  await page.context().setOffline(false);
  await banner.waitFor({ state: "detached" });
  await page.getByTestId("sentence").getByText("Contact is anonymous").waitFor();
  const anonymous = await counted(page);
  const { count } = await world.ask<{ count: number }>("POST", "/api/v1/conditions/preview", { condition: { groups: [{ conditions: [{ type: "identified", not: true }] }] } });
  assert.equal(anonymous, count, "the count after being offline");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save only" }).click();
  await page.getByText("No unsaved changes").waitFor();
  quiet(page, /ERR_INTERNET_DISCONNECTED/);
});

test("A screen that was never opened says so offline, and comes by itself once online again.", async () => {
  const page = await world.open("/account");
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.getByText("It is fetched as soon as you are online again.").waitFor();
  await look(page, "a screen that cannot be fetched");
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "Compare groups", level: 1 }).waitFor();
  quiet(page, /ERR_INTERNET_DISCONNECTED|dynamically imported module/);
});

test("With nothing in it yet, every screen says what to do, and the way there is a button.", async (t) => {
  const server = await serveNew(t);
  await makeUser(server.url, "ada@example.com", "admin");
  const page = await world.open(`${server.url}/groups`, { storageState: undefined });
  await signIn(page, "ada@example.com");
  const main = page.getByRole("main");
  const to = (link: string, screen: string) => page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click().then(() => main.getByRole("heading", { name: screen, level: 1 }).waitFor());

  await main.getByRole("heading", { name: "No contact groups yet" }).waitFor();
  await look(page, "no groups");
  await main.getByRole("link", { name: "New contact group" }).last().click();
  await page.getByLabel("Name", { exact: true }).waitFor();

  await to("Contacts", "Contacts");
  await main.getByRole("heading", { name: "No contacts yet" }).waitFor();
  await look(page, "no contacts");
  await main.getByRole("link", { name: "Import" }).last().click();
  await main.getByText("What does each row describe?").waitFor();
  await look(page, "no imports");

  await to("Live", "Live");
  await main.getByRole("heading", { name: "Waiting for something to happen" }).waitFor();
  await look(page, "nothing happens");
  await to("Deliveries", "Deliveries");
  await main.getByRole("heading", { name: "No webhooks yet" }).waitFor();
  await look(page, "no webhooks");
  await main.getByRole("link", { name: "New webhook" }).last().click();
  await main.getByRole("heading", { name: "New webhook", level: 1 }).waitFor();
  await to("Deliveries", "Deliveries");
  await main.getByRole("link", { name: "Connectors" }).click();
  await main.getByRole("heading", { name: "No connectors yet" }).waitFor();
  quiet(page);
});
