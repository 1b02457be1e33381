// The notebook's widget (anywidget): the same picture as the single file's, from the widget's state; and what binds the
// widget to the frames that a notebook shows of it, which stand without a kernel too.
import type { Rectangle, ViewerData } from "./server.ts";
import { NAMED, saidBy, tell } from "./alone/frame.ts";
import type { Controls } from "./alone/panel.ts";
import { type Stand, stand, type Told } from "./alone/stand.ts";
import { onTheme, themeAround } from "./alone/theme.ts";

interface State {
  data: ViewerData;
  about: string;
  /** where it looks */
  view: Rectangle;
  /** what the kernel could not draw, and why */
  problem: string;
  /** grows with every answer to what was asked */
  answered: number;
  name: string;
}

interface Model {
  get<K extends keyof State>(name: K): State[K];
  get(name: keyof Controls): number | null;
  set(name: "view", value: Rectangle): void;
  send(asked: Partial<Controls>): void;
  save_changes(): void;
  on(event: string, act: () => void): void;
  off(event: string, act: () => void): void;
}

// a moving hand's place is sent once it pauses
const SAVE = 100;
const NAMES = ["seed", "depth", "width", "scale", "shift"] as const;

const controlsOf = (model: Model): Controls => Object.fromEntries(NAMES.map((name) => [name, model.get(name)])) as Controls;

/** What a picture says becomes the widget's state; `from` is the picture, which is not told of its own moves. */
function teller(model: Model, from: { looks: Rectangle | null }): Told {
  let saving: ReturnType<typeof setTimeout> | undefined;
  return {
    moved: (view) => {
      from.looks = view;
      model.set("view", view);
      clearTimeout(saving);
      saving = setTimeout(() => { model.save_changes(); }, SAVE);
    },
    asked: (patch) => { model.send(patch); },
  };
}

/** Tells a picture of what changes in the widget's state, until what it gives is called. */
function bind(model: Model, one: Stand, from: { looks: Rectangle | null }): () => void {
  const show = (): void => { one.show(model.get("data"), model.get("about")); };
  const look = (): void => {
    const view = model.get("view");
    if (JSON.stringify(view) !== JSON.stringify(from.looks)) one.look(view);
  };
  const controls = (): void => { one.controls(controlsOf(model), model.get("problem")); };
  const events: [string, () => void][] = [["change:data", show], ["change:view", look], ["change:answered", controls]];
  for (const [event, act] of events) model.on(event, act);
  controls();
  return () => {
    for (const [event, act] of events) model.off(event, act);
  };
}

/** Once for the widget, whether or not anything shows it: every frame of its name is bound, whenever it comes. */
function initialize({ model }: { model: Model }): () => void {
  const ends = new AbortController();
  const bound = new Map<HTMLIFrameElement, { told: Told; end: () => void }>();
  const welcome = (frame: HTMLIFrameElement, turn: number): void => {
    bound.get(frame)?.end();
    const from = { looks: null };
    const one: Stand = {
      show: (data, about) => { tell(frame, { netwarp: "show", data, about }); },
      look: (view) => { tell(frame, { netwarp: "look", view }); },
      controls: (controls, problem) => { tell(frame, { netwarp: "controls", controls, problem }); },
    };
    bound.set(frame, { told: teller(model, from), end: bind(model, one, from) });
    if (turn !== (model.get("data").turn ?? 0)) one.show(model.get("data"), model.get("about"));
    one.look(model.get("view"));
    for (const [other, { end }] of bound) {
      if (other.isConnected) continue;
      end();
      bound.delete(other);
    }
  };
  window.addEventListener("message", (event) => {
    const found = saidBy(event);
    if (found?.said.netwarp !== NAMED + model.get("name")) return;
    const { frame, said } = found;
    if (said.kind === "ready") welcome(frame, said.turn);
    else if (said.kind === "moved") bound.get(frame)?.told.moved(said.view);
    else if (said.kind === "asked") bound.get(frame)?.told.asked(said.patch);
  }, { signal: ends.signal });
  // those that were there before
  for (const frame of document.querySelectorAll<HTMLIFrameElement>(`iframe[name="${NAMED}${model.get("name")}"]`)) welcome(frame, -1);
  return () => {
    ends.abort();
    for (const { end } of bound.values()) end();
  };
}

/** Where a widget is shown as one, as inside of another. */
function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = el.appendChild(document.createElement("div"));
  root.className = "netwarp";
  root.dataset["within"] = "";
  const ends = new AbortController();
  const from = { looks: null };
  const shown = stand(root, model.get("data"), teller(model, from));
  shown.look(model.get("view"));
  const end = bind(model, shown, from);
  onTheme(() => { root.dataset["theme"] = themeAround(root.parentElement ?? root); }, ends.signal);
  return () => {
    ends.abort();
    end();
    shown.dispose();
  };
}

export default { initialize, render };
