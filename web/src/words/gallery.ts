// What the gallery of the page without a server says of its pictures: the library's words.
import { GALLERY } from "../site/table.ts";
import { told } from "./told.ts";

export const CARDS = told(GALLERY.map(({ title, sentence }) => ({ title, sentence })));
