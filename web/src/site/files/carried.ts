// The recipe's JSON in a picture that netwarp wrote, of any kind: found by how it begins, as every format but SVG and GIF
// keeps it as it is. netwarp.picture.carried reads each format; where this finds none that may.
const BEGINS = /\{"version": ?"/;
// the recipe stands before the pixels or behind them; a film may be far larger
const ENDS = 4 << 20;
const COMMENT = "!\u00fe";

/** The JSON of the recipe in a file; null where none is found. */
export async function carriedIn(file: Blob): Promise<string | null> {
  const begins = await latin(file.slice(0, 400));
  const find = begins.startsWith("GIF8") ? inGif : begins.trimStart().startsWith("<") ? inSvg : whole;
  for (const end of file.size <= 2 * ENDS ? [file] : [file.slice(0, ENDS), file.slice(file.size - ENDS)]) {
    const found = find(await latin(end));
    if (found !== null) return found;
  }
  return null;
}

async function latin(part: Blob): Promise<string> {
  return new TextDecoder("latin1").decode(await part.arrayBuffer());
}

/** The first whole object that begins as a recipe. */
function whole(text: string): string | null {
  const start = text.search(BEGINS);
  if (start < 0) return null;
  // braces count outside of strings
  const mark = /[{}]|"(?:[^"\\]|\\[^])*"/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === "{" ? 1 : match[0] === "}" ? -1 : 0;
    if (depth === 0) return text.slice(start, mark.lastIndex);
  }
  return null;
}

/** The last comment that begins with the keyword; a block of 255 characters after another. */
function inGif(text: string): string | null {
  for (let at = text.lastIndexOf(COMMENT); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(COMMENT, at - 1)) {
    if (!text.startsWith("netwarp ", at + 3)) continue;
    let said = "";
    for (let block = at + 2, length = text.charCodeAt(block); length > 0; block += 1 + length, length = text.charCodeAt(block)) {
      said += text.slice(block + 1, block + 1 + length);
    }
    return whole(said);
  }
  return null;
}

function inSvg(text: string): string | null {
  const metadata = /<metadata>([^<]*)<\/metadata>/.exec(text)?.[1];
  return metadata === undefined ? null : whole(new DOMParser().parseFromString(metadata, "text/html").documentElement.textContent);
}
