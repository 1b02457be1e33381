// Runs one of the scripts beside it on cases that Python wrote: `node run.mjs language < cases.json > results.json`.
// The script's `run` takes the cases and gives as many results.
import { build } from "esbuild";
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = await build({
  absWorkingDir: here,
  entryPoints: [`${process.argv[2]}.ts`],
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
  loader: { ".wasm": "binary" },
  outdir: join(here, "out"),
});
const code = Buffer.from(built.outputFiles[0].contents).toString("base64");
const { run } = await import(`data:text/javascript;base64,${code}`);
writeFileSync(1, JSON.stringify(run(JSON.parse(readFileSync(0, "utf8")))));
