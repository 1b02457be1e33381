// Builds the explorer's scripts and copies its style and page into the Python package; and one page that needs no server. The same sources give the same
// bytes on every machine: the compilers are pinned, and nothing of the machine or the hour enters. `--out DIR` builds
// elsewhere, to compare.
import { build } from "esbuild";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
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
  { entry: "src/host.ts", name: "host.js", format: "iife" },
];

function how(entry, format) {
  return {
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    format,
    minify: true,
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
    loader: { ".glsl": "text", ".wasm": "binary" },
  };
}

await mkdir(out, { recursive: true });
for (const { entry, name, format } of scripts) {
  if (!existsSync(join(here, entry))) {
    console.error(`no ${entry} yet: ${name} is not built`);
    continue;
  }
  await build({ ...how(entry, format), outfile: join(out, name) });
}
const assets = join(here, "static");
if (existsSync(assets)) {
  for (const name of (await readdir(assets)).sort()) await cp(join(assets, name), join(out, name), { recursive: true });
}
await writeFile(join(out, "netwarp.html"), await alone());

/** The explorer's page as one file: it allows itself its own script and style by their hashes, and workers of its own. */
async function alone() {
  const script = await bundled("src/site.ts");
  const worker = await bundled("src/site/worker.ts");
  const style = [await text("static/explorer.css"), await text("site/site.css")].join("\n");
  const icon = `data:image/svg+xml;base64,${Buffer.from(await text("static/icon.svg")).toString("base64")}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    "img-src data: blob:",
    "worker-src blob:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  const page = await text("static/index.html");
  const parts = [
    ['<meta charset="utf-8">', `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`],
    ['<link rel="icon" href="/static/icon.svg" type="image/svg+xml">', `<link rel="icon" href="${icon}" type="image/svg+xml">`],
    ['<link rel="stylesheet" href="/static/explorer.css">', `<style>${style}</style>`],
    ['<script src="/static/explorer.js" defer></script>\n', ""],
    ['    <section data-control="measures"', `${await text("site/alone.html")}    <section data-control="measures"`],
    ["</body>", `<script type="text/plain" id="engine">${worker}</script>\n<script>${script}</script>\n</body>`],
  ];
  return parts.reduce((whole, [from, to]) => {
    if (whole.split(from).length !== 2) throw new Error(`static/index.html must have once: ${from}`);
    return whole.replace(from, () => to);
  }, page);
}

async function bundled(entry) {
  const built = await build({ ...how(entry, "iife"), write: false });
  const code = built.outputFiles[0].text.trim();
  if (/<\/script|<!--/i.test(code)) throw new Error(`${entry}: its script would end the page's element early`);
  return code;
}

/** With the line ends that a browser reads, whose bytes the hash is of. */
async function text(path) {
  return (await readFile(join(here, path), "utf8")).replaceAll("\r\n", "\n");
}

function hash(content) {
  return `sha256-${createHash("sha256").update(content, "utf8").digest("base64")}`;
}
