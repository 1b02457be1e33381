// The sentence under a picture that answers how complicated it is.

/** What is counted, or as much of it as was: "17,030", "about 243", "more than 200,000". */
function counted(count: string, more: boolean, about: boolean): string {
  return more ? `more than ${count}` : about ? `about ${count}` : count;
}

export const ANSWER = {
  counting: "Counting the flat pieces \u2026",
  measuring: "Measuring the ups and downs \u2026",
  counted,
  one: "Flat: all of the frame is one piece",
  cut: (pieces: string, output: boolean): readonly [string, string, string] => [output ? "Cut into " : "The output is cut into ", pieces, " flat pieces"],
  pieces: (pieces: string): readonly [string, string, string] => ["", pieces, " flat pieces"],
  layer: (units: string): string => `one layer of ${units}`,
  more: (times: string, layer: string, pieces: string): string => `: ${times} times as many as ${layer} (${pieces})`,
  beyond: (times: string, layer: string, pieces: string): string => `: more than ${times} times as many as ${layer} (${pieces})`,
  fewer: (times: string, layer: string, pieces: string): string => `: ${layer} has ${times} times as many (${pieces})`,
  alike: (layer: string, pieces: string): string => `: about as many as ${layer} (${pieces})`,
  beside: (layer: string, pieces: string): string => `; ${layer} has ${pieces}`,
  slope: (times: string): readonly [string, string, string] => ["Goes up and down ", times, " times as much as a plain ramp"],
  slopes: (times: string): readonly [string, string, string] => ["Up and down ", times, " times a plain ramp"],
  besideSlope: (layer: string, times: string): string => `; ${layer} ${times} times`,
  fine: "Goes up and down too finely to be measured in this frame: zoom in",
  why: {
    cells: (exact: boolean): string => exact
      ? "Cells of the activations in the frame, each of them flat, counted exactly; neighbours may lie in one plane."
      : "Cells of the activations in the frame, each of them flat; rounding leaves some in doubt.",
    slope: "The mean slope of the output in the frame, on a raster, over that of a plain ramp.",
    layer: (arch: string): string => `Beside it stands ${arch}, as many units in one layer, with all else the same.`,
    seed: (seed: string): string => `All of it is of seed ${seed}: other seeds have other numbers, and netwarp compare tells of many.`,
  },
} as const;
