"""Writes web/src/gpu/faces.ts: what the page knows of activations, from netwarp.activations. A test holds it current.

Run `python tools/faces.py` after adding an activation, then `npm run build` in web.
"""

from __future__ import annotations

import json
from pathlib import Path

from netwarp.activations.exponentials import SELU_ALPHA, SELU_SCALE
from netwarp.activations.registry import CODES, FACES

TARGET = Path(__file__).parent.parent / "web/src/gpu/faces.ts"


def text() -> str:
    """The file."""
    rows = []
    for name, one in FACES.items():
        parameter = None if one.parameter is None else {"name": one.parameter.name, "default": one.parameter.default}
        data = {"code": CODES[name], "kinks": one.kinks, "parameter": parameter, "texts": one.texts or (name,)}
        rows.append(f"  {name}: {json.dumps(data)},")
    lines = [
        "// Written by tools/faces.py: the names, codes, kinks and parameters of netwarp.activations.",
        "export interface Face {",
        "  code: number;",
        "  kinks: readonly number[];",
        "  parameter: { name: string; default: number } | null;",
        "  /** what a menu offers */",
        "  texts: readonly string[];",
        "}",
        "",
        "export const FACES = {",
        *rows,
        "} as const satisfies Record<string, Face>;",
        "",
        "export type Name = keyof typeof FACES;",
        "",
        f"export const SELU_ALPHA = {SELU_ALPHA};",
        f"export const SELU_SCALE = {SELU_SCALE};",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
