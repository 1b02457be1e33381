// Zooms on and on into what is interesting, until it is stopped or nothing narrower is drawn.
import { type Camera, moved } from "../../camera.ts";
import { ratio, sub } from "../../decimal.ts";
import type { Drawn } from "../../view/source.ts";
import type { View } from "../../view.ts";
import { still } from "../../view/still.ts";
import { type Glance, interest, LEAST, type Place } from "./interest.ts";
import type { Thing } from "./player.ts";
import { SAID } from "../../words/index.ts";

// of the small copy that is looked at
const [COLUMNS, ROWS] = [96, 64];
// doublings a second, how fast the place comes to the middle, and how fast the way there turns, each a second
const DOUBLINGS = 0.6;
const CENTRING = 0.9;
const TURNING = 2.5;
// milliseconds between two looks at a picture
const LOOK = 300;
// no more doublings ahead of the picture that is there
const AHEAD = 1.2;
// doublings back from where all is flat, and how often before it is given up
const BACK = 1;
const TRIES = 3;
// where motion is unwelcome: milliseconds from one picture to the next, each so many doublings further
const SLOW = 2000;
const STEP = 1;

export class Autopilot implements Thing {
  readonly name = "autopilot";
  readonly asks = false;
  readonly #context: CanvasRenderingContext2D | null;
  #seen: Drawn | null = null;
  #looked = -Infinity;
  #stepped = -Infinity;
  #goal: Camera | null = null;
  #shunned: Camera | null = null;
  #flown: [number, number] = [0, 0];
  #back = 0;
  #tries = 0;
  // doublings from the beginning, and the most before it was flat
  #depth = 0;
  #deepest = 0;
  #last: Camera | null = null;

  constructor(private readonly view: View) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [COLUMNS, ROWS];
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
  }

  tick(seconds: number, now: number): string | null {
    const { view } = this;
    const { latest } = view;
    // after a refusal the view is where something is drawn again
    if (this.#last !== null && ratio(view.camera.w, this.#last.w) > 1.001) return SAID.motion.deepest;
    if (latest === null) return null;
    let forward = seconds * DOUBLINGS;
    if (still()) {
      if (now - this.#stepped < SLOW) return null;
      this.#stepped = now;
      forward = STEP;
    }
    if (latest !== this.#seen && now - this.#looked > LOOK) {
      this.#seen = latest;
      this.#looked = now;
      this.#look(latest);
    }
    if (this.#tries > TRIES) return SAID.motion.nothing;
    // never farther out than where it began
    if (this.#back > 0 && this.#depth < forward) this.#back = 0;
    if (this.#back > 0) {
      this.#back -= forward;
      return this.#go(2 ** forward, [0, 0], forward);
    }
    // the picture comes later than the way goes: wait for it
    if (Math.log2(ratio(latest.camera.w, view.seen.w)) > AHEAD) return null;
    const to = this.#goal === null ? [0, 0] as const : shares(this.#goal, view.camera);
    const turned = still() ? 1 : 1 - Math.exp(-TURNING * seconds);
    const share = still() ? 1 : 1 - Math.exp(-CENTRING * seconds);
    this.#flown = this.#flown.map((one, i) => one + ((to[i] ?? 0) * share - one) * turned) as [number, number];
    return this.#go(2 ** -forward, this.#flown, forward);
  }

  end(): void {
    this.view.rest();
  }

  /** Chooses where to go by the picture that is there; where it is flat, back and elsewhere. */
  #look(latest: Drawn): void {
    const glance = this.#glance(latest);
    if (glance === null) return;
    const shunned = this.#shunned === null ? null : placeOf(this.#shunned, latest.camera);
    const found = interest(glance, this.#goal === null ? null : placeOf(this.#goal, latest.camera), shunned);
    if (found.most >= LEAST) {
      if (this.#back > 0) return;
      this.#goal = moved(latest.camera, found.right, found.down);
      if (this.#depth > this.#deepest + 1) this.#shunned = null;
      return;
    }
    if (this.#back > 0) return;
    if (this.#depth > this.#deepest + 1) this.#tries = 0;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    this.#tries += 1;
    this.#back = BACK;
    this.#shunned = this.#goal;
    this.#goal = null;
    this.#flown = [0, 0];
  }

  #glance({ image }: Drawn): Glance | null {
    if (this.#context === null) return null;
    this.#context.drawImage(image, 0, 0, COLUMNS, ROWS);
    // row 0 of every image is the smallest y, as y is counted here
    return { columns: COLUMNS, rows: ROWS, data: this.#context.getImageData(0, 0, COLUMNS, ROWS).data };
  }

  #go(factor: number, by: readonly [number, number], doublings: number): string | null {
    if (!this.view.steer(factor, by[0], by[1])) return SAID.motion.deepest;
    this.#depth += factor < 1 ? doublings : -doublings;
    this.#last = this.view.camera;
    return null;
  }
}

/** Where the centre of one camera lies, in shares of another's sides from its centre. */
function shares(goal: Camera, { x, y, w, h }: Camera): [number, number] {
  return [ratio(sub(goal.x, x), w), ratio(sub(goal.y, y), h)].map((one) => Math.max(-1, Math.min(1, one))) as [number, number];
}

function placeOf(goal: Camera, camera: Camera): Place {
  const [right, down] = shares(goal, camera);
  return { right, down, most: 0 };
}
