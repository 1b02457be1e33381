// The lessons that come with netwarp: the files of the Python package.
import depth from "../../../../src/netwarp/explorer/lessons/1-depth-against-width.json";
import folding from "../../../../src/netwarp/explorer/lessons/2-folding.json";
import scale from "../../../../src/netwarp/explorer/lessons/3-scale-and-shift.json";
import normalise from "../../../../src/netwarp/explorer/lessons/4-why-normalise.json";
import regions from "../../../../src/netwarp/explorer/lessons/5-counting-regions.json";
import frequencies from "../../../../src/netwarp/explorer/lessons/6-frequencies-and-activations.json";
import { fromData, type Lesson } from "./note.ts";

/** In their order. */
export function shipped(): Lesson[] {
  return [depth, folding, scale, normalise, regions, frequencies].map(fromData);
}
