"""The errors netwarp raises on purpose. A message is one line: what, the value received, what is allowed, a remedy.

>>> try:
...     nw.parse("conv(10) * 10", act="reul")
... except nw.NetwarpError as error:
...     print(error)
activation: unknown name 'reul'; did you mean "relu"?
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netwarp import words

LONGEST: Final = 600  # characters of a message: whatever was received, a person can read what is wrong with it
EXACT: Final = 10**18  # larger whole numbers are described: Python writes none of more than 4,300 digits
LIKENESS: Final = 0.5  # of a name and the one suggested for it, as difflib rates them


class NetwarpError(Exception):
    """Anything netwarp refuses or cannot do; the message is one line for a person, at most 600 characters.

    >>> nw.Network.load("missing.npz")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: missing.npz: no such file
    >>> issubclass(nw.errors.InputError, nw.NetwarpError)
    True
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(shortened(message))


class InputError(NetwarpError, ValueError):
    """An argument, a size, a plane, a distribution or a file is not what it must be.

    >>> nw.Raster(0, 400)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: raster 0x400: columns must be positive; try 600x400
    """


class LanguageError(InputError):
    """An architecture text (or another small text of the language) cannot be read.

    `text` is the text received and `position` the offset of the offending place in it, `length` characters long.

    >>> nw.parse("conv(10) >> cnov(3)")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: architecture: unknown name 'cnov'; did you mean "conv"?
    >>> try:
    ...     nw.parse("conv(10) >> cnov(3)")
    ... except nw.errors.LanguageError as error:
    ...     print(error.pointer())
    conv(10) >> cnov(3)
                ^^^^
    """

    def __init__(self, message: str, text: str, position: int = 0, length: int = 1) -> None:
        super().__init__(message)
        self.message = str(self)
        self.text = text
        self.position = max(0, min(position, len(text)))
        self.length = max(1, length)

    def pointer(self, width: int = 100) -> str:
        """Two lines: the part of the text around the place (at most `width` characters), and carets under it."""
        flat = "".join(c if c.isprintable() else " " for c in self.text)
        start = max(0, min(self.position - width // 2, len(flat) - width))
        shown = flat[start : start + width]
        carets = min(self.length, max(1, len(shown) - (self.position - start)))
        return f"{shown}\n{' ' * (self.position - start)}{'^' * carets}"


class LimitError(InputError):
    """Refused before memory is touched, because it is too large; the message carries the estimate.

    >>> nw.Raster(10**6, 10**6)
    Traceback (most recent call last):
        ...
    netwarp.errors.LimitError: raster 1000000x1000000: 1e+12 pixels, at most 2^32 = 4.29e9 are allowed; ...
    """


class SliceError(InputError):
    """A model of more than two inputs was given no plane through them; `shape` is that of one input.

    >>> import numpy as np
    >>> nw.Network.of_arrays({"W0": np.ones((4, 3))})
    Traceback (most recent call last):
        ...
    netwarp.errors.SliceError: array 'origin' is missing: 3 inputs are a slice origin + x u + y v of their space, ...
    """

    def __init__(self, message: str = "", shape: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.shape = shape


class RegionLimitError(LimitError):
    """A tessellation that passed its limit on regions, stopped early.

    `found` activation regions were there after `layer`; or, where it was stopped because samples told that it would
    pass, `found` were there by then and `expected` are by `layer`, an estimate.

    >>> field = nw.Network.folding(4, 4).calibrate()
    >>> field.tessellate(limit=10)
    Traceback (most recent call last):
        ...
    netwarp.errors.RegionLimitError: more than 10 activation regions: ...
    """

    def __init__(self, message: str, found: int, layer: int, expected: float | None = None) -> None:
        super().__init__(message)
        self.found = found
        self.layer = layer
        self.expected = expected


class UnsupportedError(NetwarpError):
    """A Field, layer or engine cannot do what was asked; the message says which and what to use instead.

    >>> smooth = nw.Network.draw(nw.parse("conv(3)", act="tanh"), seed=0).calibrate(nw.Raster(6, 4))
    >>> smooth.tessellate()
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: layer 1 (path 0): the smooth activation tanh makes no flat regions; ...
    """


class NotFiniteError(NetwarpError):
    """Values are NaN or infinite where numbers are needed; the message says how many and which remedy there is.

    >>> import numpy as np
    >>> nw.Tone.fit(np.full((3, 2, 2), np.nan))
    Traceback (most recent call last):
        ...
    netwarp.errors.NotFiniteError: ...
    """


def shortened(message: str) -> str:
    """A message on one line, its middle left out where it is longer than 600 characters."""
    line = " ".join(message.splitlines()) if len(message.splitlines()) > 1 else message
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 205]} ... {line[-200:]}"


def shown(value: object, limit: int = 60) -> str:
    """A value for a message: one line of at most `limit` characters, whatever it is."""
    if isinstance(value, int) and abs(value) > EXACT:
        return words.BITS.format(bits=value.bit_length())
    try:
        # a text is cut first, so that a long one costs nothing
        text = " ".join(repr(value[: limit + 1] if isinstance(value, str) else value).split())
    except (ValueError, RecursionError, MemoryError):  # too large a number in it, or too deep
        text = f"a {type(value).__name__} that is too large to show"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def in_a_line(error: BaseException, most: int = 160) -> str:
    """What an error of somebody else's code says, for a message: one printable line, its first `most` characters."""
    line = " ".join(str(error).split())[:most]
    return "".join(one if one.isprintable() else "?" for one in line)


def listed(names: Sequence[str], most: int = 8, limit: int = 60) -> str:
    """Names for a message: the first `most`, each of at most `limit` characters, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(name, limit) for name in names[:most]) + more


def nearest(name: str, names: list[str] | tuple[str, ...]) -> str:
    """`'; did you mean "relu"?'` for the closest valid name, or the empty string where none is close.

    A name of three letters or more is also close to a word that it abbreviates, as `act` to "activation".
    """
    from difflib import get_close_matches

    found = get_close_matches(name, names, n=1, cutoff=LIKENESS)
    if not found:
        found = sorted((one for one in names if len(one) > 2 and name.startswith(one)), key=len)[-1:]
    return words.DID_YOU_MEAN.format(name=found[0]) if found else ""
