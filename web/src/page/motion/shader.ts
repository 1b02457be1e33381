// The picture in view as a shader's text, to copy.
import { MOST, shadertoy } from "../../gpu/shadertoy.ts";
import type { Link } from "../../link.ts";
import { page, toQuery } from "../../state.ts";
import { told } from "../facts.ts";
import { number } from "../quantities.ts";
import type { Pane } from "../pane.ts";
import { SAID } from "../../words/index.ts";

/** The text, or why there is none in `why`. */
export async function shaderOf(pane: Pane, link: Link): Promise<{ text: string } | { why: string }> {
  const { seen: state, view } = pane;
  if (state.show !== "output") return { why: SAID.motion.shader.output };
  // with the colours that are chosen now
  const field = await link.ask("open", pane.index, { state });
  const { gpu } = field;
  if (gpu === null) return { why: SAID.motion.shader.none };
  const { x, y, w, h } = pane.rectangle();
  const range = view.latest?.fitted === true ? view.latest.range : undefined;
  const fitted = range?.differences === true ? range : null;
  const tone = range?.differences === false ? { ...field.tone, low: [...range.low], high: [...range.high] } : field.tone;
  const { name, rest } = told(state, field);
  const up = state.grows === "auto" ? field.up : state.grows === "up";
  const about = [SAID.motion.shader.made(`${name} ${rest}`), `netwarp explore, ?${toQuery(page(state))}`];
  const made = shadertoy({ folded: gpu, tone, x, y, w, h, up, fitted }, about);
  return made.text === null ? { why: SAID.motion.shader.large(number(made.numbers), number(MOST)) } : { text: made.text };
}
