// The page's motion: what plays, the room of the panel that says how, and the keys. One thing plays at a time; any other
// gesture pauses it.
import type { PaneState } from "../../server.ts";
import type { Link } from "../../link.ts";
import { byId, el, keep } from "../dom.ts";
import type { Pane } from "../pane.ts";
import { Autopilot } from "./autopilot.ts";
import { markPlaying, overButton, playButton, type Playable } from "./button.ts";
import { fullScreen } from "./full.ts";
import { paletteOf } from "./colours.ts";
import { Numbers, Player } from "./player.ts";
import { recorder } from "./record.ts";
import { shaderOf } from "./shader.ts";
import { trackOf } from "./tracks.ts";
import { SAID } from "../../words/index.ts";

const AUTOPILOT = "M10 3v4M10 13v4M3 10h4M13 10h4M10 10v.01";
const FULL = "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4";
// keys that are no gesture of their own
const QUIET = ["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock", " ", "f", "z", "Escape"];

export interface Motion {
  /** keys and what they do, and the controls that a lesson may take them away with */
  readonly keys: Readonly<Record<string, () => void>>;
  readonly owners: Readonly<Record<string, string>>;
  /** ends what plays */
  pause(): void;
  /** a picture was drawn */
  drawn(): void;
}

export function motion(to: { pane(): Pane; change(patch: Partial<PaneState>, ended: boolean): void; link: Link }): Motion {
  const said = byId("moved");
  let last = "";
  let paused = false;
  const player = new Player((playing, sentence) => {
    if (playing !== null) last = playing;
    document.body.classList.toggle("playing", playing !== null);
    markPlaying(playing);
    say(sentence);
  });
  const say = (sentence: string): void => {
    said.textContent = sentence;
    said.hidden = sentence === "";
  };
  const play = (name: string): void => {
    if (player.playing === name) {
      player.pause();
      return;
    }
    player.pause();
    const pane = to.pane();
    if (name === "autopilot") {
      player.start(new Autopilot(pane.view));
      return;
    }
    const track = trackOf(name as Playable, pane.draft, pane.field);
    if (typeof track === "string") say(track);
    else player.start(new Numbers(name, track, { pane, change: (patch, ended) => { to.change(patch, ended); } }));
  };
  const full = fullScreen(() => { fullButton.setAttribute("aria-pressed", String(document.body.classList.contains("full"))); });
  const fullButton = overButton("fullscreen", SAID.motion.full, FULL);
  delete fullButton.dataset["plays"];
  fullButton.addEventListener("click", full);
  byId("zooming").append(overButton("autopilot", SAID.motion.autopilot, AUTOPILOT), fullButton);

  const pace = el("select", { id: "pace" }, ...SAID.motion.paces.map(([value, text]) => el("option", { value, selected: value === "1" }, text)));
  pace.addEventListener("change", () => { player.pace = Number(pace.value); });
  const walk = playButton("latent", undefined, SAID.motion.walk);
  const record = el("button", { type: "button", title: SAID.motion.record.title, aria: { pressed: "false" } }, SAID.motion.record.begin);
  const film = recorder((on, sentence) => {
    record.setAttribute("aria-pressed", String(on));
    record.textContent = on ? SAID.motion.record.end : SAID.motion.record.begin;
    document.body.classList.toggle("recording", on);
    say(sentence);
  });
  record.addEventListener("click", () => {
    const canvas = to.pane().element.querySelector("canvas");
    if (canvas !== null) say(film.toggle(canvas, "netwarp") ?? "");
  });
  const shader = el("button", { type: "button", title: SAID.motion.shader.title }, SAID.motion.shader.copy);
  shader.addEventListener("click", () => void copyShader());
  const copyShader = async (): Promise<void> => {
    player.pause();
    const made = await shaderOf(to.pane(), to.link).catch((error: unknown) => ({ why: (error as Error).message }));
    if ("why" in made) {
      say(made.why);
      return;
    }
    const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
    const copied = clipboard === undefined ? false : await clipboard.writeText(made.text).then(() => true, () => false);
    if (!copied) keep(new Blob([made.text], { type: "text/plain" }), "netwarp.glsl");
    say(copied ? SAID.motion.shader.copied((made.text.length / 1000).toFixed(0)) : SAID.motion.shader.kept);
  };
  const file = el("input", { type: "file", accept: "image/*", hidden: true, tabIndex: -1, id: "palette-file" });
  const choose = el("button", { type: "button", title: SAID.motion.colours.title, on: { click: () => { file.click(); } } }, SAID.motion.colours.choose);
  file.addEventListener("change", () => {
    const [picture] = file.files ?? [];
    file.value = "";
    if (picture === undefined) return;
    paletteOf(picture).then(
      (colour) => {
        const { field, draft } = to.pane();
        const several = draft.show === "output" && (field?.facts.outputs ?? draft.out) === 3;
        to.change({ colour }, true);
        say(several ? SAID.motion.colours.one : "");
      },
      (error: unknown) => { say((error as Error).message); },
    );
  });
  byId("motion").append(
    el(
      "details",
      { class: "fold" },
      el("summary", {}, SAID.motion.title),
      el("p", { class: "note" }, SAID.motion.lead),
      el("div", { class: "row", data: { control: "pace" } }, el("label", { htmlFor: "pace" }, SAID.motion.pace), pace),
      el("div", { class: "ways" },
        el("div", { data: { control: "walk" } }, walk),
        el("div", { data: { control: "record" } }, record),
        el("div", { data: { control: "shader" } }, shader),
        el("div", { data: { control: "palette" } }, choose, file),
      ),
    ),
  );

  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-plays]");
    if (button !== null) play(button.dataset["plays"] ?? "");
  });
  // any other gesture
  const other = (event: Event): void => {
    said.hidden = true;
    if (player.playing !== null && (event.target as Element).closest("[data-plays], #pace, #motion, [data-control=fullscreen]") === null) player.pause();
  };
  for (const kind of ["pointerdown", "wheel"]) addEventListener(kind, other, { capture: true, passive: true });
  addEventListener("keydown", (event) => {
    if (QUIET.includes(event.key) && !(event.target as Element).matches("input:not([type=checkbox]), textarea")) {
      if (event.key === " " && player.playing !== null) {
        // and nothing else: it would press the button that has the focus, or go on with what it paused
        event.preventDefault();
        event.stopImmediatePropagation();
        paused = true;
        player.pause();
      }
      return;
    }
    other(event);
  }, true);
  // a button is pressed when the key is let go
  addEventListener("keyup", (event) => {
    if (event.key !== " " || !paused) return;
    event.preventDefault();
    paused = false;
  }, true);
  addEventListener("pagehide", () => { player.pause(); });

  // where nothing has the focus that the key would press
  addEventListener("keydown", (event) => {
    const on = event.target as Element;
    if (event.key !== " " || event.defaultPrevented || last === "" || document.querySelector("dialog[open]") !== null) return;
    if (on.matches("button, summary, a, input, textarea, select, [role=option]")) return;
    event.preventDefault();
    play(last);
  });
  return {
    keys: { f: full, z: () => { play("autopilot"); } },
    owners: { f: "fullscreen", z: "autopilot" },
    pause: () => { player.pause(); },
    drawn: () => { player.drawn(); },
  };
}
