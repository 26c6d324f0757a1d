// Starts the built binary on a temporary demonstration and a browser on it.
// MUSTER_UI_URL names a running one instead. Every page is watched: an error on
// its console, a refused style or script, or an exception fails the test.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const binary = process.env.MUSTER_BINARY ?? new URL("../../bin/muster", import.meta.url).pathname;
const browserPath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const screenshots = new URL("screenshots/", import.meta.url).pathname;

export interface World {
  url: string;
  browser: Browser;
  /** Opens a page; watch tells what its console said. */
  open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
}

/** Makes a world for the tests of a file. */
export function useWorld(): World {
  const world = {} as World;
  const complaints = new Map<Page, string[]>();
  let server: ChildProcess | undefined;

  before(async () => {
    world.url = process.env.MUSTER_UI_URL ?? (await start());
    world.browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  });
  after(async () => {
    await world.browser?.close();
    server?.kill("SIGTERM");
  });

  async function start(): Promise<string> {
    server = spawn(binary, ["demo", "--listen", "127.0.0.1:0", "--contacts", "3000", "--activities", "45000", "--rate", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve, reject) => {
      server!.once("exit", (code) => reject(new Error(`muster demo ended with ${code}`)));
      createInterface(server!.stdout!).on("line", (line) => {
        const found = /Listening on (\S+)/.exec(line);
        if (found) resolve(found[1]!);
      });
    });
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    return url;
  }

  world.open = async (path, options = {}) => {
    const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const said: string[] = [];
    complaints.set(page, said);
    page.on("console", (m) => m.type() === "error" && !/status of (401|404|409|410|422|503)/.test(m.text()) && said.push(m.text()));
    page.on("pageerror", (e) => said.push(e.message));
    await page.goto(world.url + path);
    return page;
  };
  quiet = (page) => assert.deepEqual(complaints.get(page) ?? [], [], "the console complained");
  return world;
}

/** Fails when the page complained on its console. */
export let quiet: (page: Page) => void = () => {};

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
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return result.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 220)}\n    ${n.failureSummary.replace(/\n/g, " ")}`).join("\n  ")}`);
  });
  assert.deepEqual(found, [], `${step}: not accessible`);
}

/** Fails when the page is wider than its window. */
export async function noSidewaysScroll(page: Page, step: string): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content! <= window!, `${step}: the page is ${content} px wide in a window of ${window} px`);
}
