// Writes src/api/schema.d.ts from src/api/openapi.json. With --check it only
// says whether the file is fresh.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../src/api/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const text =
  "// Code generated from openapi.json by npm run generate. DO NOT EDIT.\n\n" + astToString(await openapiTS(source));

if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error("src/api/schema.d.ts is not what openapi.json makes; run npm run generate");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
