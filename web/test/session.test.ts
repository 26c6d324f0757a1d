// Who may come in, what they may do, and what becomes of them when a session or
// the server ends. Every test has a server of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { accessible, ask, makeUser, quiet, screenshots, serveNew, serverKey as key, signIn, until, useWorld } from "./harness";

const world = useWorld({ demo: false });
const groupsScreen = (page: Page) => page.getByRole("heading", { name: "Contact groups", level: 1 });

/** The status of a request that the page makes with its session. */
function statusOf(page: Page, method: string, path: string, body?: unknown): Promise<number> {
  return page.evaluate(
    async ([method, path, body]) => (await fetch(path!, { method, headers: { "Content-Type": "application/json" }, ...(body ? { body } : {}) })).status,
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

test("The first admin comes in by the link that serve prints, which works once.", async (t) => {
  const server = await serveNew(t);
  const link = (await server.printed(/(http\S+\/link#\S+)\n/))[1]!;

  const before = await world.open(server.url);
  await before.getByText("Nobody can sign in yet").waitFor();
  await accessible(before, "sign-in before the first admin");

  const page = await world.open(link);
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.locator("[aria-invalid=true]").waitFor();
  await accessible(page, "a password that is too short");
  await page.getByLabel("New password").fill("correct horse battery");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await groupsScreen(page).waitFor();
  await page.getByRole("button", { name: /Ada\s*Administrator/ }).waitFor();
  await page.getByText("No contact groups yet").waitFor();
  await accessible(page, "the first screen");
  quiet(page);

  const again = await world.open(link);
  await again.getByText("This link no longer works").waitFor();
  await accessible(again, "a used link");
  quiet(again);
});

test("A wrong password is told, the right one opens the screen that was asked for, and signing out closes it.", async (t) => {
  const server = await serveNew(t);
  await makeUser(server.url, "ada@example.com", "admin");
  const page = await world.open(`${server.url}/contacts`);
  await signIn(page, "ada@example.com", "not the password");
  await page.getByRole("alert").filter({ hasText: "Email or password is not right." }).waitFor();
  await accessible(page, "wrong password");
  await signIn(page, "ada@example.com");
  await page.getByRole("heading", { name: "Contacts", level: 1 }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Contacts", level: 1 }).waitFor();

  await page.getByRole("button", { name: /Administrator/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  assert.equal(await statusOf(page, "GET", "/api/v1/groups"), 401, "the API still answers after signing out");
  await page.goto(`${server.url}/contacts`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  quiet(page);
});

test("A viewer sees no buttons that change anything, and the API refuses them.", async (t) => {
  const server = await serveNew(t);
  await ask(server.url, key, "POST", "/api/v1/groups", { code: "fans", name: "Fans", condition: { groups: [{ conditions: [{ type: "identified" }] }] } });
  await makeUser(server.url, "vera@example.com", "viewer");
  const page = await world.open(server.url);
  await signIn(page, "vera@example.com");
  await page.getByRole("link", { name: "Fans" }).waitFor();
  const absent = async (where: string, role: "button" | "link", name: string | RegExp) =>
    assert.equal(await page.getByRole(role, { name }).count(), 0, `${where}: a viewer is offered ${name}`);
  await absent("groups", "link", "New contact group");
  await absent("groups", "button", /^Actions for/);
  await absent("groups", "link", "Users");
  await absent("groups", "link", "API keys");

  await page.getByRole("link", { name: "Fans" }).click();
  await page.getByText("Condition in words").waitFor();
  await absent("overview", "button", "Edit details");
  await absent("overview", "button", "Recalculate contact group");
  await page.getByRole("link", { name: "Condition", exact: true }).click();
  await page.getByRole("region", { name: "Identified" }).waitFor();
  for (const name of ["Save", "Add another condition", "Add condition group", /^Remove:/, /^Actions for/]) await absent("condition", "button", name);
  await accessible(page, "a viewer's condition");

  const condition = { groups: [] };
  for (const [method, path, body] of [
    ["POST", "/api/v1/groups", { name: "Mine", condition }],
    ["PATCH", "/api/v1/groups/fans", { name: "Mine" }],
    ["DELETE", "/api/v1/groups/fans", undefined],
    ["GET", "/api/v1/users", undefined],
  ] as const)
    assert.equal(await statusOf(page, method, path, body), 403, `${method} ${path} by a viewer`);
  quiet(page);
});

test("When a session ends, what was entered stays behind the sign-in and is saved afterwards.", async (t) => {
  const server = await serveNew(t);
  await ask(server.url, key, "POST", "/api/v1/groups", { code: "fans", name: "Fans", condition: { groups: [] } });
  await makeUser(server.url, "eve@example.com", "editor");
  const page = await world.open(`${server.url}/groups/fans/condition`);
  await signIn(page, "eve@example.com");
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.locator('[role=dialog] [data-type="identified"]').click();
  await page.getByText("Contact is identified", { exact: true }).waitFor();

  // The same session ends elsewhere.
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(server.url);
  assert.equal(await statusOf(elsewhere, "DELETE", "/api/v1/session"), 204);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const overlay = page.getByRole("dialog", { name: "Your session has ended" });
  await overlay.waitFor();
  await accessible(page, "an ended session");
  await signIn(page, "eve@example.com");
  await overlay.waitFor({ state: "hidden" });

  await page.getByRole("region", { name: "Identified" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Save only" }).click();
  await page.getByText("No unsaved changes").waitFor();
  quiet(page);
});

test("A session survives a restart of the server, and so does a condition that is being written.", async (t) => {
  const server = await serveNew(t);
  await ask(server.url, key, "POST", "/api/v1/groups", { code: "fans", name: "Fans", condition: { groups: [] } });
  await makeUser(server.url, "eve@example.com", "editor");
  const page = await world.open(`${server.url}/groups/fans/condition`);
  await signIn(page, "eve@example.com");
  await page.getByRole("button", { name: "Add a condition" }).waitFor();
  await page.getByTestId("total").getByText("0").waitFor();

  await server.stop();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.locator('[role=dialog] [data-type="identified"]').click();
  await page.getByText("Could not count").waitFor();
  await accessible(page, "without a server");
  await server.restart();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Contact is identified", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save only" }).click();
  await page.getByText("No unsaved changes").waitFor();
  await page.reload();
  await page.getByRole("region", { name: "Identified" }).waitFor();
  await until(async () => (await statusOf(page, "GET", "/api/v1/session")) === 200);
  quiet(page, /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET/);
});

test("A password is changed: a wrong one is told beside its field, and then only the new one opens.", async (t) => {
  const server = await serveNew(t);
  await makeUser(server.url, "eve@example.com", "editor");
  const page = await world.open(`${server.url}/account`, { colorScheme: "dark" });
  await signIn(page, "eve@example.com");
  const [current, next, again] = [page.getByLabel("Current password", { exact: true }), page.getByLabel("New password", { exact: true }), page.getByLabel("New password again", { exact: true })];
  const change = page.getByRole("button", { name: "Change password" });
  await current.fill("not the password");
  await next.fill("a new long password");
  await again.fill("another long password");
  await change.click();
  await page.getByText("The two new passwords differ.").waitFor();
  await again.fill("a new long password");
  await change.click();
  await page.getByText(/expected the present password/i).waitFor();
  assert.equal(await current.getAttribute("aria-invalid"), "true", "the wrong password is not marked");
  await accessible(page, "a wrong password, dark");
  await page.screenshot({ path: `${screenshots}password.png` });
  await current.fill("correct horse battery");
  await change.click();
  await page.getByText("Your password is changed.").waitFor();
  await page.getByRole("button", { name: /^The editor/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await signIn(page, "eve@example.com");
  await page.getByRole("alert").filter({ hasText: "Email or password is not right." }).waitFor();
  await signIn(page, "eve@example.com", "a new long password");
  await groupsScreen(page).waitFor();
  quiet(page);
});
