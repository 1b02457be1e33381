// A unit's line over the picture, and two grips: one moves it, one turns it.
import { UNIT } from "../../words/unit.ts";
import { frameOn } from "../../camera.ts";
import { dec, fromNumber, ratio } from "../../decimal.ts";
import type { UnitReply } from "../../server.ts";
import { el, svg } from "../dom.ts";
import { number } from "../quantities.ts";
import type { Pane } from "../pane.ts";
import { type Line, lineBy, numbersOf, type Point } from "./line.ts";
import type { Place } from "./nudges.ts";

interface Asks {
  unit: () => UnitReply | null;
  nudge: (numbers: readonly (readonly [Place, number])[], ended: boolean) => void;
  /** whether its numbers can be changed here */
  seeded: () => boolean;
}

/** How a point of the plane stands on the screen, in pixels from the left top corner of the picture. */
interface Scale {
  readonly middle: Point;
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

/** the narrowest view in which a line's place has digits enough */
const NARROWEST = dec("1e-9");
// of the frame's height: how far from the middle of the line the grip is that turns it
const ARM = 0.28;
// what an arrow key does: degrees, and a share of the frame's height; with Shift a tenth
const [TURN, MOVE] = [3, 0.02];

export class Lines {
  readonly #asks: Asks;
  readonly #halo = svg("path", { class: "halo" });
  readonly #ink = svg("path", { class: "ink" });
  readonly #svg = svg("svg", { "aria-hidden": "true" }, this.#halo, this.#ink);
  readonly #label = el("span", { class: "line-label" });
  readonly #move = grip("move", UNIT.move);
  readonly #turn = grip("turn", UNIT.turn);
  readonly #element = el("div", { class: "unit-line" });
  #pane: Pane | null = null;
  #scale: Scale | null = null;
  // the line as a hand holds it; null while none does
  #held: Line | null = null;

