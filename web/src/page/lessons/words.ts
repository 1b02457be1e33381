// A lesson's words, marked as in Markdown, as elements: nothing of them is read as HTML, and only links to pages are made.
import { el } from "../dom.ts";
import { formula } from "./formula.ts";

const INLINE = /`([^`\n]+)`|\$([^$\n]+)\$|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\[([^\]\n]+)\]\(([^()\s]+)\)/g;
const LINK = /^https?:\/\/[^\s]+$/;

/** Paragraphs, lists and small headings. */
export function words(text: string): HTMLElement[] {
  return text.split(/\n[ \t]*\n/).map((one) => one.trim()).filter((one) => one !== "").map(block);
}

function block(text: string): HTMLElement {
  const lines = text.split("\n").map((line) => line.trim());
  if (lines.every((line) => line.startsWith("- "))) return el("ul", {}, ...lines.map((line) => el("li", {}, ...inline(line.slice(2)))));
  if (lines.every((line) => /^\d+\. /.test(line))) return el("ol", {}, ...lines.map((line) => el("li", {}, ...inline(line.replace(/^\d+\. /, "")))));
  if (lines.length === 1 && text.startsWith("## ")) return el("h3", {}, ...inline(text.slice(3)));
  return el("p", {}, ...inline(lines.join(" ")));
}

/** One line of text. */
export function inline(text: string): (Node | string)[] {
  const found: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, math, strong, soft, said, place] = match;
    found.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (code !== undefined) found.push(el("code", {}, code));
    else if (math !== undefined) found.push(formula(math));
    else if (strong !== undefined) found.push(el("strong", {}, strong));
    else if (soft !== undefined) found.push(el("em", {}, soft));
    else if (said !== undefined && LINK.test(place ?? "")) found.push(el("a", { href: place ?? "", target: "_blank", rel: "noopener noreferrer" }, said));
    else found.push(whole);
  }
  found.push(text.slice(end));
  return found.filter((one) => one !== "");
}
