// Starts the built binary on an empty directory, with a key for SDKs, and what
// stands between an SDK and it: a wire that can lose answers, and a website.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const binary = process.env.MUSTER_BINARY ?? new URL("../../bin/muster", import.meta.url).pathname;
const browserPath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));
const adminKey = "the-key-of-the-sdk-tests";

// A file of tests that takes too long is ended: what it started must not live on.
const children = new Set();
process.once("SIGTERM", () => {
  for (const child of children) child.kill("SIGKILL");
  process.exit(1);
});

/** A running server: ask answers what its API says to the admin. */
export async function startServer() {
  const data = mkdtempSync(join(tmpdir(), "muster-sdk-"));
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, MUSTER_ADMIN_KEY: adminKey, MUSTER_LOG_LEVEL: "warn" },
  });
  children.add(child);
  let output = "";
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const found = /Listening on (\S+)/.exec(output);
      if (found) resolve(found[1]);
    });
    void ended.then((code) => reject(new Error(`muster serve ended with ${code}: ${output}`)));
  });
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  const ask = async (method, path, body) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${adminKey}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  const key = (await ask("POST", "/keys", { name: "website", role: "collect" })).secret;
  return {
    url,
    key,
    admin: adminKey,
    ask,
    contacts: async () => (await ask("GET", "/contacts?limit=1000")).items,
    /** What a contact did, earliest first. */
    timeline: async (id) => (await ask("GET", `/contacts/${id}/activities?limit=1000`)).items.reverse(),
    /** The contact with an external id, once there is one. */
    customer: async (externalID) => {
      let found;
      await until(async () => (found = (await ask("GET", `/contacts?search=${externalID}`)).items.find((c) => c.external_id === externalID)));
      return found;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true });
    },
  };
}

/** A wire to a server. lose makes it lose the next answer: the request arrives, its sender hears 503. */
export async function startWire(to) {
  let lost = 0;
  const calls = [];
  const wire = createServer((incoming, outgoing) => {
    const onward = request(new URL(incoming.url, to), { method: incoming.method, headers: incoming.headers }, (answer) => {
      calls.push({ method: incoming.method, path: incoming.url, status: answer.statusCode, headers: incoming.headers });
      if (lost > 0 && incoming.method === "POST") {
        lost--;
        answer.resume();
        outgoing.writeHead(503, { "Access-Control-Allow-Origin": "*" }).end();
        return;
      }
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise((resolve) => wire.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${wire.address().port}`,
    calls,
    lose: () => lost++,
    stop: () => new Promise((resolve) => wire.close(resolve) && wire.closeAllConnections()),
  };
}

/** A website: pages by their path, and files of directories by a prefix. */
export async function startSite(pages, directories = {}) {
  const site = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url, "http://site").pathname;
    if (pages[path]) {
      outgoing.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(pages[path]);
      return;
    }
    for (const [prefix, directory] of Object.entries(directories)) {
      const file = path.startsWith(prefix) && join(directory, path.slice(prefix.length));
      if (file && existsSync(file)) {
        outgoing.writeHead(200, { "Content-Type": extname(file) === ".js" ? "text/javascript" : "application/octet-stream" }).end(readFileSync(file));
        return;
      }
    }
    outgoing.writeHead(404).end();
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${site.address().port}`, stop: () => new Promise((resolve) => site.close(resolve) && site.closeAllConnections()) };
}

export function startBrowser() {
  return chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** Asks until the answer is yes. */
export async function until(question, within = 30_000) {
  const end = Date.now() + within;
  for (;;) {
    if (await question().catch(() => false)) return;
    assert.ok(Date.now() < end, `waited ${within} ms for ${question}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
