"""What a Pane's texts say in one number: depth, width, scale, shift. The page's script does the same.

The depth is how often the whole is repeated, the width the channels of its layers, scale and shift are those of the
norm: what the sliders of these names change, where the texts say it in one number.
"""

from __future__ import annotations

import re
from dataclasses import replace

from netwarp.errors import InputError, shown
from netwarp.explorer.state import Pane

SLIDERS = ("depth", "width", "scale", "shift")
MOST = {"depth": 500, "width": 10_000}
_WIDTHS = re.compile(r"\b(conv|maxout|dense|residual|gated)\((\d+)", re.ASCII)
_CALL = re.compile(r"[\w\s]*\(", re.ASCII)
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_SCALE = re.compile(rf"\bscale=({_NUMBER})\s*[,)]", re.ASCII)
_SHIFT = re.compile(rf"\bshift=normal\(({_NUMBER})\)", re.ASCII)


def standing(pane: Pane) -> dict[str, int | float | None]:
    """Where every slider stands; None where the texts do not say it in one number."""
    body, times = _parts(pane.arch)
    widths = {int(found[2]) for found in _WIDTHS.finditer(pane.arch)}
    found: dict[str, int | float | None] = {
        "depth": times if _single(body) else None,
        "width": widths.pop() if len(widths) == 1 else None,
    }
    normal = pane.norm.startswith(("spatial", "layer"))
    for key, pattern, usual in (("scale", _SCALE, 1.0), ("shift", _SHIFT, 0.0)):
        said = pattern.search(pane.norm)
        other = None if f"{key}=" in pane.norm or not normal else usual
        found[key] = other if said is None else float(said[1])
    return found


def slid(pane: Pane, key: str, text: str, *, owner: str = "address") -> Pane:
    """The Pane whose `key`, one of SLIDERS, is the number of this text.

    Errors: InputError where it has none such, which begins with the `owner` of the number.
    """
    try:
        return _slid(pane, key, text)
    except InputError as error:
        raise InputError(f"{owner}: {error}") from None


def _slid(pane: Pane, key: str, text: str) -> Pane:
    if key in ("scale", "shift"):
        if not re.fullmatch(_NUMBER, text, re.ASCII):
            raise InputError(
                f"{key}={shown(text)}: must be a number from 0 to 999999999 in plain digits, at most nine behind the "
                f"point, as in {key}=2.5"
            )
        return replace(pane, norm=_norm(pane.norm, key, text))
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not 1 <= int(text) <= MOST[key]:
        raise InputError(f"{key}={shown(text)}: must be a whole number from 1 to {MOST[key]:,}")
    return replace(pane, arch=(_deep if key == "depth" else _wide)(pane.arch, int(text)))


def _deep(arch: str, depth: int) -> str:
    body, _ = _parts(arch)
    if not _single(body):
        raise InputError(f"depth={depth}: {shown(arch)} has no single depth; say it in arch")
    return body if depth == 1 else f"{body} * {depth}"


def _parts(arch: str) -> tuple[str, int]:
    """What is repeated, and how often: the last factor."""
    before, times, last = arch.rpartition("*")
    if times and re.fullmatch(r"\s*\d{1,6}\s*", last, re.ASCII):
        return before.strip(), int(last)
    return arch.strip(), 1


def _wide(arch: str, width: int) -> str:
    if len({found[2] for found in _WIDTHS.finditer(arch)}) != 1:
        raise InputError(f"width={width}: {shown(arch)} has no single width; say it in arch")
    return _WIDTHS.sub(lambda found: f"{found[1]}({width}", arch)


def _norm(norm: str, key: str, text: str) -> str:
    kind = next((name for name in ("spatial", "layer") if norm.startswith(name)), None)
    if kind is None:
        raise InputError(f"{key}={text}: nothing is normalised, which norm={shown(norm)} says")
    scale, shift = _SCALE.search(norm), _SHIFT.search(norm)
    other, found, usual = ("shift", shift, "0") if key == "scale" else ("scale", scale, "1")
    if found is None and f"{other}=" in norm:
        raise InputError(f"{key}={text}: the {other} of {shown(norm)} is no single number; say it in norm")
    kept = usual if found is None else found[1]
    scaled, shifted = (text, kept) if key == "scale" else (kept, text)
    return f"{kind}(scale={scaled}, shift=normal({shifted}))"


def _single(text: str) -> bool:
    """Whether it is one layer or one bracket, so that "* n" after it means all of it."""
    depth = 0
    for letter in text:
        if letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0 and letter in ">*":
            return False
    return depth == 0 and text.endswith(")") and _CALL.match(text) is not None
