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
  elu: {"code": 2, "kinks": [0], "parameter": null, "texts": ["elu"]},
  selu: {"code": 3, "kinks": [0], "parameter": null, "texts": ["selu"]},
  gelu: {"code": 4, "kinks": [], "parameter": null, "texts": ["gelu"]},
  silu: {"code": 5, "kinks": [], "parameter": null, "texts": ["silu"]},
  mish: {"code": 6, "kinks": [], "parameter": null, "texts": ["mish"]},
  softplus: {"code": 7, "kinks": [], "parameter": null, "texts": ["softplus"]},
  tanh: {"code": 8, "kinks": [], "parameter": null, "texts": ["tanh"]},
  tanhshrink: {"code": 9, "kinks": [], "parameter": null, "texts": ["tanhshrink"]},
  softsign: {"code": 10, "kinks": [0], "parameter": null, "texts": ["softsign"]},
  erf: {"code": 11, "kinks": [], "parameter": null, "texts": ["erf"]},
  sigmoid: {"code": 12, "kinks": [], "parameter": null, "texts": ["sigmoid"]},
  hardtanh: {"code": 13, "kinks": [-1, 1], "parameter": null, "texts": ["hardtanh"]},
  relu6: {"code": 14, "kinks": [0, 6], "parameter": null, "texts": ["relu6"]},
  hardsigmoid: {"code": 15, "kinks": [-3, 3], "parameter": null, "texts": ["hardsigmoid"]},
  hardswish: {"code": 16, "kinks": [-3, 3], "parameter": null, "texts": ["hardswish"]},
  abs: {"code": 17, "kinks": [0], "parameter": null, "texts": ["abs"]},
  sin: {"code": 18, "kinks": [], "parameter": {"name": "omega", "default": 1.0}, "texts": ["sin", "sin(30)"]},
  cos: {"code": 19, "kinks": [], "parameter": null, "texts": ["cos"]},
  gaussian: {"code": 20, "kinks": [], "parameter": null, "texts": ["gaussian"]},
  square: {"code": 21, "kinks": [], "parameter": null, "texts": ["square"]},
  step: {"code": 22, "kinks": [0], "parameter": null, "texts": ["step"]},
  linear: {"code": 23, "kinks": [], "parameter": null, "texts": ["linear"]},
} as const satisfies Record<string, Face>;

export type Name = keyof typeof FACES;

export const SELU_ALPHA = 1.6732632423543772;
export const SELU_SCALE = 1.0507009873554805;
