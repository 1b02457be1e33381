"""The files that netwarp writes for a user to begin with: a commented example, and studies that are ready to run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from netwarp.errors import InputError, nearest, shown
from netwarp.study.grid.place import checked_name

FOLDER: Final = Path(__file__).parent.parent / "ready"
_NAME: Final = re.compile(r"^name = .*$", re.MULTILINE)
_EXAMPLE: Final = """\
# A study of netwarp: every combination of the factors, with every seed, and the measures of each network.
# Change it, then run it; what was done already is not done again:
#   netwarp study run FILE.toml

[study]
name = "example"
seeds = 12                       # how many; or which, as in "100..163" or [3, 5, 9]
raster = "64x64"                 # what every network is looked at on: columns x rows of pixels
# plane = [-1, 1, -1, 1]         # x0, x1, y0, y1; unless given the unit square
# calibration = "600x400"        # the raster that norms take their statistics of; unless given that above
measures = ["mean_frequency", "regions", "lz_complexity"]   # `netwarp measures` lists them; or "all"

[factors]
# An architecture may have placeholders in braces; each is a factor with values of its own.
architecture = ["conv({width}) * {depth}"]
width = [5, 10, 20]
depth = [1, 2, 5]
# What Architecture takes: act, norm, init, inputs, out, out_act.
act = ["relu", "tanh"]
# And: scale and shift of the norm; magnitude, which multiplies the weights and needs norm = "none".
# shift = ["0", "normal(2)"]
# Or files of models, which have no seeds and no other factors:
# model = ["a.onnx", "run/*.npz"]

[keep]                           # may be left out
# Which points make sense: names of factors, + - * / // %, comparisons, in, and, or, not.
where = "width * depth <= 50"
"""


def example(name: str) -> str:
    """The text of a commented file that runs in some seconds. Errors: InputError for what is no name of a study."""
    return _called(_EXAMPLE, name)


def ready_names() -> tuple[str, ...]:
    """The names of the studies that are ready to run."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def ready(ready_name: str, name: str | None = None) -> str:
    """The text of a study that is ready to run, under another name if one is given. Errors: InputError."""
    known = ready_names()
    if ready_name not in known:
        near = nearest(ready_name, known) or f"; there are {', '.join(known)}"
        raise InputError(f"study {shown(ready_name)}: no ready study has this name{near}")
    text = (FOLDER / f"{ready_name}.toml").read_text(encoding="utf-8")
    return text if name is None else _called(text, name)


def _called(text: str, name: str) -> str:
    # a JSON string is a TOML one
    line = f"name = {json.dumps(checked_name(name), ensure_ascii=False)}"
    return _NAME.sub(lambda _: line, text, count=1)
