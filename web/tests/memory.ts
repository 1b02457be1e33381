// For tests/web/test_hands.py: what the page says against a network before it calibrates it.

import { drawing } from "../src/engine/program/draw.ts";
import { networkFor } from "../src/site/networks.ts";
import { readText } from "../src/site/reading.ts";
import { checked } from "../src/site/counts.ts";

export function run(texts: string[]): string[] {
  return texts.map((text) => {
    const architecture = readText(text);
    try {
      networkFor(architecture, drawing(1n), checked(architecture).raster);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  });
}
