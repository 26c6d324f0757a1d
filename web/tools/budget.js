// Fails when the JavaScript that every first visit loads is larger, compressed,
// than its budget. Runs after the build and reads its manifest.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const budget = 250_000;
const dist = new URL("../../internal/webui/dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));
const seen = new Set();
const visit = (key) => {
  if (seen.has(key)) return;
  seen.add(key);
  (manifest[key].imports ?? []).forEach(visit);
};
visit("index.html");
let total = 0;
for (const key of seen) total += gzipSync(await readFile(new URL(manifest[key].file, dist))).length;
console.log(`Initial JavaScript: ${(total / 1000).toFixed(1)} kB compressed of ${budget / 1000} kB.`);
if (total > budget) process.exit(1);
