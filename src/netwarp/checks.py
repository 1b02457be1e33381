"""The doors of values: what is taken as a whole number, a number, a text, an object of JSON; else one line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from math import isfinite
from numbers import Real
from operator import index
from typing import Any, Final, TypeVar

from netwarp import words
from netwarp.errors import InputError, shown

Kind = TypeVar("Kind")

LARGEST: Final = 10**18  # whole numbers past this are a slip or an attack; counts of accepted trees stay printable
DIGITS = 400  # of a whole number: no float has more
SURROGATE = re.compile("[\ud800-\udfff]")
_SIZE = re.compile(r"\s*(\d{1,12})\s*[x×]\s*(\d{1,12})\s*", re.ASCII | re.IGNORECASE)


def readable(value: object) -> Any:
    """`value`; of a tensor of torch what numpy reads with the same numbers: without its gradient, dense and on the CPU,
    floats below 32 bits as float32, as numpy has no bfloat16. Errors: torch's own where it has no numbers."""
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.Tensor):
        return value
    found = value.detach()
    found = found.dequantize() if found.is_quantized else found.to_dense()
    return (found.float() if found.is_floating_point() and found.element_size() < 4 else found).cpu()


def parse_object(text: str, what: str, limit: int) -> Mapping[str, object]:
    """A JSON object of at most `limit` characters; NaN and Infinity are refused. Errors: InputError naming `what`."""
    if not isinstance(text, str):
        raise InputError(f"{what}: must be a JSON text, not {shown(text)}")
    if len(text) > limit:
        raise InputError(f"{what}: {len(text):,} characters, at most {limit:,} are read")
    try:
        data = json.loads(text, parse_constant=_refuse, parse_int=_whole_number)
    except RecursionError:
        raise InputError(f"{what}: nested too deeply to be one") from None
    except ValueError as error:
        raise InputError(f"{what}: not JSON ({str(error).splitlines()[0]})") from None
    return mapping(data, what)


def mapping(value: object, what: str) -> Mapping[str, object]:
    """`value` as a JSON object. Errors: InputError naming `what`."""
    if not isinstance(value, dict):
        raise InputError(f"{what}: must be an object, not {shown(value)}")
    return value


def get(data: Mapping[str, object], name: str, what: str) -> object:
    """The field `name` of an object. Errors: InputError where it is missing."""
    if name not in data:
        raise InputError(f"{what}: {name} is missing")
    return data[name]


def string(value: object, what: str, limit: int) -> str:
    """A text of at most `limit` characters. Errors: InputError naming `what`."""
    if not isinstance(value, str):
        raise InputError(f"{what}={shown(value)}: must be a text")
    if len(value) > limit:
        raise InputError(f"{what}={shown(value)}: {len(value):,} characters, at most {limit:,} are allowed")
    if SURROGATE.search(value):
        raise InputError(f"{what}={shown(value)}: has half a character, a lone surrogate, which no file can hold")
    return value


def whole(value: object, what: str, least: int = 1, most: int = LARGEST, *, example: str = "") -> int:
    """`value` as a whole number in `least` to `most`; numpy's are taken too. `example` is one that is right.

    Errors: InputError naming `what`, the owner and the argument, as in "conv channels".
    """
    found = integer(value, what, example=example)
    if not least <= found <= most:
        told = words.AT_LEAST if found < least and most == LARGEST else words.BETWEEN
        raise InputError(told.format(what=what, value=shown(found), least=least, most=most, hint=_hint(example)))
    return found


def integer(value: object, what: str, *, example: str = "") -> int:
    """`value` as a whole number of any size; numpy's are taken too. Errors: InputError naming `what`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)  # type: ignore[arg-type]  # what has no index raises
    except TypeError:
        raise InputError(words.NOT_WHOLE.format(what=what, value=shown(value), hint=_hint(example))) from None


def _hint(example: str) -> str:
    return words.HINT.format(example=example) if example else ""


def number(value: object, what: str, *, least: float | None = None) -> float:
    """`value` as a finite float, -0 as 0. Errors: InputError naming `what`, the owner and the argument."""
    try:
        found = float(value) if isinstance(value, Real) and not isinstance(value, bool) else None
    except OverflowError:
        found = None
    if found is None or not isfinite(found):
        raise InputError(words.NOT_FINITE.format(what=what, value=shown(value)))
    if least is not None and found < least:
        raise InputError(words.AT_LEAST.format(what=what, value=shown(value), least=plain(least), hint=""))
    return found + 0.0  # -0 becomes 0, which prints and reads back


def plain(number: float) -> str:
    """The shortest text that reads back as the same float: whole numbers without a point."""
    return str(int(number)) if number == int(number) and abs(number) < 1e16 else repr(number)


def size_of(text: str) -> tuple[int, int] | None:
    """(columns, rows) of "600x400"; None of a text that says no size."""
    found = _SIZE.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2]))


def flag(value: object, what: str) -> bool:
    """`value`, where it is True or False. Errors: InputError naming `what`."""
    if not isinstance(value, bool):
        raise InputError(f"{what}={shown(value)}: must be True or False")
    return value


def function(value: object, what: str, example: str) -> Callable[..., object] | None:
    """`value`, where it can be called, or None. Errors: InputError naming `what`."""
    if value is not None and not callable(value):
        raise InputError(f"{what}={shown(value)}: must be a function, as in {example}")
    return value


def instance(value: object, kind: type[Kind] | tuple[type[Kind], ...], what: str, right: str) -> Kind:
    """`value`, where it is of `kind`. Errors: InputError naming `what`, as in "tessellate field", and what is `right`.

    An object is told by its type alone: of a network nobody wants to read the weights.
    """
    if not isinstance(value, kind):
        plainly = value is None or type(value).__module__ == "builtins"
        raise InputError(f"{what}={shown(value) if plainly else type(value).__name__}: must be {right}")
    return value


def items(value: object, what: str, low: int, high: int) -> tuple[object, ...]:
    """A list of `low` to `high` items. Errors: InputError naming `what`."""
    if not isinstance(value, (list, tuple)):
        raise InputError(f"{what}={shown(value)}: must be a list")
    if not low <= len(value) <= high:
        raise InputError(f"{what}: {len(value)} items, {low if low == high else f'{low} to {high}'} are needed")
    return tuple(value)


def _whole_number(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"a whole number of {len(digits):,} digits")
    return int(digits)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON number")
