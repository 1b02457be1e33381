"""A Study as the text of a study's file, which reads back as the same Study."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from netwarp.plane import Plane, Raster
from netwarp.study.grid.study import Study
from netwarp.study.grid.where import Value


def toml_of(study: Study) -> str:
    """The study's file. What a file cannot say, a plane of its own for statistics, is a comment in it."""
    lines = ["[study]", f"name = {_text(study.name)}"]
    if not study.models:
        lines.append(f"seeds = {_seeds(study.seeds)}")
    lines.append(f"raster = {_size(study.raster)}")
    if study.plane is not None:
        lines.append(f"plane = {_ends(study.plane)}")
    if study.calibration is not None:
        lines.append(f"calibration = {_size(study.calibration)}")
        if study.calibration.plane not in (study.raster.plane, Plane()):
            lines.append(f"# of the plane {_ends(study.calibration.plane)}, which only Python can say")
    lines += [f"measures = {_list(study.measures)}", "", "[factors]"]
    lines += [f"{one.name} = {_list(one.values)}" for one in study.factors]
    if study.where is not None:
        lines += ["", "[keep]", f"where = {_text(study.where)}"]
    return "\n".join(lines) + "\n"


def _seeds(seeds: Sequence[int]) -> str:
    if isinstance(seeds, range):
        return str(len(seeds)) if seeds[0] == 0 else _text(f"{seeds[0]}..{seeds[-1]}")
    return _list(seeds)


def _size(raster: Raster) -> str:
    return _text(f"{raster.columns}x{raster.rows}")


def _ends(plane: Plane) -> str:
    x, y = plane.x, plane.y
    return _list((x - plane.width / 2, x + plane.width / 2, y - plane.height / 2, y + plane.height / 2))


def _list(values: Iterable[Value]) -> str:
    return f"[{', '.join(_value(one) for one in values)}]"


def _value(value: Value) -> str:
    # a float's shortest text always has a point or an exponent, and so is TOML's
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    # a JSON string is a TOML one, but for the one control character that JSON leaves as it is
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
