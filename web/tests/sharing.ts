// For tests/web/test_sharing.py: what is seen in the forms that a person copies, what these say when they are pasted, and
// the names of files.

import { fileName } from "../src/site/files/names.ts";
import { DEFAULTS, type PageState } from "../src/server.ts";
import { pasted, type Said } from "../src/site/pasted.ts";
import { shared } from "../src/site/sharing.ts";
import { answer, asked } from "./data.ts";

const { pages, texts, back } = asked() as { pages: PageState[]; texts: string[]; back: string[] };
answer({ shared: pages.map(shared), names: texts.map(fileName), back: back.map(read) });

function read(text: string): Said[] | { message: string } {
  try {
    return pasted(text).map((one) => ({ ...DEFAULTS, ...one }));
  } catch (error) {
    return { message: (error as Error).message };
  }
}
