// A pane's texts as the architecture they stand for, and back, as netwarp.explorer.reading has it.
import { isKind } from "../engine/language/values.ts";
import { readActivation, readInitialiser, readInputs, readNorm } from "../engine/language/notation.ts";
import { parse } from "../engine/language/parse.ts";
import type { Architecture, NormSpec } from "../engine/language/tree.ts";
import { activationText, initialiserText, inputsText, layerText, normText } from "../engine/language/write.ts";
import { DEFAULTS, type PaneState } from "../server.ts";
import { about, Refusal } from "./refusals.ts";
import { WRITTEN, ZOO_TEXTS } from "./table.ts";
import { ENGINE } from "../words/site.ts";

/** The text of an architecture, or of one that the zoo has by this name. Throws Refusal for what is no network of layers. */
export function textOfName(arch: string): string {
  const name = arch.trim();
  if (name.startsWith("npz:")) throw new Refusal(ENGINE.weights, "arch");
  const word = /^\w+/.exec(name)?.[0] ?? "";
  if (WRITTEN.includes(word) && name.endsWith(")")) {
    throw new Refusal(ENGINE.written(word), "arch");
  }
  return Object.hasOwn(ZOO_TEXTS, name) ? (ZOO_TEXTS[name] ?? name) : arch;
}

/** Throws Refusal with the place in the text. */
export function read(pane: PaneState): Architecture {
  const text = textOfName(pane.arch);
  const norm: NormSpec = about("norm", () => readNorm(pane.norm));
  const options = {
    act: about("act", () => readActivation(pane.act)),
    norm,
    init: about("init", () => readInitialiser(pane.init)),
    inputs: about("inputs", () => readInputs(pane.inputs)),
    out_act: about("out_act", () => readActivation(pane.out_act)),
    out: BigInt(pane.out),
  };
  return about("arch", () => parse(text, options));
}

/** The architecture of a whole text, as `str(architecture)` writes it. */
export function readText(text: string): Architecture {
  return about("arch", () => parse(text));
}

/** The keys of a pane that say this architecture. */
export function textsOf(architecture: Architecture): Omit<Partial<PaneState>, "seed"> {
  const { norm, act, init, inputs, out, out_act } = architecture;
  return {
    arch: layerText(architecture.tree),
    act: activationText(act),
    norm: isKind(norm, "Spatial", "LayerNorm") ? normText(norm) : "none",
    init: initialiserText(init),
    inputs: inputsText(inputs),
    out: Number(out),
    out_act: activationText(out_act),
  };
}

/** A pane that a message leaves partly unsaid. */
export function filled(state: Partial<PaneState>): PaneState {
  return { ...DEFAULTS, ...state };
}
