"""The small texts of the command line: sizes, planes and seeds. Every error is an InputError that names the option."""

from __future__ import annotations

import re
from math import isfinite, nan

from netwarp.checks import size_of
from netwarp.errors import InputError, LimitError, nearest
from netwarp.plane import Calibration, Plane, Raster

MAX_SEEDS = 10_000
MAX_DIGITS = 18
ENGINES = ("native", "torch", "exact", "auto")
MAX_NUMBERS = 100_000
# share of a view that the rounding of its coordinates may move it by
ROUNDING = 1e-6

_SAMPLE = ("-0.5", "0.5", "0.25", "0.5")
_RANGE = re.compile(r"\s*(-?\d{1,78})\s*(?:\.\.\s*(-?\d{1,78})\s*)?", re.ASCII)


def shown(text: str) -> str:
    """A received text in quotes for a one-line message: shortened, and without terminal control characters."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def read_size(text: str, option: str = "--size") -> tuple[int, int]:
    """(columns, rows) of "600x400". Errors: InputError."""
    found = size_of(text)
    if found is None:
        raise InputError(f"{option} {shown(text)}: needs COLUMNSxROWS in pixels, as in {option} 600x400")
    raster = Raster(*found)
    return raster.columns, raster.rows


def read_calibration(text: str) -> Calibration:
    """What "600x400", "-3,3,-3,3" or "600x400@-3,3,-3,3" says of the calibration raster. Errors: InputError."""
    option = "--calibrate"
    size, at, plane = text.partition("@")
    if at:
        return Raster(*read_size(size, option), read_plane(plane, option))
    return read_plane(text, option) if "," in text else read_size(text, option)


def read_plane(text: str, option: str = "--plane") -> Plane:
    """The Plane of "X0,X1,Y0,Y1", decimals of any length. Errors: InputError; LimitError past 10,000 digits."""
    parts = [part.strip() for part in text.split(",", 4)]
    try:
        x0, x1, y0, y1 = (float(part) for part in parts)
    except ValueError:
        raise InputError(
            f"{option} {shown(text)}: needs four numbers X0,X1,Y0,Y1, as in {option} -0.5,0.5,-0.5,0.5"
        ) from None
    exact = Plane.between(*parts)
    # digits past those of floats say a plane that no floats have for ends, as those of a model's home
    if exact.exact == (None, None) and any(_past_a_float(part) for part in parts):
        return exact
    # as floats where these do: they would move the view by less than a millionth of itself
    if x0 < x1 and y0 < y1:
        plane = Plane.between(x0, x1, y0, y1)
        lost = [abs(a - b) for a, b in zip(plane.rational(), exact.rational(), strict=True)]
        if lost[0] < ROUNDING * exact.width and lost[1] < ROUNDING * exact.height:
            return plane
    return exact


def _past_a_float(text: str) -> bool:
    from decimal import Decimal

    return Decimal(text) != Decimal(repr(float(text)))


def read_numbers(text: str, option: str, count: int | None = None) -> tuple[float, ...]:
    """The finite numbers of "0.5,-1,2e3", `count` of them where it is given. Errors: InputError; LimitError."""
    parts = text.split(",", MAX_NUMBERS)
    if len(parts) > MAX_NUMBERS:
        raise LimitError(f"{option} {shown(text)}: at most {MAX_NUMBERS:,} numbers are read")
    try:
        numbers = tuple(float(part) for part in parts)
    except ValueError:
        numbers = (nan,)
    if not all(isfinite(number) for number in numbers) or count not in (None, len(numbers)):
        needed = "finite numbers with commas between" if count is None else f"{count} finite numbers"
        raise InputError(f"{option} {shown(text)}: needs {needed}, as in {option} {','.join(_SAMPLE[: count or 3])}")
    return numbers


def read_value(text: str, option: str) -> float:
    """The finite number of "0.5". Errors: InputError."""
    value = _number(text)
    if not isfinite(value):
        raise InputError(f"{option} {shown(text)}: needs a finite number, as in {option} 0.5")
    return value


def read_positive(text: str, option: str, example: str) -> float:
    """The positive number of "60", below 1e9. Errors: InputError."""
    value = _number(text)
    if not 0 < value < 1e9:
        raise InputError(f"{option} {shown(text)}: must be a positive number, as in {option} {example}")
    return value


def _number(text: str) -> float:
    """NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return nan


def read_segment(text: str) -> tuple[float, float, float, float]:
    """The ends x0, y0, x1, y1 of "X0,Y0,X1,Y1". Errors: InputError, also where the two ends are one point."""
    x0, y0, x1, y1 = read_numbers(text, "--line", 4)
    if (x0, y0) == (x1, y1):
        raise InputError(f"--line {shown(text)}: both ends are one point; give two, as in --line -0.5,-0.5,0.5,0.5")
    return x0, y0, x1, y1


