// The first script of the page that needs no server: unpacks the others, which take a third of the room so, and runs the
// page's own. At once, and not by a stream: window.netwarp is there when the page has loaded.
import { inflateSync, strFromU8, strToU8 } from "fflate";

for (const id of ["engine", "page"]) {
  const held = document.getElementById(id);
  if (held === null) throw new Error(`the page has no #${id}`);
  // letter by letter: Uint8Array.from over a text takes three times as long, and the first picture waits
  held.textContent = strFromU8(inflateSync(strToU8(atob(held.textContent), true)), true);
}
const script = document.createElement("script");
script.textContent = document.getElementById("page")?.textContent ?? "";
document.body.append(script);
