// Starts the built binary on a temporary demonstration and a browser on it.
// all.ts starts one for all files and names it by MUSTER_UI_URL. Every page is watched: an error on
// its console, a refused style or script, or an exception fails the test.
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, type TestContext } from "node:test";
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from "playwright-core";

const binary = process.env.MUSTER_BINARY ?? new URL("../../bin/muster", import.meta.url).pathname;
const browserPath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// How long a state may take to come about on a machine that is busy with other things.
const patience = 60_000;
// MUSTER_UI_SLOW=6 makes pages six times as slow, to see what a busy machine sees.
const slowness = Number(process.env.MUSTER_UI_SLOW ?? 1);
const demoKey = "a-key-of-the-demonstration";
export const screenshots = new URL("screenshots/", import.meta.url).pathname;

export interface World {
  url: string;
  browser: Browser;
  /** Opens a page, in a demonstration as its admin. What its console complains of fails the test at quiet. */
  open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Asks the API of the demonstration with a key, whatever a page is doing. */
  ask: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

/** A running server. */
export interface Server {
  url: string;
  /** Answers what the server printed that a pattern finds, waiting for it. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Lets the server finish and end. */
  stop: () => Promise<void>;
  /** Stands still, so that what is there can be looked at, and goes on. */
  pause: () => void;
  resume: () => void;
}

// A file of tests that takes too long is ended: what it started must not live on.
const children = new Set<ChildProcess>();
process.once("SIGTERM", () => {
  for (const child of children) child.kill("SIGKILL");
  process.exit(1);
});

/** Starts the binary and waits until it is ready. */
export async function startServer(args: string[], environment: Record<string, string> = {}): Promise<Server> {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...environment } });
  children.add(child);
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output);
        if (!found) return;
        child.stdout.off("data", look);
        resolve(found);
      };
      child.stdout.on("data", look);
      void ended.then((code) => reject(new Error(`muster ${args[0]} ended with ${code}: ${output}`)));
      look();
    });
  const url = (await printed(/Listening on (\S+)/))[1]!;
  await until(async () => (await fetch(`${url}/readyz`)).ok, 120_000);
  return {
    url,
    printed,
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

let databases = 0;

/** Where a server is to keep everything: on the PostgreSQL server that MUSTER_TEST_DATABASE names, or in a directory. */
function place(dir: string[]): string[] {
  const server = process.env.MUSTER_TEST_DATABASE;
  if (!server) return dir;
  const schema = `ui_${process.pid}_${databases++}`;
  execFileSync("psql", ["--quiet", "--dbname", server, "--command", `create schema ${schema}`]);
  return ["--database", `${server}&search_path=${schema}`, "--migrate"];
}

/** Starts the demonstration that tests share. Its admin key is the variable's that is given here. */
export async function startDemo(): Promise<Server> {
  const start = (where: string[]) =>
    startServer(["demo", ...where, "--listen", "127.0.0.1:0", "--contacts", "3000", "--activities", "45000", "--rate", "0"], { MUSTER_ADMIN_KEY: demoKey, MUSTER_DELIVERY_ALLOW: "127.0.0.1" });
  const [flag, database] = place([]);
  if (!flag || !database) return start([]);
  // A year is lived through in a directory, where that takes seconds, and copied.
  const dir = await mkdtemp(join(tmpdir(), "muster-ui-"));
  await (await start(["--data", dir])).stop();
  execFileSync(binary, ["copy", "--from", dir, "--to", database, "--migrate", "--sample", "100"], { stdio: ["ignore", "ignore", "inherit"] });
  await rm(dir, { recursive: true });
  return start([flag, database]);
}

/** The admin key of servers that serveNew starts. */
export const serverKey = "a-key-for-tests-only";

/** A server with nothing in it, until the test ends. */
export async function serveNew(t: TestContext): Promise<Server & { restart: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "muster-ui-"));
  const where = place(["--data", dir]);
  const start = (listen: string) => startServer(["serve", ...where, "--listen", listen], { MUSTER_ADMIN_KEY: serverKey });
  let server = await start("127.0.0.1:0");
  t.after(async () => {
    await server.stop();
    await rm(dir, { recursive: true });
  });
  return {
    url: server.url,
    printed: (pattern) => server.printed(pattern),
    stop: () => server.stop(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    restart: async () => {
      server = await start(new URL(server.url).host);
    },
  };
}

const password = "correct horse battery";

/** Makes a user who can sign in. */
export async function makeUser(url: string, email: string, role: string): Promise<void> {
  const { link } = await ask<{ link: { path: string } }>(url, serverKey, "POST", "/api/v1/users", { email, name: `The ${role}`, role });
  await ask(url, serverKey, "POST", "/api/v1/session/redeem", { token: link.path.split("#")[1], password });
}

