"""Architectures that have a name, in the order they are shown; each with its source and one sentence.

They are the sources' structures at a size that suits the plane, not the sources' sizes.

>>> nw.zoo.find("vgg").text
'(conv(16, 3) * 2 >> pool("max", 2)) * 3'
"""

from __future__ import annotations

from dataclasses import dataclass

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.rows import ROWS
from netwarp.errors import InputError, nearest, shown


@dataclass(frozen=True, slots=True)
class Entry:
    """A Listing with its Architecture."""

    name: str
    text: str
    source: str
    sentence: str

    @property
    def architecture(self) -> Architecture:
        return parse(self.text)


_ENTRIES = tuple(Entry(*row) for row in ROWS)


def names() -> tuple[str, ...]:
    """Every name, in order.

    >>> "resnet" in nw.zoo.names()
    True
    """
    return tuple(entry.name for entry in _ENTRIES)


def entries() -> tuple[Entry, ...]:
    """Every entry, in order.

    >>> [entry.name for entry in nw.zoo.entries()][:3]
    ['shallow', 'deep', 'shallow-3x3']
    """
    return _ENTRIES


def find(name: str) -> Entry:
    """The entry of a name. Errors: InputError with the nearest name.

    >>> nw.zoo.find("resnet").architecture
    Architecture(residual(conv(16, 3) * 2) * 5)
    >>> nw.zoo.find("resnt")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: zoo 'resnt': no such name; did you mean "resnet"?
    """
    for entry in _ENTRIES:
        if entry.name == name:
            return entry
    raise InputError(
        f"zoo {shown(name)}: no such name" + (nearest(shown(name), names()) or "; `netwarp zoo` lists them")
    )
