// A Program whose output is one channel of another's.
import type { Program } from "./program.ts";

export function ofChannel({ operations, layers }: Program, channel: number): Program {
  const last = operations.length - 1;
  const channels = operations[last]!.channels;
  const weight = new Float64Array(channels);
  weight[channel] = 1;
  return {
    operations: [...operations, { kind: "conv", sources: [last], channels: 1, layer: operations[last]!.layer, weight, bias: new Float64Array(1), kernel: 1, dilation: 1, groups: 1 }],
    layers,
  };
}
