// Several workers that draw small pictures, each the next one as soon as it is done with one.
import { Refused } from "../link.ts";
import { painted } from "../page/source.ts";
import type { Offer } from "../server.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Thumb, ThumbAsk } from "./thumb.ts";

type Draw = (ask: ThumbAsk) => Promise<Thumb>;

/** The first so many neighbours that are not refused, with their pictures; fewer where `stale` says that nobody waits. */
export async function offersOf(neighbours: readonly Neighbour[], most: number, size: { columns: number; rows: number }, crew: readonly Draw[], stale: () => boolean): Promise<Offer[]> {
  const found: (Offer | null)[] = [];
  let next = 0;
  const good = (): number => found.filter((one) => one !== null).length;
  await Promise.all(
    crew.map(async (draw) => {
      // those that others draw now are likely good ones
      while (next < neighbours.length && good() < most && !stale()) {
        const number = next++;
        const { title, state } = neighbours[number] as Neighbour;
        found[number] = null;
        try {
          const { bytes, columns, rows } = await draw({ state, ...size });
          found[number] = { title, state, thumb: painted(bytes, columns, rows).toDataURL() };
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
        }
      }
    }),
  );
  return found.filter((one) => one !== null).slice(0, most);
}
