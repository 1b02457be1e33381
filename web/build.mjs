// Builds the explorer's scripts and copies its style and page into the Python package. The same sources give the same
// bytes on every machine: the compilers are pinned, and nothing of the machine or the hour enters. `--out DIR` builds
// elsewhere, to compare.
import { build } from "esbuild";
import { cp, mkdir, readdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const flag = process.argv.indexOf("--out");
const out = flag < 0 ? join(here, "../src/netwarp/explorer/static") : resolve(process.argv[flag + 1] ?? "");

const scripts = [
  { entry: "src/main.ts", name: "explorer.js", format: "iife" },
  { entry: "src/viewer.ts", name: "viewer.js", format: "iife" },
  { entry: "src/widget.ts", name: "widget.js", format: "esm" },
];

await mkdir(out, { recursive: true });
for (const { entry, name, format } of scripts) {
  if (!existsSync(join(here, entry))) {
    console.error(`no ${entry} yet: ${name} is not built`);
    continue;
  }
  await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outfile: join(out, name),
    bundle: true,
    format,
    minify: true,
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
    loader: { ".glsl": "text" },
  });
}
const assets = join(here, "static");
if (existsSync(assets)) {
  for (const name of (await readdir(assets)).sort()) await cp(join(assets, name), join(out, name), { recursive: true });
}
