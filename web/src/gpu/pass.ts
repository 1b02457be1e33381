// One draw of a scene on one device: makes pictures of it, evaluates the network on them and paints them.
import { type Range, stretch } from "./contrast.ts";
import type { Compiled, Device } from "./device.ts";
import { difference, type Picture, placed } from "./picture.ts";
import type { Scene } from "./scene.ts";

/** Left, top, width and height, in pixels. */
type Rectangle = readonly [number, number, number, number];

export class Pass {
  readonly columns: number;
  readonly rows: number;
  /** every picture it made, for whoever began it to keep or to free */
  readonly made: Picture[] = [];
  /** whether nobody waits for it any more: a newer draw began, or the context is lost */
  readonly ended: () => boolean;

  constructor(
    readonly device: Device,
    readonly scene: Scene,
    readonly network: Compiled,
    readonly painter: Compiled,
    ended: () => boolean,
  ) {
    ({ width: this.columns, height: this.rows } = device.gl.canvas);
    this.ended = () => ended() || device.gl.isContextLost();
  }

  get pixels(): number {
    return this.columns * this.rows;
  }

  /** An empty picture of the scene. */
  make(columns: number, rows: number): Picture {
    const { place, depth, operation } = this.scene;
    const target = this.device.target(columns, rows);
    const picture: Picture = { target, ...place, depth, operation, share: 0 };
    this.made.push(picture);
    this.device.clear(target);
    return picture;
  }

  /** Evaluates the network on a rectangle of a picture that this pass made. */
  evaluate({ target }: Picture, rectangle: Rectangle): void {
    const { place: { w, h, orbit: { m } }, depth } = this.scene;
    const along = m.toNumber(m.ofDecimal(w), depth) / target.columns;
    const down = m.toNumber(m.ofDecimal(h), depth) / target.rows;
    this.device.evaluate(this.network, target, rectangle, [along, down], depth);
  }

  /** Paints a picture, its own or an earlier one's, where it lies in the scene, on a rectangle of the canvas or all of it. */
  show(picture: Picture, range: Range, rectangle: Rectangle = [0, 0, this.columns, this.rows]): void {
    const { place, tone, depth } = this.scene;
    const moved = difference(picture.orbit, place.orbit, picture.operation, tone.channels, depth);
    const { gain, offset } = stretch(range, picture.depth, moved);
    const how = { gain, offset, place: placed(picture, place, this.device.gl.canvas), map: tone.map };
    this.device.paint(this.painter, picture.target, how, rectangle);
  }
}
