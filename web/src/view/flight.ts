// One smooth movement of a camera to another.
import { between, type Camera } from "../camera.ts";
import { still } from "./still.ts";

const LASTS = 900; // milliseconds

export class Flight {
  #frame = 0;

  get going(): boolean {
    return this.#frame !== 0;
  }

  /** Goes from one camera to the other, by `go`, or at once where motion is unwelcome; then `rest` is called, unless it was
   * stopped on the way. */
  to(from: Camera, to: Camera, go: (camera: Camera) => void, rest: () => void): Promise<void> {
    this.stop();
    if (still()) {
      go(to);
      rest();
      return Promise.resolve();
    }
    const start = performance.now();
    return new Promise((resolve) => {
      const next = (now: number): void => {
        const t = Math.min(1, (now - start) / LASTS);
        go(between(from, to, t * t * (3 - 2 * t)));
        if (t < 1) this.#frame = requestAnimationFrame(next);
        else {
          this.#frame = 0;
          rest();
          resolve();
        }
      };
      this.#frame = requestAnimationFrame(next);
    });
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
