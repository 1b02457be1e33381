// The evaluator that this browser runs fastest: all of them give the same bits.

import { evaluator } from "./blocks.ts";
import { plainLoops } from "./loops.ts";
import { simdLoops } from "./simd.ts";

export const loops = simdLoops() ?? plainLoops;
export const fastest = evaluator(loops);
