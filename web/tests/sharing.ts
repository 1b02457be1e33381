// For tests/web/test_sharing.py: what is seen in the forms that a person copies, and the names of files.

import { fileName } from "../src/site/files/names.ts";
import type { PageState } from "../src/server.ts";
import { shared } from "../src/site/sharing.ts";
import { answer, asked } from "./data.ts";

const { pages, texts } = asked() as { pages: PageState[]; texts: string[] };
answer({ shared: pages.map(shared), names: texts.map(fileName) });
