// The engine's loops over points, two float64 at once, compiled by AssemblyScript to the module that workers run. They take
// the addresses of arrays, (channels, n) with one channel after the other, and do what src/engine/evaluate does in plain
// loops: the same additions and multiplications in the same order, never fused, so that all bits are equal.
export { affine } from "./affine";
export { absolute, clip, hardSigmoid, hardSwish, leaky, relu, softsign, square, step } from "./activations";
export { add, largest, layerNormalise, multiply } from "./joins";
export { lab } from "./lab";
export { rowSums } from "./sums";
