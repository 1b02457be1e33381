// What a pane tells the page that holds it.
import type { Camera } from "../camera.ts";
import type { Refused } from "../link.ts";
import type { PaneState } from "../server.ts";
import type { Drawn } from "../view/source.ts";
import type { Pane } from "./pane.ts";

export interface PaneEvents {
  /** the server took the state; `ended` where a gesture ends with it */
  taken(pane: Pane, ended: boolean): void;
  moved(pane: Pane, camera: Camera, ended: boolean): void;
  /** `refusal` is another */
  said(pane: Pane): void;
  /** what was asked for first cannot be opened or drawn: `state` is now that of what stands in for it */
  stood(pane: Pane): void;
  /** what is to be shown in place of a network that is refused */
  mended(pane: Pane, patch: Partial<PaneState>): void;
  /** a key of the address that it was opened with cannot be read */
  lost(message: string): void;
  chosen(pane: Pane): void;
  drawn(pane: Pane, drawn: Drawn): void;
  painted(pane: Pane): void;
  resized(): void;
  found(pane: Pane): void;
}

/** What the server will not show, and the texts that were asked for. */
export interface Refusal {
  error: Refused;
  /** what is refused; of a view and a file no control of the network is at fault */
  about: "network" | "view" | "file";
  arch: string;
  slice: string;
}
