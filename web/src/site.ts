// The page that needs no server: the explorer's own, in front of the engine that it carries.
import { start } from "./page/start.ts";
import { within } from "./site/link.ts";

const code = document.getElementById("engine")?.textContent;
if (code === undefined) throw new Error("the page has no #engine");
const link = within(code);
start(link, { fold: link.fold });
