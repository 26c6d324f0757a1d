// Recalculations that take long: they are watched, cancelled, and go on after a restart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, ask, makeUser, quiet, screenshots, serveNew, serverKey, signIn, until, useWorld } from "./harness";

const world = useWorld({ demo: false });

test("A recalculation that waits is watched and cancelled; after a restart in the middle it begins again.", async (t) => {
  const server = await serveNew(t);
  const call = <T>(method: string, path: string, body?: unknown) => ask<T>(server.url, serverKey, method, path, body);
  const lines = Array.from({ length: 60_000 }, (_, n) => JSON.stringify({ activity: { contact: { external_id: `c${n % 3000}` }, type: "page_visit", occurred_at: new Date(1_760_000_000_000 + n * 61_000).toISOString(), attributes: { page: `/p${n % 7}` } } }));
  const loaded = await fetch(`${server.url}/api/v1/changes?results=rejected`, { method: "POST", headers: { "Content-Type": "application/x-ndjson", Authorization: `Bearer ${serverKey}` }, body: lines.join("\n") });
  assert.match(await loaded.text(), /"rejected":0,"complete":true/);

  const page = await (async () => {
    await makeUser(server.url, "eve@example.com", "editor");
    await call("POST", "/api/v1/groups", { code: "fans", name: "Fans", condition: { groups: [{ conditions: [{ type: "identified" }] }] } });
    await call("POST", "/api/v1/groups/fans/recalculate?wait=true");
    await call("PATCH", "/api/v1/groups/fans", { condition: { groups: [{ conditions: [{ type: "identified", not: true }] }] } });
    const page = await world.open(`${server.url}/groups/fans`);
    await signIn(page, "eve@example.com");
    await page.getByRole("main").getByText("Condition changed", { exact: true }).first().waitFor();
    return page;
  })();
  // Recalculations run one after another: before this one come so many, each over 200 sequences, that it is still waiting whatever happens here.
  const heavy = (salt: number) => ({ groups: [{ match: "any", conditions: Array.from({ length: 200 }, (_, i) => ({ type: "sequence", params: { steps: [1, 2, 3].map((step) => ({ types: ["page_visit"], ...(step > 1 ? { within_previous: `${salt + i * step * 3 + 1}m` } : {}) })) } })) }] });
  for (let n = 0; n < 60; n++) await call("POST", "/api/v1/groups", { code: `before-${n}`, name: `Before ${n}`, condition: heavy(n), recalculate: true });

  await page.getByRole("button", { name: "Recalculate contact group" }).click();
  const bar = page.getByRole("progressbar", { name: "Recalculation of Fans" });
  await bar.waitFor();
  await page.getByText("Waiting for other recalculations").waitFor();
  await page.getByRole("main").getByText("Recalculating", { exact: true }).first().waitFor();
  server.pause();
  await accessible(page, "a recalculation that waits");
  await page.screenshot({ path: `${screenshots}recalculating.png` });
  server.resume();
  await page.getByRole("button", { name: "Cancel recalculation" }).click();
  await page.getByText("Cancelled. Everything is as before.").waitFor();
  await page.getByRole("main").getByText("Condition changed", { exact: true }).first().waitFor();
  await bar.waitFor({ state: "detached" });
  const cancelled = await call<{ status: string; members: number }>("GET", "/api/v1/groups/fans");
  assert.deepEqual([cancelled.status, cancelled.members], ["condition_changed", 3000], "status and members after cancelling");

  // Asked for again, it waits behind the others when the server is restarted.
  await page.getByRole("button", { name: "Recalculate contact group" }).click();
  await bar.waitFor();
  await server.stop();
  await server.restart();
  for (let n = 0; n < 60; n++) await call("DELETE", `/api/v1/groups/before-${n}`);
  await page.getByRole("main").getByText("Up to date", { exact: true }).waitFor();
  await until(async () => (await call<{ status: string; members: number }>("GET", "/api/v1/groups/fans")).members === 0);
  quiet(page, /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 503/);
});
