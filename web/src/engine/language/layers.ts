// The functions that make layers, each checking its arguments: netwarp.architecture.tree and nodes. What is not given
// is UNSET, the architecture's shared default. Trees are canonical as they are made.

import { whole } from "./checks.ts";
import { InputError, nearest } from "./errors.ts";
import type { Function, Operators } from "./grammar.ts";
import { MAKERS, toActivation, toInitialiser, toNorm } from "./notation.ts";
import { LARGEST, LIMITS, WORDS } from "./table.ts";
import { UNSET, type Activation, type Initialiser, type Layer, type NormSpec, type Unset } from "./tree.ts";
import { isLayer, shown, type Value } from "./values.ts";
import { say } from "./words.ts";

type Given = ReadonlyMap<string, Value>;

const KERNELS = BigInt(LIMITS.kernels);

export const LAYERS: Readonly<Record<string, Function>> = {
  ...MAKERS,
  conv: (given) => {
    const told = options("conv", given);
    const channels = whole(given.get("channels") ?? null, "conv channels", { example: "conv(10)" });
    const kernel = kernelOf(given, "conv", "conv(10, 3)");
    const groups = whole(or(given, "groups", 1n), "conv groups", { example: "conv(8, 3, groups=2)" });
    if (channels % groups !== 0n) throw new InputError(say("GROUPS", { groups, channels }));
    return { kind: "Conv", channels, kernel, groups, ...told, bias: biasOf("conv", given) };
  },
  depthwise: (given) => {
    const told = options("depthwise", given);
    const kernel = kernelOf(given, "depthwise", "depthwise(3)");
    return { kind: "Depthwise", kernel, ...told, bias: biasOf("depthwise", given) };
  },
  maxout: (given) => {
    const { norm, init } = options("maxout", given);
    const channels = whole(given.get("channels") ?? null, "maxout channels", { example: "maxout(10, 3)" });
    const pieces = whole(given.get("pieces") ?? null, "maxout pieces", { example: "maxout(10, 3)" });
    const kernel = kernelOf(given, "maxout", "maxout(10, 3, 1)");
    return { kind: "Maxout", channels, pieces, kernel, norm, init, bias: biasOf("maxout", given) };
  },
  pool: (given) => {
    const kind = given.get("kind") ?? null;
    const stride = given.get("stride") ?? given.get("size") ?? null;
    if (kind !== "max" && kind !== "avg") {
      throw new InputError(say("POOL", { value: shown(kind), near: nearest(shown(kind), ["max", "avg"]) }));
    }
    const sizes = { most: BigInt(LIMITS.sizes), example: 'pool("max", 2)' };
    const size = Number(whole(given.get("size") ?? null, "pool size", sizes));
    return { kind: "Pool", pool: kind, size, stride: whole(stride, "pool stride", { example: 'pool("max", 3, stride=1)' }) };
  },
  act: (given) => ({ kind: "Act", activation: actOf("act", given.get("activation")) }),
  norm: (given) => {
    const norm = normOf("norm", given.get("norm"));
    if (norm === null) throw new InputError(WORDS.BARE_NORM);
    return { kind: "Norm", norm };
  },
  residual: (given) => ({ kind: "Residual", body: body("residual", given) }),
  dense: (given) => ({ kind: "Dense", body: body("dense", given) }),
  gated: (given) => ({ kind: "Gated", body: body("gated", given) }),
  parallel: (_, all) => {
    const branches = all.map((branch) => {
      if (!isLayer(branch)) throw new InputError(say("LAYERS", { owner: "parallel", value: shown(branch) }));
      return branch;
    });
    if (branches.length === 0) throw new InputError(WORDS.NO_BRANCH);
    return { kind: "Parallel", branches };
  },
  inception: (given) => {
    const told = options("inception", given);
    const one = whole(given.get("one") ?? null, "inception one", { example: "20" });
    const pool = whole(given.get("pool") ?? null, "inception pool", { example: "20" });
    const three = pair("inception three", given.get("three") ?? null, LARGEST);
    const five = pair("inception five", given.get("five") ?? null, LARGEST);
    const [first, second] = pair("inception kernels", or(given, "kernels", [3n, 5n]), KERNELS);
    return { kind: "Inception", one, three, five, pool, kernels: [Number(first), Number(second)], ...told };
  },
};

/** `a >> b` is sequence, in which sequences are flattened; `a * 3` is repetition, which stays symbolic. */
export const OPERATORS: Operators = {
  join: (parts) => ({
    kind: "Sequence",
    parts: parts.flatMap((part) => (part.kind === "Sequence" ? part.parts : [part])),
  }),
  repeat: (part, value) => {
    let times = whole(value, "repetition times", { example: "conv(10) * 3" });
    if (times === 1n) return part;
    const isRepeated = part.kind === "Repeat";
    if (isRepeated) times *= part.times;
    if (times > LARGEST) throw new InputError(say("TIMES", { times: shown(times) }));
    return { kind: "Repeat", part: isRepeated ? part.part : part, times };
  },
};

/** What is given, or the usual one; what is given as None stays null. */
function or(given: Given, name: string, usual: Value): Value {
  const value = given.get(name);
  return value === undefined ? usual : value;
}

function options(
  owner: string,
  given: Given,
): { act: Activation | Unset; norm: NormSpec | Unset; init: Initialiser | Unset } {
  const act = actOf(owner, given.get("act"));
  const norm = normOf(owner, given.get("norm"));
  const init = given.get("init");
  return { act, norm, init: init === undefined ? UNSET : toInitialiser(`${owner} init`, init) };
}

function actOf(owner: string, value: Value | undefined): Activation | Unset {
  return value === undefined ? UNSET : toActivation(`${owner} act`, value);
}

function normOf(owner: string, value: Value | undefined): NormSpec | Unset {
  return value === undefined ? UNSET : toNorm(`${owner} norm`, value);
}

function biasOf(owner: string, given: Given): boolean | null {
  const bias = given.get("bias") ?? null;
  if (bias === null || typeof bias === "boolean") return bias;
  throw new InputError(say("BIAS", { owner, value: shown(bias) }));
}

function kernelOf(given: Given, owner: string, example: string): number {
  return Number(whole(or(given, "kernel", 1n), `${owner} kernel`, { most: KERNELS, example }));
}

function body(owner: string, given: Given): Layer {
  const value = given.get("body") ?? null;
  if (!isLayer(value)) throw new InputError(say("BODY", { owner, value: shown(value) }));
  return value;
}

function pair(what: string, value: Value, most: bigint): [bigint, bigint] {
  const items: readonly Value[] = Array.isArray(value) ? (value as readonly Value[]) : [];
  const [first, second] = items;
  if (items.length !== 2 || first === undefined || second === undefined) {
    throw new InputError(say("PAIR", { what, value: shown(value) }));
  }
  const settings = { most, example: "(10, 20)" };
  return [whole(first, what, settings), whole(second, what, settings)];
}
