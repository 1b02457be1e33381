// What can be taken away, with about how long it takes and how large it is.
import type { EstimateReply } from "../server.ts";
import { dialog, el } from "./dom.ts";
import { isMade, type Making } from "./making.ts";
import { bytesText, secondsText } from "./quantities.ts";
import type { Sheet } from "./share.ts";
import { AWAY } from "./status.ts";

const SIZES: readonly (readonly [number, number, string])[] = [
  [900, 600, "900 \u00d7 600, a slide"],
  [1800, 1200, "1800 \u00d7 1200, a page"],
  [3600, 2400, "3600 \u00d7 2400, a poster"],
  [7200, 4800, "7200 \u00d7 4800, a wall"],
];
const FORMATS: readonly (readonly [string, string, string])[] = [
  ["png", "PNG", "the picture, with its own recipe inside; more pixels show more detail"],
  ["svg", "SVG", "the exact cells in view as lines; of piecewise linear networks"],
  ["npz", "npz", "the network\u2019s weights, for Python"],
  ["html", "HTML", "one file that shows and zooms this network, with no server and no network"],
  ["json", "JSON", "the state of this page"],
];

export function downloads(asks: {
  estimate(columns: number, rows: number, format: string): Promise<EstimateReply>;
  /** the text of the file of the page's state */
  json(): string;
  address(columns: number, rows: number, format: string): string;
  /** null where the server makes them */
  making: Making | null;
}): Sheet {
  const size = el(
    "select",
    { id: "size" },
    ...SIZES.map(([columns, , text], i) => el("option", { value: String(i), selected: columns === 1800 }, text)),
    el("option", { value: "own" }, "another size"),
  );
  const side = (id: string, value: string): HTMLInputElement => el("input", { id, type: "number", min: "16", max: "30000", value, aria: { label: id } });
  const [columns, rows] = [side("columns", "1800"), side("rows", "1200")];
  const away = el("p", { class: "soft", hidden: true, aria: { role: "status" } }, AWAY);
  const own = el("span", { class: "own", hidden: true }, columns, " \u00d7 ", rows);
  const links = FORMATS.filter(([format]) => asks.making === null || isMade(format)).map(([format, title, text]) => {
    const cost = el("span", { class: "cost" });
    const link = el("a", { class: "download", download: "", data: { format } }, title);
    return { format, cost, link, element: el("li", {}, link, el("span", { class: "what" }, text), cost) };
  });
  let turns = 0;
  const fill = (): void => {
    own.hidden = size.value !== "own";
    const chosen = SIZES[Number(size.value)];
    if (chosen !== undefined) [columns.value, rows.value] = [String(chosen[0]), String(chosen[1])];
    const [wide, high] = [Number(columns.value), Number(rows.value)];
    if (asks.making !== null) {
      const turn = ++turns;
      void asks.making.fill(links, wide, high, () => turn !== turns);
      return;
    }
    for (const { format, cost, link } of links) {
      link.href = asks.address(wide, high, format);
      cost.textContent = "\u2026";
    }
    void estimates(wide, high);
  };
  // one after the other, because a newer question of one kind makes the older one stale
  const estimates = async (wide: number, high: number): Promise<void> => {
    for (const { format, cost } of links) {
      if (Number(columns.value) !== wide || Number(rows.value) !== high) return;
      try {
        // the state of the page is the page's own
        const { seconds, bytes } = format === "json" ? { seconds: 0, bytes: new Blob([asks.json()]).size } : await asks.estimate(wide, high, format);
        cost.textContent = `about ${bytesText(bytes)}, ${secondsText(seconds)}`;
      } catch (error) {
        cost.textContent = (error as Error).message;
      }
    }
  };
  for (const one of [size, columns, rows]) one.addEventListener("change", fill);
  const element = dialog(
    "downloads",
    "Download",
    away,
    el("div", { class: "row size" }, el("label", { htmlFor: "size" }, "Size of the picture"), size, own),
    el("ul", { class: "downloads" }, ...links.map((one) => one.element)),
  );
  return {
    show: () => {
      element.showModal();
      fill();
    },
    lost: (lost) => { away.hidden = !lost; },
  };
}
