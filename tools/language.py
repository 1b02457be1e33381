"""Writes web/src/engine/language/table.ts: what the page's own reader of the language has from netwarp's.

The words of the errors, the limits, the patterns of tokens, the names and their arguments. A test holds it current.
Run `python tools/language.py` after changing one, then `npm run build` in web.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from inspect import Parameter, signature
from pathlib import Path

from netwarp import checks, errors, words
from netwarp.activations.registry import FACES, SPELLINGS
from netwarp.architecture import counts, expressions, faults, reader, symmetry, tokens, walk
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.grammar import Grammar
from netwarp.architecture.language import PART
from netwarp.architecture.nodes import KERNELS
from netwarp.architecture.notation import GRAMMARS
from netwarp.architecture.windows import SIZES

TARGET = Path(__file__).parent.parent / "web/src/engine/language/table.ts"
HEAD = "// Written by tools/language.py from netwarp: the words, limits, patterns and names of the language."
ORDER = {Parameter.POSITIONAL_OR_KEYWORD: "order", Parameter.KEYWORD_ONLY: "name", Parameter.VAR_POSITIONAL: "all"}
SHAPES = """/** An argument of a call: given in order or by name, only by name, or one of any number. */
export interface Parameter {
  readonly name: string;
  readonly given: "order" | "name" | "all";
  readonly required: boolean;
}

/** What may be said: the functions with their arguments, the bare names, and what to write in place of others. */
export interface Said {
  readonly calls: Readonly<Record<string, readonly Parameter[]>>;
  readonly names: readonly string[];
  readonly hints: Readonly<Record<string, string>>;
}

/** The number beside an activation's name; a learned one is not in the text. */
export interface Argument {
  readonly name: string;
  readonly usual: number;
  readonly random: boolean;
  readonly learned: boolean;
}

/** A wallpaper group: its lattice, its motions but for the lattice's, and how waves are summed over them. */
export interface Wallpapers {
  readonly lattice: string;
  readonly motions: readonly (readonly [number, number, number, number, number, number])[];
  readonly pairs: number;
  readonly rest: number;
}"""


def text() -> str:
    """The file."""
    arguments = {
        one.name: one.parameter
        and {
            "name": one.parameter.name,
            "usual": one.parameter.default,
            "random": one.parameter.random is not None,
            "learned": one.parameter.learned,
        }
        for one in FACES.values()
    }
    grammars = {"part": _said(PART), **{name: _said(grammar) for name, grammar in GRAMMARS.items()}}
    constants = {
        "WORDS": {name: value for name, value in vars(words).items() if name.isupper()},
        "PATTERNS": {name.lower(): getattr(tokens, name) for name in ("QUOTE", "NUMBER", "NAME", "SYMBOL")},
        "LIMITS": {
            "characters": reader.CHARACTERS,
            "nestings": reader.NESTINGS,
            "digits": tokens.DIGITS,
            "bits": tokens.BITS,
            "operators": tokens.OPERATORS,
            "words": tokens.WORDS,
            "kernels": KERNELS,
            "sizes": SIZES,
            "message": errors.LONGEST,
            "likeness": errors.LIKENESS,
            "layers": walk.LAYERS,
            "steps": walk.STEPS,
            "channels": walk.CHANNELS,
            "field": walk.FIELD,
            "parameters": counts.PARAMETERS,
            "beside": counts.BESIDE,
            "factors": expressions.FACTORS,
            "terms": expressions.TERMS,
            "folds": symmetry.FOLDS,
            "fewest": symmetry.FEWEST,
            "modes": symmetry.MODES,
            "longest": symmetry.LONGEST,
        },
    }
    constants["SYMMETRY"] = {"waves": symmetry.WAVES, "sigma": symmetry.SIGMA, "cell": symmetry.CELL}
    wallpapers = {
        name: {
            "lattice": group.lattice,
            "motions": symmetry.motions(group),
            "pairs": len(group.doubling),
            "rest": 3 if group.thirds else 1,
        }
        for name, group in symmetry.GROUPS.items()
    }
    typed = {
        "KEYWORDS": ("readonly string[]", tokens.KEYWORDS),
        "VALUES": ("readonly string[]", tokens.VALUES),
        **{
            name: ("readonly string[]", getattr(faults, name))
            for name in ("BEFORE", "BETWEEN", "SIGNS", "UNPACKED_AFTER", "NEITHER")
        },
        "ACTIVATIONS": ("Readonly<Record<string, Argument | null>>", arguments),
        "SPELLINGS": ("Readonly<Record<string, string>>", SPELLINGS),
        "GRAMMARS": (f"Readonly<Record<{' | '.join(map(json.dumps, grammars))}, Said>>", grammars),
        "FUNCTIONS": ("Readonly<Record<string, string>>", expressions.FUNCTIONS),
        "WALLPAPERS": ("Readonly<Record<string, Wallpapers>>", wallpapers),
        "ARCHITECTURE": ("readonly Parameter[]", _parameters(Architecture)),
    }
    parts = [HEAD, SHAPES]
    parts += [f"export const {name} = {json.dumps(value, indent=2)} as const;" for name, value in constants.items()]
    parts.append(f"export const LARGEST = {checks.LARGEST}n;")
    parts.append(f"export const EXACT = {errors.EXACT}n;")
    parts += [f"export const {name}: {kind} = {json.dumps(value)};" for name, (kind, value) in typed.items()]
    return "\n\n".join(parts) + "\n"


def _said(grammar: Grammar) -> dict[str, object]:
    calls = {name: _parameters(function) for name, function in grammar.calls.items()}
    return {"calls": calls, "names": list(grammar.names), "hints": dict(grammar.hints)}


def _parameters(function: Callable[..., object]) -> list[dict[str, object]]:
    return [
        {
            "name": one.name,
            "given": ORDER[one.kind],
            "required": one.default is Parameter.empty and one.kind is not Parameter.VAR_POSITIONAL,
        }
        for one in signature(function).parameters.values()
    ]


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