export async function signIn(page: Page, email: string, secret = password): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Makes a world for the tests of a file. Without a demonstration, pages open at the url that they are given. */
export function useWorld({ demo = true } = {}): World {
  const world = {} as World;
  const complaints = new Map<Page, string[]>();
  let server: Server | undefined;
  let signedIn: BrowserContextOptions["storageState"];

  before(async () => {
    const browser = chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    world.url = demo ? (process.env.MUSTER_UI_URL ?? "") : "";
    if (demo && !world.url) {
      server = await startDemo();
      world.url = server.url;
    }
    world.browser = await browser;
    if (!demo) return;
    // Opening a page of a demonstration signs in; the others begin with that session.
    const page = await world.open("/account");
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
    signedIn = await page.context().storageState();
    await page.context().close();
  });
  // What a test has finished with shall not ask for news while others run.
  afterEach(() => Promise.all(world.browser.contexts().map((context) => context.close())));
  after(async () => {
    await world.browser?.close();
    await server?.stop();
  });

  world.open = async (path, options = {}) => {
    const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", storageState: signedIn, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    if (slowness > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowness });
    const said: string[] = [];
    complaints.set(page, said);
    page.on("console", (m) => m.type() === "error" && !/status of (401|403|404|409|410|422|503)/.test(m.text()) && said.push(m.text()));
    page.on("pageerror", (e) => said.push(e.message));
    await page.goto(new URL(path, world.url || undefined).href);
    return page;
  };
  world.ask = (method, path, body) => ask(world.url, demoKey, method, path, body);
  quiet = (page, expected) => assert.deepEqual((complaints.get(page) ?? []).filter((text) => !expected?.test(text)), [], "the console complained");
  return world;
}

/** Fails when the page complained on its console of more than what was expected. */
export let quiet: (page: Page, expected?: RegExp) => void = () => {};

/** Asks a server with a key; everything but success fails the test. */
export async function ask<T>(url: string, key: string, method: string, path: string, body?: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${key}` };
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Asks until the answer is yes. */
export async function until(question: () => Promise<boolean>, within = 60_000): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    if (await question().catch(() => false)) return;
    assert.ok(Date.now() < end, `waited ${within} ms for ${question}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Fails when axe finds something against WCAG 2.2 A and AA. */
export async function accessible(page: Page, step: string): Promise<void> {
  // As an expression of the debugger it is not subject to the page's policy.
  await page.evaluate(`window.axe || (() => {${axeSource}})()`);
  let found = await violations(page);
  // A page that changed meanwhile was seen half before and half after: what is wrong with it stays wrong.
  if (found.length > 0) found = await violations(page);
  assert.deepEqual(found, [], `${step}: not accessible`);
}

function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished));
    const { axe } = window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 220)}\n    ${n.failureSummary.replace(/\n/g, " ")}`).join("\n  ")}`);
  });
}

/** Fails when the page is wider than its window. */
export async function noSidewaysScroll(page: Page, step: string): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content! <= window!, `${step}: the page is ${content} px wide in a window of ${window} px`);
}

/** Looks at screens: wide and light, then narrow and dark. Each is named by file, path and title. */
export async function tour(world: World, screens: readonly (readonly [name: string, path: string, title: string | RegExp])[], options: BrowserContextOptions = {}): Promise<void> {
  const wide = { width: 1280, height: 900 };
  const page = await world.open(screens[0]![1], options);
  for (const [i, [name, path, title]] of screens.entries()) {
    if (i > 0) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize(wide);
      await page.goto(world.url + path);
    }
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    // Screens with streams are never idle.
    if (!/live|changes/.test(name)) await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${screenshots}${name}-light.png`, fullPage: true });
    await accessible(page, `${name}, light`);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: `${screenshots}${name}-dark.png`, fullPage: true });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.screenshot({ path: `${screenshots}${name}-narrow.png`, fullPage: true });
    await noSidewaysScroll(page, name);
    await accessible(page, `${name}, dark and narrow`);
  }
  quiet(page);
}

/** Presses Tab, as a keyboard user would, until something has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let i = 0; i < 150; i++) {
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`150 times Tab did not reach ${target}`);
}

/** Makes a group on the screen for new ones. */
export async function newGroup(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("button", { name: "Add a condition" }).waitFor();
}

/** Finds a condition type in the dialog that is open, as one types. */
export async function find(page: Page, words: string): Promise<void> {
  const field = page.getByLabel("What do you want to know about a contact?");
  await field.fill(words);
  await field.press("Enter"); // wherever the focus of a dialog before is going back to
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

/** Waits until the total is of what is written, and exact. */
export async function counted(page: Page): Promise<number> {
  await page.locator("[data-testid=total]:not([data-stale]):not([data-estimated])").waitFor();
  return Number((await page.getByTestId("total").innerText()).replace(/\D/g, ""));
}

/** Types into a field with options and takes one. */
export async function choose(page: Page, field: Locator, text: string): Promise<void> {
  await field.click();
  await field.fill(text);
  await page.getByRole("option", { name: text, exact: true }).filter({ visible: true }).click();
}
