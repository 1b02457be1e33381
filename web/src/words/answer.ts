// The sentence under a picture that answers how complicated it is.

/** What is counted, or as much of it as was: "17,030", "about 243", "more than 200,000". */
function counted(count: string, more: boolean, about: boolean): string {
  return more ? `more than ${count}` : about ? `about ${count}` : count;
}

/** "twice", "1.5 times": what stands before "as much". */
function factor(times: string): string {
  return times === "1" ? "just" : times === "2" ? "twice" : `${times} times`;
}

export const ANSWER = {
  counting: "Counting the flat regions \u2026",
  measuring: "Measuring the ups and downs \u2026",
  counted,
  one: "Flat: all of the frame is one region",
  constant: (output: boolean): string => (output ? "One colour: the output is the same everywhere in view" : "The output is the same everywhere in view"),
  cut: (pieces: string, output: boolean, seeded: boolean): readonly [string, string, string] => [
    seeded ? (output ? "This seed cuts the frame into " : "This seed cuts the output into ") : output ? "Cut into " : "The output is cut into ",
    pieces,
    " regions, each flat",
  ],
  pieces: (pieces: string): readonly [string, string, string] => ["", pieces, " regions, each flat"],
  layer: (units: string): string => `one layer of ${units}`,
  more: (times: string, layer: string, pieces: string): string => `: ${times} times as many as ${layer} (${pieces})`,
  beyond: (times: string, layer: string, pieces: string): string => `: more than ${times} times as many as ${layer} (${pieces})`,
  fewer: (times: string, layer: string, pieces: string): string => `: ${layer} has ${times} times as many (${pieces})`,
  alike: (layer: string, pieces: string): string => `: about as many as ${layer} (${pieces})`,
  beside: (layer: string, pieces: string): string => `; ${layer} has ${pieces}`,
  slope: (times: string, seeded: boolean): readonly [string, string, string] => [seeded ? "This seed goes up and down " : "Goes up and down ", factor(times), " as much as a plain ramp"],
  slopes: (times: string): readonly [string, string, string] => ["Up and down ", factor(times), " as much as a plain ramp"],
  besideSlope: (layer: string, times: string, less: boolean): string => `; ${layer} ${less ? "only " : ""}${times === "1" ? "just as much" : factor(times)}`,
  over: "Over 16 seeds?",
  overOf: "Over 16 seeds: measures what this line says of one, in the panel",
  fine: "Goes up and down too finely to be measured in this frame: zoom in",
  why: {
    cells: (exact: boolean): string => exact
      ? "The activation regions in the frame, on each of which the output is flat, counted exactly; neighbours may lie in one plane."
      : "The activation regions in the frame, on each of which the output is flat; rounding leaves some in doubt.",
    slope: "The mean slope of the output in the frame, on a raster, over that of a plain ramp.",
    layer: (arch: string): string => `Beside it stands ${arch}, as many units in one layer, with all else the same.`,
    seed: (seed: string): string => `All of it is of seed ${seed}: other seeds have other numbers, and netwarp compare tells of many.`,
  },
} as const;
