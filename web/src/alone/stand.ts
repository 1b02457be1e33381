// The picture with what a kernel may add to it: another network, another view, sliders. It stands without one.
import type { Rectangle, ViewerData } from "../server.ts";
import { mount, type Mounted } from "./mount.ts";
import { type Controls, panel } from "./panel.ts";

/** What a kernel may say to a picture, in its own document or in a frame. */
export interface Stand {
  /** another network, and a sentence on it */
  show(data: ViewerData, about: string): void;
  look(view: Rectangle): void;
  controls(controls: Controls, problem: string): void;
}

/** What a picture says to a kernel, if there is one. */
export interface Told {
  moved(view: Rectangle): void;
  asked(patch: Partial<Controls>): void;
}

/** Fills `root`. */
export function stand(root: HTMLElement, data: ViewerData, told: Told): Omit<Stand, "show"> & { show(data: ViewerData): void; mounted: () => Mounted; dispose: () => void } {
  const picture = document.createElement("div");
  picture.className = data.up ? "up" : "";
  const sliders = panel((patch) => { told.asked(patch); });
  root.replaceChildren(picture, sliders.element);
  let mounted = mount(picture, data, (view) => { told.moved(view); });
  return {
    mounted: () => mounted,
    show: (next) => {
      mounted.dispose();
      mounted = mount(picture, next, (view) => { told.moved(view); });
    },
    look: (view) => { mounted.look(view); },
    controls: (controls, problem) => { sliders.show(controls, problem); },
    dispose: () => { mounted.dispose(); },
  };
}
