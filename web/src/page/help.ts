// The sheet that "?" opens.
import { dialog, el } from "./dom.ts";

const KEYS: readonly (readonly [string, string])[] = [
  ["\u2190 \u2191 \u2192 \u2193", "move over the plane; with Shift, farther"],
  ["+ \u2212", "zoom in and out, also on every slider with the arrows"],
  ["0", "home: where the network is looked at first"],
  ["Enter", "the cell at the centre, where cells are shown"],
  ["n p", "next and previous seed, of networks that a seed draws"],
  ["r", "a random seed"],
  ["g", "the gallery"],
  ["s", "share"],
  ["c", "cells on and off"],
  ["Alt \u2190", "undo: the browser\u2019s Back"],
  ["?", "this sheet"],
];

export function help(): HTMLDialogElement {
  return dialog(
    "help",
    "How to look",
    el(
      "p",
      { class: "lead" },
      "A network that is fed nothing but the x and the y of every point draws a picture. The busier the picture, the more complicated the function. Drag to move, turn the wheel or pinch to zoom; there is no end to it.",
    ),
    el("dl", { class: "keys" }, ...KEYS.flatMap(([keys, what]) => [el("dt", {}, ...keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, what)])),
    el("p", {}, "A picture, a JSON or an npz of weights can be dropped anywhere on the page. The address always says all of what you see."),
  );
}
