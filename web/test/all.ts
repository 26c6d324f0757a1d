// Runs the files of tests that are named, or all of them, two at a time on one
// demonstration that they share.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { startDemo } from "./harness";

const here = new URL(".", import.meta.url).pathname;
const options = process.argv.slice(2).filter((a) => a.startsWith("-"));
const named = process.argv.slice(2).filter((a) => !a.startsWith("-"));
const files = named.length > 0 ? named : readdirSync(here).filter((f) => f.endsWith(".test.ts")).map((f) => here + f);

const demo = await startDemo();
const tests = spawn(process.execPath, ["--import", "tsx", "--test", "--test-concurrency=2", "--test-timeout=900000", ...options, ...files], { stdio: "inherit", env: { ...process.env, MUSTER_UI_URL: demo.url } });
process.exitCode = await new Promise<number>((resolve) => tests.once("exit", (code) => resolve(code ?? 1)));
await demo.stop();
