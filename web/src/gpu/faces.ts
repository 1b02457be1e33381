// Written by tools/faces.py: the names, codes, kinks and parameters of netwarp.activations.
export interface Face {
  code: number;
  kinks: readonly number[];
  parameter: { name: string; default: number } | null;
  /** what a menu offers */
  texts: readonly string[];
}

export const FACES = {
  relu: {"code": 0, "kinks": [0], "parameter": null, "texts": ["relu"]},
  leaky: {"code": 1, "kinks": [0], "parameter": {"name": "slope", "default": 0.01}, "texts": ["leaky(0.2)", "leaky(random)"]},
  prelu: {"code": 2, "kinks": [0], "parameter": {"name": "slope", "default": 0.25}, "texts": ["prelu"]},
  elu: {"code": 3, "kinks": [0], "parameter": null, "texts": ["elu"]},
  selu: {"code": 4, "kinks": [0], "parameter": null, "texts": ["selu"]},
  gelu: {"code": 5, "kinks": [], "parameter": null, "texts": ["gelu"]},
  silu: {"code": 6, "kinks": [], "parameter": null, "texts": ["silu"]},
  mish: {"code": 7, "kinks": [], "parameter": null, "texts": ["mish"]},
  softplus: {"code": 8, "kinks": [], "parameter": null, "texts": ["softplus"]},
  tanh: {"code": 9, "kinks": [], "parameter": null, "texts": ["tanh"]},
  tanhshrink: {"code": 10, "kinks": [], "parameter": null, "texts": ["tanhshrink"]},
  softsign: {"code": 11, "kinks": [0], "parameter": null, "texts": ["softsign"]},
  erf: {"code": 12, "kinks": [], "parameter": null, "texts": ["erf"]},
  sigmoid: {"code": 13, "kinks": [], "parameter": null, "texts": ["sigmoid"]},
  hardtanh: {"code": 14, "kinks": [-1, 1], "parameter": null, "texts": ["hardtanh"]},
  relu6: {"code": 15, "kinks": [0, 6], "parameter": null, "texts": ["relu6"]},
  hardsigmoid: {"code": 16, "kinks": [-3, 3], "parameter": null, "texts": ["hardsigmoid"]},
  hardswish: {"code": 17, "kinks": [-3, 3], "parameter": null, "texts": ["hardswish"]},
  abs: {"code": 18, "kinks": [0], "parameter": null, "texts": ["abs"]},
  sin: {"code": 19, "kinks": [], "parameter": {"name": "omega", "default": 1.0}, "texts": ["sin", "sin(30)"]},
  cos: {"code": 20, "kinks": [], "parameter": null, "texts": ["cos"]},
  gaussian: {"code": 21, "kinks": [], "parameter": null, "texts": ["gaussian"]},
  square: {"code": 22, "kinks": [], "parameter": null, "texts": ["square"]},
  step: {"code": 23, "kinks": [0], "parameter": null, "texts": ["step"]},
  linear: {"code": 24, "kinks": [], "parameter": null, "texts": ["linear"]},
} as const satisfies Record<string, Face>;

export type Name = keyof typeof FACES;

export const SELU_ALPHA = 1.6732632423543772;
export const SELU_SCALE = 1.0507009873554805;
