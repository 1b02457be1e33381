// What of a pane stays as it is where another network is opened in it.
import type { FieldReply, PaneState, SliceData } from "../server.ts";

/** Whether x and y mean something else than before: not where only other inputs are held at other values. */
export function otherPlane(before: SliceData | null, after: SliceData | null): boolean {
  if (before === null || after === null || before.text === after.text) return false;
  return after.along === null || JSON.stringify([before.along, before.axes]) !== JSON.stringify([after.along, after.axes]);
}

/** What a view may change while the network is being opened. */
export function kept({ x, y, w, h, tone, colour, cells, grows, points, marks }: PaneState): Partial<PaneState> {
  return { x, y, w, h, tone, colour, cells, grows, points, marks };
}

/** Whether the network has what is shown. */
export function hasShow(field: FieldReply, show: string): boolean {
  const [, layer, , channel] = show.split(":");
  if (layer === undefined) return show === "output" || field.classes.length > 0;
  const found = field.layers[Number(layer) - 1];
  return found !== undefined && Number(channel) < found.channels;
}
