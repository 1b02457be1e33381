// The messages between a picture in a frame and the page around it: a notebook's, with a kernel or without one.
import type { Rectangle, ViewerData } from "../server.ts";
import type { Controls } from "./panel.ts";

/** The beginning of the name of every such frame; then comes its widget's. */
export const NAMED = "netwarp-";

/** What a frame says; `netwarp` is its name. */
export type Said = { netwarp: string } & (
  | { kind: "ready"; turn: number }
  | { kind: "height"; height: number }
  | { kind: "moved"; view: Rectangle }
  | { kind: "asked"; patch: Partial<Controls> }
);

/** What is said to it. */
export type Heard =
  | { netwarp: "theme"; theme: Theme }
  | { netwarp: "show"; data: ViewerData; about: string }
  | { netwarp: "look"; view: Rectangle }
  | { netwarp: "controls"; controls: Controls; problem: string };

export type Theme = "light" | "dark";

/** What a message of one of this page's own frames says, and the frame; null of any other message. */
export function saidBy(event: MessageEvent<unknown>): { frame: HTMLIFrameElement; said: Said } | null {
  const said = event.data as Said | null;
  if (typeof said !== "object" || said === null || typeof said.netwarp !== "string" || !said.netwarp.startsWith(NAMED)) return null;
  const frame = framesOf(said.netwarp).find((one) => one.contentWindow === event.source);
  return frame === undefined ? null : { frame, said };
}

/** All frames whose names begin so. */
export function framesOf(name: string): HTMLIFrameElement[] {
  return [...document.querySelectorAll<HTMLIFrameElement>(`iframe[name^="${name}"]`)];
}

export function tell(frame: HTMLIFrameElement, heard: Heard): void {
  // its document has no origin that could be named
  frame.contentWindow?.postMessage(heard, "*");
}
