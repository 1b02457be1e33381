// Measured numbers to take away: as CSV, where every line says what it is of, and as Python that measures them again.
import { type CaseRow, NO_SEED } from "../../server.ts";
import { numberOf } from "../../seed.ts";

/** What was measured of one case. */
export interface Taken {
  readonly row: CaseRow;
  readonly names: readonly string[];
  /** "output", "layer:N" of all channels of a layer, "layer:N:channel:M" of one */
  readonly show: string;
  /** the text of its family; empty where a seed draws it */
  readonly bred: string;
  /** whether its weights are a file's */
  readonly file: boolean;
}

/** Two architectures or more over the same seeds, the first one against each of the others. */
export interface Compared {
  readonly texts: readonly string[];
  readonly names: readonly string[];
  readonly seeds: number;
  readonly family: number;
}

const HEAD = ["measure", "value", "architecture", "seed", "shown", "bred", "columns", "rows", "x", "y", "width", "height", "calibration", "resolved", "reason", "rounding"] as const;
const SEVERAL = /[",\n\r]/;

/** A line a case and measure, with all digits. */
export function csv(all: readonly Taken[]): string {
  const lines = all.flatMap(({ row, names, show, bred }) => names.map((name, i) => {
    const { size: [columns = 0, rows = 0], calibration: [across = 0, down = 0] } = row;
    return [
      name, row.values[i] ?? "", row.text, row.seed ?? NO_SEED, show, bred, columns, rows, row.x, row.y, row.w, row.h, `${across}x${down}`,
      row.resolved[i] ?? "", row.reasons[i] ?? "", row.rounding ?? "",
    ].map((cell) => quoted(String(cell))).join(",");
  }));
  return [HEAD.join(","), ...lines, ""].join("\n");
}

function quoted(text: string): string {
  return SEVERAL.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A script that measures what has a value, and prints the first five columns of the CSV; null where a file is among it,
 * or one channel of a layer, for which there is no line of Python. */
export function python(all: readonly Taken[], compared: Compared | null): string | null {
  if (all.some(({ file, show }) => file || show.includes("channel"))) return null;
  const groups = new Map<string, { taken: Taken; seeds: bigint[] }>();
  for (const one of all) {
    const names = one.names.filter((_, i) => (one.row.values[i] ?? null) !== null);
    if (names.length === 0) continue;
    const { text, size, x, y, w, h, calibration, seed } = one.row;
    const key = JSON.stringify([text, size, x, y, w, h, calibration, names, one.show, one.bred]);
    const known = groups.get(key) ?? { taken: { ...one, names }, seeds: [] };
    known.seeds.push(numberOf(seed ?? 0));
    groups.set(key, known);
  }
  const lines = ["import csv", "import sys", "", "import netwarp as nw", "", "out = csv.writer(sys.stdout, lineterminator=\"\\n\")", `out.writerow(${list(HEAD.slice(0, 5))})`];
  for (const { taken, seeds } of groups.values()) {
    const { row, names, show, bred } = taken;
    const layer = /^layer:(\d+)$/.exec(show)?.[1];
    const { calibration: [across = 0, down = 0] } = row;
    lines.push(
      "",
      `raster = ${raster(row)}`,
      `for seed in ${bred === "" ? seedsText(seeds) : `["${NO_SEED}"]`}:`,
      `    arch = nw.parse(${text(row.text)})`,
      `    network = ${bred === "" ? "nw.Network.draw(arch, seed=seed)" : `nw.Network.bred(arch, ${text(bred)})`}`,
      `    field = network.calibrate(nw.Raster(columns=${across}, rows=${down}))`,
      `    for name, found in nw.measure(field${layer === undefined ? "" : `.after(${layer})`}, ${list(names)}, raster=raster).items():`,
      `        out.writerow([name, found.value, ${text(row.text)}, seed, ${text(show)}])`,
    );
  }
  const [first] = groups.values();
  if (compared !== null && first !== undefined && compared.names.length > 0) {
    const { calibration: [across = 0, down = 0] } = first.taken.row;
    lines.push(
      "",
      "print()",
      `print(nw.compare(${compared.texts.map(text).join(", ")}, measures=${list(compared.names)}, seeds=${compared.seeds},`,
      `    raster=raster, calibration=nw.Raster(columns=${across}, rows=${down}), family=${compared.family}))`,
    );
  }
  return [...lines, ""].join("\n");
}

function raster({ size: [columns = 0, rows = 0], x, y, w, h }: CaseRow): string {
  const small = Math.min(Number(w), Number(h)) <= 1e-9;
  const at = (value: string): string => (!small && String(Number(value)) === value ? value : text(value));
  return `nw.Raster(columns=${columns}, rows=${rows}, plane=nw.Plane(x=${at(x)}, y=${at(y)}, width=${w}, height=${h}))`;
}

function seedsText(seeds: readonly bigint[]): string {
  const [first = 0n] = seeds;
  return seeds.length > 2 && seeds.every((seed, i) => seed === first + BigInt(i)) ? `range(${first === 0n ? "" : `${first}, `}${first + BigInt(seeds.length)})` : `[${seeds.join(", ")}]`;
}

function list(names: readonly string[]): string {
  return `[${names.map(text).join(", ")}]`;
}

/** A Python literal. */
function text(value: string): string {
  return value.includes('"') && !value.includes("'") && !value.includes("\\") ? `'${value}'` : JSON.stringify(value);
}

