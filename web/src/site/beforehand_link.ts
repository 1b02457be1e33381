// Pictures that were drawn beforehand, in place of those of the page's engine: the usual view of networks that it evaluates
// on fewer pixels only.
import type { Link } from "../link.ts";
import type { Ask, Reply } from "../protocol.ts";
import { BEFOREHAND as BEFORE } from "../page/evaluated.ts";
import { BEFOREHAND, PICTURES } from "./beforehand.ts";

// of the usual view's height: what is seen closer is evaluated
const FAR = 0.8;

type Unmarked = Omit<Reply<"view">, "id" | "pane">;

/** Asks for pictures as the link does, but for those that are there. */
export function withPictures(link: Link["ask"]): Link["ask"] {
  // of what every pane shows now
  const opened = new Map<number, string | null>();
  const decoded = new Map<string, Promise<HTMLCanvasElement>>();
  return async (kind, pane, what) => {
    if (kind === "view") {
      const address = opened.get(pane) ?? null;
      const ask = what as Ask<"view">;
      if (address !== null && usual(ask)) {
        const picture = decoded.get(address) ?? canvasOf(address);
        decoded.set(address, picture);
        return { ...part(await picture, ask), id: 0, pane } as never;
      }
    }
    const reply = await link(kind, pane, what);
    if (kind === "open") {
      const { text, facts, evaluated } = reply as Reply<"open">;
      const found = evaluated?.beforehand === true ? PICTURES.find((one) => one.text === text && one.seed === facts.seed) : undefined;
      opened.set(pane, found?.picture ?? null);
    }
    return reply;
  };
}

/** Whether such a picture shows all of the view, and as it is asked for. */
function usual({ x, y, w, h, show = "output", contrast = "whole", colour = "auto" }: Ask<"view">): boolean {
  const inside = (centre: string, side: string, whole: number): boolean => 2 * Math.abs(Number(centre)) + Number(side) <= whole;
  const near = Math.min(Number(w), Number(h)) < FAR;
  return show === "output" && contrast === "whole" && (colour === "auto" || colour === "lab") && !near && inside(x, w, BEFOREHAND.width) && inside(y, h, BEFOREHAND.height);
}

async function canvasOf(address: string): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas;
}

/** In its own pixels, which the page stretches. */
function part(whole: HTMLCanvasElement, { x, y, w, h, coarse = false }: Ask<"view">): Unmarked {
  const [across, down] = [whole.width / BEFOREHAND.width, whole.height / BEFOREHAND.height];
  const [wide, high] = [Number(w) * across, Number(h) * down];
  const [columns, rows] = [Math.round(wide), Math.round(high)];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  context?.drawImage(whole, whole.width / 2 + Number(x) * across - wide / 2, whole.height / 2 + Number(y) * down - high / 2, wide, high, 0, 0, columns, rows);
  const bytes = new Uint8Array(context?.getImageData(0, 0, columns, rows).data.buffer ?? new ArrayBuffer(0));
  const tone = { low: [], high: [], compressed: null, colours: [] };
  return { kind: "pixels", columns, rows, seconds: 0, precision: BEFORE, flat: false, coarse, resampled: false, reduced: 1, tone, centre: null, bytes };
}
