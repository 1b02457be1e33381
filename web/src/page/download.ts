// What can be taken away, with about how long it takes and how large it is.
import type { EstimateReply } from "../server.ts";
import { afterPress, dialog, el } from "./dom.ts";
import { isMade, type Making } from "./making.ts";
import { bytesText, secondsText } from "./quantities.ts";
import type { Sheet } from "./share.ts";
import { AWAY } from "./status.ts";
import { SAID } from "../words/index.ts";

const SIZES: readonly (readonly [number, number])[] = [[900, 600], [1800, 1200], [3600, 2400], [7200, 4800]];
const FORMATS = ["png", "svg", "npz", "html", "json"] as const;

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
    ...SIZES.map(([columns], i) => el("option", { value: String(i), selected: columns === 1800 }, SAID.download.sizes[i])),
    el("option", { value: "own" }, SAID.download.other),
  );
  const side = (id: "columns" | "rows", value: string): HTMLInputElement => el("input", { id, type: "number", min: "16", max: "30000", value, aria: { label: SAID.download[id] } });
  const [columns, rows] = [side("columns", "1800"), side("rows", "1200")];
  const away = el("p", { class: "soft", hidden: true, aria: { role: "status" } }, AWAY);
  const own = el("span", { class: "own", hidden: true }, columns, " \u00d7 ", rows);
  const links = FORMATS.filter((format) => asks.making === null || isMade(format)).map((format) => {
    const [title, text] = SAID.download.formats[format];
    const cost = el("span", { class: "cost" });
    const link = el("a", { class: "download", download: "", data: { format } }, title);
    return { format, cost, link, element: el("li", {}, link, el("span", { class: "what" }, text), cost) };
  });
  let turns = 0;
  const say = (cost: HTMLElement, text: string): void => { afterPress(() => { cost.textContent = text; }); };
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
      say(cost, "\u2026");
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
        say(cost, bytes === null ? SAID.download.unknown : SAID.download.about(bytesText(bytes), secondsText(seconds)));
      } catch (error) {
        say(cost, (error as Error).message);
      }
    }
  };
  for (const one of [size, columns, rows]) one.addEventListener("change", fill);
  const element = dialog(
    "downloads",
    SAID.download.title,
    away,
    el("div", { class: "row size" }, el("label", { htmlFor: "size" }, SAID.download.size), size, own),
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
