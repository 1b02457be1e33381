// For tests/web/test_measures.py: the measures of pictures.

import { boxDimension } from "../src/engine/measures/boxes.ts";
import { meanFrequency } from "../src/engine/measures/frequency.ts";
import type { Image } from "../src/engine/measures/image.ts";
import { components, holes } from "../src/engine/measures/topology.ts";
import { lempelZiv } from "../src/engine/measures/words.ts";
import { answer, asked } from "./data.ts";

answer(
  (asked() as Image[]).map((image) => ({
    lz_complexity: lempelZiv(image),
    mean_frequency: meanFrequency(image),
    box_dimension: boxDimension(image),
    components: components(image),
    holes: holes(image),
  })),
);
