// The QR code of an address, as lines of SVG.
import qrcode from "qrcode-generator";
import { svg } from "../dom.ts";
import { LESSONS } from "../../words/lessons.ts";

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
  return svg(
    "svg",
    { viewBox: `0 0 ${side} ${side}`, class: "qr", role: "img", "aria-label": label },
    svg("rect", { width: side, height: side, fill: "#fff" }),
    svg("path", { d: dark.join(""), "shape-rendering": "crispEdges" }),
  );
}
