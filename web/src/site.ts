// The page that needs no server: the explorer's own, in front of the engine that it carries.
import { inflateSync, strFromU8, strToU8 } from "fflate";
import { start } from "./page/start.ts";
import { within } from "./site/link.ts";

const packed = document.getElementById("engine")?.textContent;
if (packed === undefined) throw new Error("the page has no #engine");
// by the codec's own letters: Uint8Array.from over a text takes three times as long, and the first picture waits
const link = within(strFromU8(inflateSync(strToU8(atob(packed), true)), true));
start(link, { fold: link.fold });