  constructor(asks: Asks) {
    this.#asks = asks;
    this.#element.append(this.#svg, this.#label, this.#move, this.#turn);
    this.#listen(this.#move, (line, at) => ({ ...line, ...at }));
    this.#listen(this.#turn, (line, at) => ({ ...line, angle: normal(line, at) }));
    this.#keys(this.#move, (line, by, { across, down }) => {
      const step = MOVE * this.#high();
      return { ...line, x: line.x + by * step * across, y: line.y + by * step * down };
    });
    this.#keys(this.#turn, (line, by, { across, down }) => ({ ...line, angle: line.angle + ((across || -down) * by * TURN * Math.PI) / 180 }));
  }

  hide(): void {
    this.#pane = this.#held = null;
    this.#element.remove();
  }

  /** Over the picture of this pane, as it lies now. */
  place(pane: Pane): void {
    const unit = this.#asks.unit();
    const { camera, size, up, gutter } = pane.view.lie;
    if (unit?.line == null || ratio(camera.w, NARROWEST) < 1 || size.width === 0) {
      this.hide();
      return;
    }
    this.#pane = pane;
    const host = pane.view.element.parentElement;
    if (host !== null && this.#element.parentElement !== host) pane.view.element.after(this.#element);
    const frame = frameOn(size);
    const middle = { x: ratio(camera.x, fromNumber(1)), y: ratio(camera.y, fromNumber(1)) };
    const [w, h] = [ratio(camera.w, fromNumber(1)), ratio(camera.h, fromNumber(1))];
    this.#scale = { middle, left: gutter + size.width / 2, top: size.height / 2, across: frame.width / w, down: (up ? -1 : 1) * (frame.height / h) };
    this.#element.style.setProperty("--left", `${gutter}px`);
    this.#element.style.setProperty("--right-side", `${gutter + size.width}px`);
    this.#element.style.setProperty("--bottom-side", `${size.height}px`);
    this.#draw(unit, size, gutter);
  }

  #draw(unit: UnitReply, size: { width: number; height: number }, gutter: number): void {
    const scale = this.#scale;
    if (scale === null) return;
    const line = this.#held ?? lineBy(unit, scale.middle);
    if (line === null) return;
    const anchor = onScreen(scale, line);
    // along the line, and to where the unit is on
    const way = { x: -Math.sin(line.angle) * scale.across, y: Math.cos(line.angle) * scale.down };
    const long = Math.hypot(way.x, way.y);
    const along = { x: way.x / long, y: way.y / long };
    const far = size.width + size.height + Math.hypot(anchor.x - scale.left, anchor.y - scale.top);
    const path = `M${anchor.x - far * along.x} ${anchor.y - far * along.y}L${anchor.x + far * along.x} ${anchor.y + far * along.y}`;
    for (const one of [this.#halo, this.#ink]) one.setAttribute("d", path);
    const arm = ARM * frameOn(size).height;
    // towards the middle, so that it is in view
    const side = (anchor.x + arm * along.x - scale.left) * along.x + (anchor.y + arm * along.y - scale.top) * along.y > arm ? -1 : 1;
    const turn = { x: anchor.x + side * arm * along.x, y: anchor.y + side * arm * along.y };
    const inside = ({ x, y }: Point): boolean => x >= gutter && x <= gutter + size.width && y >= 0 && y <= size.height;
    const handled = unit.handle !== null && this.#asks.seeded();
    put(this.#move, anchor, handled && inside(anchor));
    put(this.#turn, turn, handled && inside(turn));
    this.#label.textContent = UNIT.line(unit.layer, number(unit.channel + 1));
    const named = { x: anchor.x - side * 0.9 * arm * along.x, y: anchor.y - side * 0.9 * arm * along.y };
    put(this.#label, named, inside(anchor) && inside(named));
    const degrees = Math.round((line.angle * 180) / Math.PI);
    this.#turn.setAttribute("aria-valuenow", String(degrees));
    this.#turn.setAttribute("aria-valuetext", UNIT.degrees(number(degrees)));
    this.#move.setAttribute("aria-valuenow", String(line.x));
    this.#move.setAttribute("aria-valuetext", UNIT.through(number(round3(line.x)), number(round3(line.y))));
  }

  #high(): number {
    const pane = this.#pane;
    return pane === null ? 0 : ratio(pane.view.lie.camera.h, fromNumber(1));
  }

  #now(): Line | null {
    const [unit, scale] = [this.#asks.unit(), this.#scale];
    return unit === null || scale === null ? null : lineBy(unit, scale.middle);
  }

  #say(line: Line, ended: boolean): void {
    const unit = this.#asks.unit();
    if (unit !== null) this.#asks.nudge(numbersOf(unit, line), ended);
  }

  #listen(one: HTMLElement, next: (line: Line, at: Point) => Line): void {
    let begun: Line | null = null;
    one.addEventListener("pointerdown", (event) => {
      begun = this.#now();
      if (event.button !== 0 || begun === null) return;
      event.stopPropagation();
      one.setPointerCapture(event.pointerId);
      this.#held = begun;
    });
    one.addEventListener("pointermove", (event) => {
      const [pane, scale] = [this.#pane, this.#scale];
      if (begun === null || this.#held === null || pane === null || scale === null) return;
      event.stopPropagation();
      const box = pane.view.element.getBoundingClientRect();
      this.#held = next(this.#held, onPlane(scale, { x: event.clientX - box.left, y: event.clientY - box.top }));
      this.#say(this.#held, false);
      this.place(pane);
    });
    const end = (): void => {
      const held = this.#held;
      if (begun === null || held === null) return;
      begun = this.#held = null;
      this.#say(held, true);
    };
    one.addEventListener("pointerup", end);
    one.addEventListener("pointercancel", end);
  }

  #keys(one: HTMLElement, next: (line: Line, by: number, way: { across: number; down: number }) => Line): void {
    const ways: Readonly<Record<string, { across: number; down: number }>> = {
      ArrowRight: { across: 1, down: 0 }, ArrowLeft: { across: -1, down: 0 }, ArrowDown: { across: 0, down: 1 }, ArrowUp: { across: 0, down: -1 },
    };
    one.addEventListener("keydown", (event) => {
      const [way, line, scale] = [ways[event.key], this.#now(), this.#scale];
      if (way === undefined || line === null || scale === null) return;
      event.preventDefault();
      event.stopPropagation();
      this.#say(next(line, event.shiftKey ? 0.1 : 1, { across: way.across, down: way.down * Math.sign(scale.down) }), true);
    });
  }
}

/** The angle of the normal of a line that is turned about its point until it goes through `at`, the nearer of the two. */
function normal({ x, y, angle }: Line, at: Point): number {
  const turned = Math.atan2(at.y - y, at.x - x) - Math.PI / 2;
  return Math.cos(turned - angle) >= 0 ? turned : turned + Math.PI;
}

function grip(name: string, label: string): HTMLElement {
  return el("div", { class: `grip ${name}`, tabIndex: 0, title: label, role: "slider", aria: { label, valuemin: "-1000000", valuemax: "1000000", valuenow: "0" } });
}

function put(one: HTMLElement, { x, y }: Point, shown: boolean): void {
  one.style.left = `${x}px`;
  one.style.top = `${y}px`;
  one.classList.toggle("absent", !shown);
}

function onScreen({ middle, left, top, across, down }: Scale, { x, y }: Point): Point {
  return { x: left + (x - middle.x) * across, y: top + (y - middle.y) * down };
}

function onPlane({ middle, left, top, across, down }: Scale, { x, y }: Point): Point {
  return { x: middle.x + (x - left) / across, y: middle.y + (y - top) / down };
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
