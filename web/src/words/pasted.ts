// What is said of a text that is pasted: as netwarp.explorer.pasted says it.
import { told } from "./told.ts";

export const PASTED = told({
  longScript: (length: number, most: number): string => `the script: ${length.toLocaleString("en")} characters, at most ${most.toLocaleString("en")} are read`,
  noPython: "the script: is no Python that can be read",
  noParse: 'the script: calls no parse, as in nw.parse("conv(10) * 10")',
  parseNeeds: 'the script: parse needs a text, as in nw.parse("conv(10) * 10")',
  noOption: (key: string, options: readonly string[]): string => `the script: parse: has no key ${key}; there are ${options.join(", ")}`,
  ofFile: "the script: loads its network from a file, which netwarp explore FILE shows",
  longCommand: (length: number, most: number): string => `the command: ${length.toLocaleString("en")} characters, at most ${most.toLocaleString("en")} are read`,
  noShell: "the command: cannot be read (a quotation does not end)",
  onlyScript: "the command: of Python only python -c SCRIPT is read",
  saysNothing: (key: string): string => `the command: ${key} says nothing the explorer can show; leave it out`,
  oneArchitecture: "the command: needs one architecture, as in netwarp draw 'conv(10) * 10'",
  modelFile: (file: string): string => `the command: ${file} is a file, which netwarp explore FILE shows`,
  decision: "the command: a page without a server decides nothing; netwarp explore FILE shows decisions",
  sheet: "the picture is a contact sheet, which is many pictures; give one of their architectures and seeds, which its JSON lists",
  between: "the picture is a frame between two networks, which netwarp film --frame draws again",
  weights: "the picture was drawn from weights of its own, which netwarp explore shows: drop it there",
  calibration: "the picture\u2019s statistics were taken on pixels of its own; this page takes those of 600x400, netwarp draw draws it again",
  seed: (seed: string, most: number): string => `the picture\u2019s seed is ${seed}: this page takes whole numbers from -${most} to ${most}`,
  damaged: "the picture\u2019s recipe is damaged; save it again",
  whole: (option: string, text: string): string => `the command: ${option} ${text}: must be one whole number`,
  fourNumbers: "the command: --plane needs four numbers X0,X1,Y0,Y1",
  noNorm: (option: string): string => `${option}: this architecture has no norm to ${option.slice(2)}; add --norm spatial`,
  long: (length: number): string => `the text: ${length.toLocaleString("en")} characters, which is no architecture, address, JSON or command`,
});
