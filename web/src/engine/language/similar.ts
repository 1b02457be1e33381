// The closest of some names, as Python's difflib finds it (Ratcliff and Obershelp's matching blocks).

/** How alike two texts are, 0 to 1: twice the characters in matching blocks, over all characters. */
export function ratio(a: string, b: string): number {
  const length = a.length + b.length;
  return length === 0 ? 1 : (2 * matches(a, b)) / length;
}

/** The name most like `word`, at least `least`; of equals the last in the alphabet. None is undefined. */
export function closest(word: string, names: readonly string[], least: number): string | undefined {
  let found: string | undefined;
  let best = -1;
  for (const name of names) {
    const likeness = ratio(name, word);
    if (likeness < least || likeness < best) continue;
    if (likeness > best || found === undefined || name > found) [best, found] = [likeness, name];
  }
  return found;
}

/** How many characters lie in matching blocks. */
function matches(a: string, b: string): number {
  const places = placesOf(b);
  const waiting: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  let total = 0;
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const [aLow, aHigh, bLow, bHigh] = one;
    const [i, j, size] = longest(a, b, places, one);
    if (size === 0) continue;
    total += size;
    if (aLow < i && bLow < j) waiting.push([aLow, i, bLow, j]);
    if (i + size < aHigh && j + size < bHigh) waiting.push([i + size, aHigh, j + size, bHigh]);
  }
  return total;
}

/** Where each character of `b` is; of 200 characters or more, those that are more than a hundredth of it are left out. */
function placesOf(b: string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let j = 0; j < b.length; j++) {
    const known = places.get(b.charAt(j));
    if (known === undefined) places.set(b.charAt(j), [j]);
    else known.push(j);
  }
  if (b.length < 200) return places;
  const most = Math.floor(b.length / 100) + 1;
  for (const [character, found] of places) if (found.length > most) places.delete(character);
  return places;
}

/** The longest block within these parts, the first in `a`, then in `b`: where in each, and its length. */
function longest(
  a: string,
  b: string,
  places: ReadonlyMap<string, readonly number[]>,
  [aLow, aHigh, bLow, bHigh]: readonly [number, number, number, number],
): [number, number, number] {
  let [bestI, bestJ, size] = [aLow, bLow, 0];
  let before = new Map<number, number>(); // the block's length that ends at a place of b, of the character before
  for (let i = aLow; i < aHigh; i++) {
    const here = new Map<number, number>();
    for (const j of places.get(a.charAt(i)) ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const length = (before.get(j - 1) ?? 0) + 1;
      here.set(j, length);
      if (length > size) [bestI, bestJ, size] = [i - length + 1, j - length + 1, length];
    }
    before = here;
  }
  // the characters left out may lengthen it
  while (bestI > aLow && bestJ > bLow && a[bestI - 1] === b[bestJ - 1]) [bestI, bestJ, size] = [bestI - 1, bestJ - 1, size + 1];
  while (bestI + size < aHigh && bestJ + size < bHigh && a[bestI + size] === b[bestJ + size]) size++;
  return [bestI, bestJ, size];
}
