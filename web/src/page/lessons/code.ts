// The QR code of an address, as lines of SVG.
import qrcode from "qrcode-generator";
import { LESSONS } from "../../words/lessons.ts";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;
// of a code that a phone reads off a screen
const MOST = 2000;
const OPEN = /^https?:\/\/(?!localhost|127\.|\[::1\])/;

/** Why an address gets no code; null where it gets one. */
export function uncoded(address: string): string | null {
  if (!OPEN.test(address)) return LESSONS.sheet.noCodeHere;
  return address.length > MOST ? LESSONS.sheet.noCode(address.length, MOST) : null;
}

/** Of an address of ASCII characters. */
export function code(address: string, label: string): SVGSVGElement {
  const made = qrcode(0, "M");
  made.addData(address, "Byte");
  made.make();
  const count = made.getModuleCount();
  const dark: string[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (made.isDark(row, column)) dark.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
    }
  }
  const side = count + 2 * QUIET;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const paper = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", side], ["height", side], ["fill", "#fff"]] as const) paper.setAttribute(name, String(value));
  const ink = document.createElementNS(SVG, "path");
  ink.setAttribute("d", dark.join(""));
  ink.setAttribute("shape-rendering", "crispEdges");
  svg.append(paper, ink);
  return svg;
}
