"""Reading JSON that anybody may have written: every field's type and range, and errors of one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite

from netwarp.errors import InputError, shown

__all__ = ["get", "items", "mapping", "number", "parse_object", "shown", "string", "whole"]

DIGITS = 400  # of a whole number: no float has more
SURROGATE = re.compile("[\ud800-\udfff]")


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


def whole(value: object, what: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Errors: InputError naming `what`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"{what}={shown(value)}: must be a whole number")
    if not low <= value <= high:
        raise InputError(f"{what}={shown(value)}: must be from {low} to {high}")
    return value


def number(value: object, what: str) -> float:
    """A finite number. Errors: InputError naming `what`."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise InputError(f"{what}={shown(value)}: must be a finite number")


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
