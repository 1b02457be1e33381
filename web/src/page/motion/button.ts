// The small button beside a slider that plays it. It only says its name: page/motion/motion.ts hears it, wherever it stands.
import { el, icon } from "../dom.ts";
import { SAID } from "../../words/index.ts";

/** A number that plays: a slider's name, "slice-2" for the third input of a model, or "latent". */
export type Playable = "depth" | "width" | "scale" | "shift" | "seed" | "latent" | `slice-${number}`;

const PLAY = "M6 4l10 6-10 6z";
const PAUSE = "M6.5 4v12M13.5 4v12";

/** `called`: what is said to play, where it is not one of the page's own sliders; `text`: what the button says in words. */
export function playButton(name: Playable, called = SAID.motion.things[name] ?? name, text = ""): HTMLButtonElement {
  const label = text === "" ? SAID.motion.play(called) : text;
  return el("button", { type: "button", class: "quiet play", title: label, data: { plays: name, called: label }, aria: { label, pressed: "false" } }, icon(PLAY), text);
}

/** Every button says whether its own number is what plays. */
export function markPlaying(playing: string | null): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-plays]")) {
    const on = button.dataset["plays"] === playing;
    if ((button.getAttribute("aria-pressed") === "true") === on) continue;
    const label = on ? SAID.motion.pause : (button.dataset["called"] ?? "");
    button.setAttribute("aria-pressed", String(on));
    // a button with words is called by them
    if (button.textContent === "") {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    if (button.querySelector(".icon") !== null) button.querySelector(".icon")?.replaceWith(icon(on ? PAUSE : (button.dataset["icon"] ?? PLAY)));
  }
}

/** A button over the picture, which plays what has its name. */
export function overButton(name: string, label: string, path: string): HTMLButtonElement {
  return el("button", { type: "button", title: label, data: { plays: name, called: label, icon: path, control: name }, aria: { label, pressed: "false" } }, icon(path));
}