def read_seeds(text: str, option: str = "--seed") -> tuple[int, ...]:
    """Seeds of "7", "0..15" (both ends included), "0,3,7" or a mixture, in the order given, each once.

    Whole numbers are up to 2^256 either way. A text that begins with a letter is one seed, its hash.
    Errors: InputError; LimitError past 10,000 seeds.
    """
    if text.strip()[:1].isalpha():
        from netwarp.network.source import seed_of_text

        return (seed_of_text(text),)
    seeds: dict[int, None] = {}
    count = 0
    for part in text.split(","):
        found = _RANGE.fullmatch(part)
        if not found:
            raise InputError(
                f"{option} {shown(text)}: needs a number, a range, a list or a word, as in 7, 0..15, 0,3,7 or rose"
            )
        first = int(found[1])
        last = first if found[2] is None else int(found[2])
        if max(abs(first), abs(last)) > 1 << 256:
            raise InputError(f"{option} {shown(text)}: seeds are from -2^256 to 2^256; give a smaller one, or a word")
        if last < first:
            raise InputError(f"{option} {shown(text)}: the range {first}..{last} is empty; try {last}..{first}")
        count += last - first + 1
        if count > MAX_SEEDS:
            raise LimitError(f"{option} {shown(text)}: {count:,} seeds or more, at most {MAX_SEEDS:,} are allowed")
        seeds.update(dict.fromkeys(range(first, last + 1)))
    return tuple(seeds)


def read_seed_set(text: str, option: str = "--seeds") -> tuple[int, ...]:
    """Seeds of "32" (as many: 0 to 31), of "8..15" or of "3,5,9". Errors: InputError; LimitError past 10,000 seeds."""
    if not re.fullmatch(r"\s*\d{1,18}\s*", text, re.ASCII):
        return read_seeds(text, option)
    if int(text) == 0:
        raise InputError(f"{option} {shown(text)}: needs at least one seed, as in {option} 32")
    if int(text) > MAX_SEEDS:
        raise LimitError(f"{option} {shown(text)}: at most {MAX_SEEDS:,} seeds are allowed")
    return tuple(range(int(text)))


def read_words(text: str, option: str, example: str) -> tuple[str, ...]:
    """The parts of "a,normal(1, 2),b" between commas outside brackets, each once. Errors: InputError."""
    return tuple(dict.fromkeys(read_list(text, option, example)))


def read_list(text: str, option: str, example: str) -> tuple[str, ...]:
    """The parts of "a,normal(1, 2),a" between commas outside brackets. Errors: InputError."""
    parts, start, opened = [], 0, 0
    for place, letter in enumerate(text + ","):
        opened += (letter == "(") - (letter == ")")
        if letter == "," and opened <= 0:
            parts.append(text[start:place].strip())
            start = place + 1
    if opened > 0 or not all(parts):
        raise InputError(f"{option} {shown(text)}: needs a list with commas between, as in {option} {example}")
    return tuple(parts)


def read_measures(text: str | None) -> str | tuple[str, ...]:
    """What `--measures` names, as the library takes it. Errors: InputError."""
    if text is None or text.strip() == "all":
        return "all"
    return read_words(text, "--measures", "total_variation,mean_frequency")


def read_wholes(text: str, option: str) -> tuple[int, ...]:
    """The positive whole numbers of "1,2,4"; nothing of "none". Errors: InputError."""
    if text.strip() == "none":
        return ()
    numbers = [read_whole(part, option) for part in read_words(text, option, "1,2,4,8")]
    if min(numbers) < 1:
        raise InputError(f"{option} {shown(text)}: needs positive whole numbers, as in {option} 1,2,4,8")
    return tuple(numbers)


def read_whole(text: str, option: str) -> int:
    """The whole number of "3". Errors: InputError."""
    if not re.fullmatch(r"\s*-?\d+\s*", text, re.ASCII):
        raise InputError(f"{option} {shown(text)}: needs a whole number, as in {option} 3")
    if len(text.strip()) > MAX_DIGITS:
        raise InputError(f"{option} {shown(text)}: at most {MAX_DIGITS} digits are read")
    return int(text)


def read_count(text: str, option: str, most: int = 10**9) -> int:
    """The whole number of "3", from 1 to `most`. Errors: InputError."""
    found = read_whole(text, option)
    if not 1 <= found <= most:
        raise InputError(f"{option} {shown(text)}: must be from 1 to {most:,}, as in {option} 3")
    return found


def read_seed(text: str) -> int:
    """The one seed of "7". Errors: InputError."""
    seeds = read_seeds(text)
    if len(seeds) != 1:
        raise InputError(f"--seed {shown(text)}: needs one whole number here, as in --seed 7")
    return seeds[0]


def read_engine(engine: str, device: str | None) -> str:
    """The engine's name as the library knows it, as "torch:cuda". Errors: InputError."""
    if engine not in ENGINES:
        raise InputError(f"--engine {shown(engine)}: must be one of {', '.join(ENGINES)}{nearest(engine, ENGINES)}")
    if device is None:
        return engine
    if engine != "torch":
        if device == "cpu":
            return engine
        raise InputError(f"--device {shown(device)}: the {engine} engine runs on the cpu; add --engine torch")
    if not re.fullmatch(r"[a-z]+(:\d{1,3})?", device):
        raise InputError(f"--device {shown(device)}: must be cpu, cuda or a device of torch such as cuda:1")
    return engine if device == "cpu" else f"{engine}:{device}"
