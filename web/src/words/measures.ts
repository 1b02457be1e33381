// What the page without a server says that its measures mean: the library's words.
import { MEASURES } from "../site/table.ts";
import { told } from "./told.ts";

export const MEANT = told(Object.fromEntries(MEASURES.map(({ name, unit, meaning }) => [name, { unit, meaning }])));
