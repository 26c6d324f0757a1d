// A client generated from the API's own document compiles strictly and works.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { startServer } from "./harness.js";

// The generator and the compiler are those of the UI.
const modules = new URL("../../web/node_modules", import.meta.url).pathname;

const compilerOptions = { strict: true, noUncheckedIndexedAccess: true, noEmitOnError: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [] };

test("a client generated from the OpenAPI document compiles strictly and works", async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const directory = mkdtempSync(join(tmpdir(), "muster-typescript-"));
  t.after(() => rmSync(directory, { recursive: true }));
  symlinkSync(modules, join(directory, "node_modules"));
  writeFileSync(join(directory, "package.json"), '{"type": "module"}');
  writeFileSync(join(directory, "openapi.json"), await (await fetch(`${server.url}/api/openapi.json`)).text());
  copyFileSync(new URL("typescript/client.ts", import.meta.url), join(directory, "client.ts"));

  const run = (script, ...args) => {
    try {
      execFileSync(process.execPath, [join(modules, script), ...args], { cwd: directory, encoding: "utf8" });
    } catch (failure) {
      assert.fail(`${script} ${args.join(" ")}:\n${failure.stdout}${failure.stderr}`);
    }
  };
  run("openapi-typescript/bin/cli.js", "openapi.json", "-o", "schema.d.ts");
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["client.ts"] }));
  run("typescript/bin/tsc", "-p", ".");

  const { use } = await import(pathToFileURL(join(directory, "client.js")));
  assert.deepEqual(await use(server.url, server.admin), {
    upToDate: true,
    done: "finished",
    taken: 2,
    rejected: 1,
    known: ["linz"],
    unknown: null,
    emails: ["ada@example.com"],
    entered: ["1 entered field"],
    where: "/fields/shoe_size",
  });
});
