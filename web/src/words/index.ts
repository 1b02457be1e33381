// What the page says, in one table: a translation is another one. A function takes what its sentence is about.
import { ANSWER } from "./answer.ts";
import { CONTROLS, SLICE } from "./controls.ts";
import { MOTION } from "./motion.ts";
import { PAGE } from "./page.ts";
import { SHEETS } from "./sheets.ts";
import { SHELL } from "./shell.ts";
import { told } from "./told.ts";

export const SAID = told({ ...PAGE, ...SHEETS, answer: ANSWER, controls: CONTROLS, slice: SLICE, shell: SHELL, motion: MOTION });
