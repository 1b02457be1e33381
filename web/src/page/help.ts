// The sheet that "?" opens.
import { dialog, el } from "./dom.ts";
import { SAID } from "../words/index.ts";

export function help(): HTMLDialogElement {
  return dialog(
    "help",
    SAID.help.title,
    el(
      "p",
      { class: "lead" },
      SAID.help.lead,
    ),
    el("dl", { class: "keys" }, ...SAID.help.keys.flatMap(([keys, what]) => [el("dt", {}, ...keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, what)])),
    el("p", {}, SAID.help.frame),
    el("p", {}, SAID.help.drop),
  );
}
