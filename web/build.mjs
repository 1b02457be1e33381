// Builds the explorer's scripts and copies its style and page into the Python package; and one page that needs no server. The same sources give the same
// bytes on every machine: the compilers are pinned, and nothing of the machine or the hour enters. `--out DIR` builds
// elsewhere, to compare; `--told FILE` takes that module in place of src/words/told.ts, for other words.
import { build } from "esbuild";
import { deflateSync, strToU8 } from "fflate";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(option("--out") ?? join(here, "../src/netwarp/explorer/static"));
const words = { name: "words", setup: (one) => one.onResolve({ filter: /\/told\.ts$/ }, () => ({ path: resolve(option("--told") ?? join(here, "src/words/told.ts")) })) };

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
    plugins: [words],
  };
}

await mkdir(out, { recursive: true });
const shell = await said();
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
  await writeFile(join(out, "index.html"), filled(await text("static/index.html")));
}
await writeFile(join(out, "netwarp.html"), await alone());

/** The explorer's page as one file: it allows itself its own script and style by their hashes, and workers of its own. */
async function alone() {
  const script = await bundled("src/site.ts");
  const worker = await bundled("src/site/worker.ts");
  const opener = await bundled("src/opener.ts");
  const style = [await text("static/explorer.css"), await text("site/site.css")].join("\n");
  const icon = `data:image/svg+xml;base64,${Buffer.from(await text("static/icon.svg")).toString("base64")}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hash(opener)}' '${hash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    "img-src data: blob:",
    "worker-src blob:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  const page = filled(await text("static/index.html"));
  const parts = [
    ['<meta charset="utf-8">', `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`],
    ['<link rel="icon" href="/static/icon.svg" type="image/svg+xml">', `<link rel="icon" href="${icon}" type="image/svg+xml">`],
    ['<link rel="stylesheet" href="/static/explorer.css">', `<style>${style}</style>`],
    ['<script src="/static/explorer.js" defer></script>\n', ""],
    ['    <section data-control="measures"', `${filled(await text("site/alone.html"))}    <section data-control="measures"`],
    ["</body>", `${packed("engine", worker)}${packed("page", script)}<script>${opener}</script>\n</body>`],
  ];
  return parts.reduce((whole, [from, to]) => {
    if (whole.split(from).length !== 2) throw new Error(`static/index.html must have once: ${from}`);
    return whole.replace(from, () => to);
  }, page);
}

/** A script as text that src/opener.ts unpacks. fflate's own bytes are the same on every machine, which zlib's are not. */
function packed(id, code) {
  const bytes = Buffer.from(deflateSync(strToU8(code), { level: 9, mem: 12 }));
  return `<script type="text/plain" id="${id}">${bytes.toString("base64")}</script>\n`;
}

async function bundled(entry) {
  const built = await build({ ...how(entry, "iife"), write: false });
  const code = built.outputFiles[0].text.trim();
  if (/<\/script|<!--/i.test(code)) throw new Error(`${entry}: its script would end the page's element early`);
  return code;
}

/** The words of index.html, from the table that the scripts have theirs from. */
async function said() {
  const built = await build({ ...how("src/words/index.ts", "esm"), write: false });
  const code = Buffer.from(built.outputFiles[0].contents).toString("base64");
  return (await import(`data:text/javascript;base64,${code}`)).SAID.shell;
}

function filled(page) {
  return page.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in shell)) throw new Error(`src/words/shell.ts has no word ${name}`);
    return shell[name].replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  });
}

/** The value of an option of the command line; undefined where it is not there. */
function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** With the line ends that a browser reads, whose bytes the hash is of. */
async function text(path) {
  return (await readFile(join(here, path), "utf8")).replaceAll("\r\n", "\n");
}

function hash(content) {
  return `sha256-${createHash("sha256").update(content, "utf8").digest("base64")}`;
}
