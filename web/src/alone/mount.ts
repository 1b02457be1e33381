// A picture that one zooms, by itself: no server, no other files. The single file and the notebook show this.
import { type Camera, cameraOf, extent, pointAt, rectangleOf, scaled } from "../camera.ts";
import { magnitude, significant, quantised, write } from "../decimal.ts";
import { labColours } from "../gpu/lab.ts";
import { Renderer } from "../gpu/renderer.ts";
import type { Rectangle, ViewerData } from "../server.ts";
import { paintMarks } from "../view/marks.ts";
import { still } from "../view/still.ts";
import { listen } from "./gestures.ts";
import { Mosaic } from "./mosaic.ts";

export interface Mounted {
  /** of networks; null of tiles, or where the browser cannot */
  renderer: Renderer | null;
  /** values to colours by the CPU: the library's own bytes */
  labColours: typeof labColours;
  look: (view: Rectangle) => void;
  dispose: () => void;
}

const SLOWEST_SHARP = 400;
// rasterisers that run on the processor: milliseconds that a first picture may take there, the pixels a millisecond that
// they draw at least, and how long a hand rests before the picture is drawn in full
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
const [SOON, SLOW_RATE, SHARPEN] = [400, 300, 250];
const EASE = 250;
const HINT = 1500;

/** Fills `root`; tells of every move that a hand made. */
export function mount(root: HTMLElement, data: ViewerData, told: (view: Rectangle) => void = () => undefined): Mounted {
  const ends = new AbortController();
  const { signal } = ends;
  const home = cameraOf(data.view);
  let camera: Camera = data.looks ? cameraOf(data.looks) : home;
  let fit = data.kind === "network" && data.contrast === "view";

  // pictures have the smallest y at the top, and are turned over where it grows upwards
  root.classList.toggle("up", data.up);
  const stage = make("div", { className: "stage" });
  const poster = make("img", { className: "poster", src: data.poster, alt: "" });
  const canvas = make("canvas", { tabIndex: 0, className: "sight" });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `${data.title}. Arrow keys move, plus and minus zoom, Home goes back.`);
  const over = make("canvas", { className: "marks" });
  const hint = make("p", { className: "hint", hidden: true, textContent: "Click the picture, or hold Ctrl, to zoom with the wheel" });
  stage.append(poster, canvas, over, hint);
  const bar = make("div", { className: "bar" });
  const where = make("p", { className: "where" });
  const under = make("p", { className: "under" });
  const note = make("p", { className: "note" });
  note.setAttribute("role", "status");
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  bar.append(
    button("+", "Zoom in", () => { move(scaled(camera, 1 / 1.5)); }),
    button("\u2212", "Zoom out", () => { move(scaled(camera, 1.5)); }),
    button("Home", "Back to where the page began", () => { move(home); }),
  );
  const box = make("input", { type: "checkbox", checked: fit });
  if (data.kind === "network") {
    const label = make("label", {});
    label.append(box, " colours fitted to the view");
    box.addEventListener("change", () => {
      fit = box.checked;
      request();
    }, { signal });
    bar.append(label);
  }
  const lines = make("div", { className: "lines" });
  lines.append(where, under);
  root.replaceChildren(stage, bar, lines, note, said);

  let renderer: Renderer | null = null;
  let mosaic: Mosaic | null = null;
  if (data.kind === "tiles") {
    mosaic = new Mosaic(canvas, data, home);
    note.textContent = `Tiles, sharp to ${mosaic.depth} times the first view: ${data.reason}.`;
  } else {
    try {
      renderer = new Renderer(canvas);
      renderer.load(data.program, data.tone);
    } catch (error) {
      note.textContent = `The picture is still: ${error instanceof Error ? error.message : String(error)}.`;
      bar.hidden = true;
    }
  }

  let asked = 0;
  let sharpening: ReturnType<typeof setTimeout> | undefined;
  let pointer: { x: number; y: number } | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;

  function move(to: Camera): void {
    camera = to;
    hint.hidden = true;
    told(rectangleOf(camera));
    request();
  }

  let hinting: ReturnType<typeof setTimeout> | undefined;

  function passed(): void {
    hint.hidden = false;
    clearTimeout(hinting);
    hinting = setTimeout(() => { hint.hidden = true; }, HINT);
  }

  function request(): void {
    clearTimeout(sharpening);
    if (asked || signal.aborted) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      void paint(false);
    });
  }

  /** How many pixels of the canvas there are to one of the page, each way. */
  function density(sharp: boolean): number {
    const whole = Math.min(window.devicePixelRatio, (renderer?.timing.frame ?? 0) > SLOWEST_SHARP ? 1 : 2);
    if (sharp || !renderer || !SOFTWARE.test(renderer.name)) return whole;
    const most = SOON * Math.max(renderer.timing.rate, SLOW_RATE);
    return Math.min(whole, Math.sqrt(most / Math.max(1, canvas.clientWidth * canvas.clientHeight)));
  }

  /** Where a picture takes long a smaller one comes first; once the hand rests the `sharp` one follows. */
  async function paint(sharp: boolean): Promise<void> {
    const ratio = density(sharp);
    const columns = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const rows = Math.max(1, Math.round(canvas.clientHeight * ratio));
    describe();
    mark();
    if (mosaic) {
      if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
      if (await mosaic.draw(camera)) poster.hidden = true;
      return;
    }
    if (!renderer || data.kind !== "network") return;
    renderer.resize(columns, rows);
    try {
      const drawn = await renderer.draw({
        ...rectangleOf(extent(camera, { width: columns, height: rows })),
        show: data.show,
        contrast: fit ? "view" : "auto",
        ease: still() ? 0 : EASE,
      });
      if (!drawn.complete) return;
      poster.hidden = true;
      note.textContent = drawn.fitted && !fit ? "Colours are fitted to the view: the usual ones would all be alike here." : "";
      root.dataset["drawn"] = String(Number(root.dataset["drawn"] ?? 0) + 1);
      if (ratio < density(true)) sharpening = setTimeout(() => void paint(true), SHARPEN);
    } catch (error) {
      note.textContent = `Not drawn: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** The points that the slice is laid through, over whatever draws the picture. */
  function mark(): void {
    const context = over.getContext("2d");
    const { marks = [] } = data;
    if (context === null || marks.length === 0) return;
    const [width, height, dense] = [over.clientWidth, over.clientHeight, Math.min(window.devicePixelRatio, 2)];
    [over.width, over.height] = [Math.round(width * dense), Math.round(height * dense)];
    context.scale(dense, dense);
    paintMarks(context, marks, camera, { left: 0, top: 0, width, height }, data.up);
  }

  function describe(): void {
    const shown = {
      x: write(quantised(camera.x, magnitude(camera.w) - 3)),
      y: write(quantised(camera.y, magnitude(camera.h) - 3)),
      w: write(significant(camera.w, 4)),
    };
    where.textContent = `centre ${shown.x}, ${shown.y}; width ${shown.w}`;
    clearTimeout(resting);
    // for screen readers: once the view rests
    resting = setTimeout(() => { said.textContent = `Centre ${shown.x}, ${shown.y}, width ${shown.w}.`; }, 600);
    value();
  }

  function value(): void {
    if (!pointer || !renderer || data.kind !== "network") {
      under.textContent = "";
      return;
    }
    const { x, y } = pointAt(camera, { width: canvas.clientWidth, height: canvas.clientHeight }, pointer.x, pointer.y, data.up);
    const all = renderer.readValues(write(x), write(y), data.show);
    const picked = data.tone.channels.map((channel) => all[channel] ?? NaN);
    const [left, top] = [quantised(x, magnitude(camera.w) - 3), quantised(y, magnitude(camera.h) - 3)];
    under.textContent = `${write(left)}, ${write(top)}: ${picked.map((one) => one.toPrecision(5)).join("  ")}`;
  }

  listen(canvas, {
    camera: () => camera,
    up: data.up,
    move,
    home: () => { move(home); },
    passed,
    point: (place) => {
      if (place && !pointer) requestAnimationFrame(() => { value(); });
      pointer = place;
      requestAnimationFrame(value);
    },
  }, signal);
  const sized = new ResizeObserver(request);
  sized.observe(canvas);
  request();

  return {
    renderer,
    labColours,
    look: (view) => {
      camera = cameraOf(view);
      request();
    },
    dispose: () => {
      ends.abort();
      sized.disconnect();
      for (const timer of [resting, hinting, sharpening]) clearTimeout(timer);
      cancelAnimationFrame(asked);
      renderer?.dispose();
    },
  };

  function button(text: string, title: string, act: () => void): HTMLButtonElement {
    const made = make("button", { type: "button", textContent: text, title });
    if (text.length === 1) made.setAttribute("aria-label", title);
    made.addEventListener("click", act, { signal });
    return made;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}
