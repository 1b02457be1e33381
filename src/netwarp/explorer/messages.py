"""The messages of a session: requests read with suspicion, answers written. JSON text; arrays as one binary frame.

A binary frame is the header's length (4 bytes, little endian), the header (JSON, padded with spaces so that what
follows begins at a multiple of 8), the payload.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from netwarp import checks
from netwarp.errors import InputError, LanguageError, nearest, shown
from netwarp.explorer.fitting import TooLargeError
from netwarp.explorer.limits import MESSAGE_BYTES
from netwarp.explorer.protocol import EXCHANGES, ErrorReply
from netwarp.explorer.reading import StateError
from netwarp.explorer.seeds import MAX_SEED
from netwarp.explorer.state import MAX_PANES

KINDS = tuple(EXCHANGES)
# what does not look at a pane's network
FREE = ("gallery", "surprise", "share", "parse", "evidence")


@dataclass(frozen=True, slots=True)
class Request:
    """What a page asks: `id` grows, `pane` is from 0, `body` the whole message."""

    id: int
    kind: str
    pane: int
    body: Mapping[str, object]


def read_request(text: str) -> Request:
    """The Request of a message. Errors: InputError, of one line."""
    body = checks.parse_object(text, "message", MESSAGE_BYTES)
    kind = checks.string(checks.get(body, "kind", "message"), "kind", 40)
    if kind not in KINDS:
        raise InputError(f"message kind={shown(kind)}: there is none of that name{nearest(kind, KINDS)}")
    number = checks.whole(checks.get(body, "id", "message"), "id", 0, MAX_SEED)
    pane = checks.whole(body.get("pane", 0), "pane", 0, MAX_PANES - 1)
    return Request(number, kind, pane, body)


def id_of(text: str) -> int:
    """The id that a refused message seems to have; -1 where it has none."""
    try:
        found = checks.parse_object(text, "message", MESSAGE_BYTES).get("id")
    except InputError:
        return -1
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) <= MAX_SEED else -1


def text_of(answer: Mapping[str, object]) -> str:
    """An answer as JSON; numbers that are not finite become null, which JSON has."""
    try:
        return json.dumps(answer, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(answer), allow_nan=False)


def frame_of(header: Mapping[str, object], payload: bytes) -> bytes:
    """A header and its payload as one binary frame."""
    text = text_of(header).encode("ascii")
    text += b" " * (-(len(text) + 4) % 8)
    return b"".join((struct.pack("<I", len(text)), text, payload))


def refusal(error: Exception) -> ErrorReply:
    """An error as an answer: one line, and the place in the text where it is in one."""
    answer: ErrorReply = {"kind": "error", "message": " ".join(str(error).split())}
    if isinstance(error, TooLargeError) and error.fits is not None:
        answer["fits"] = error.fits
    if isinstance(error, StateError):
        answer["key"] = error.key
    if isinstance(error, StateError | LanguageError) and error.position is not None and error.length is not None:
        answer["position"], answer["length"] = error.position, error.length
    return answer


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
