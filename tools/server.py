"""Writes web/src/server.ts: what the page knows of the server, from netwarp.explorer. A test holds it current.

The shapes of the messages are those of netwarp.explorer.protocol; a class's docstring and the comment above a key
become descriptions. Run `python tools/server.py` after changing one, or a name or limit that is listed below, then
`npm run build` in web.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from netwarp.architecture import zoo
from netwarp.architecture.specs import INITIALISERS, NORMS, Initialiser
from netwarp.errors import InputError
from netwarp.explorer import address, export, folded, limits, opening, protocol, seeds, state
from netwarp.explorer.dropped import FILMS
from netwarp.measures.registry import beside
from netwarp.network.kinds import READABLE
from netwarp.network.program import LINEAR, RADIUS, SINE
from netwarp.picture.colour import OWN, THREE, UNCLIPPED
from netwarp.plane import MAX_EXTENT

TARGET = Path(__file__).parent.parent / "web/src/server.ts"
HEAD = "// Written by tools/server.py from netwarp.explorer: the messages' shapes, and a state's names and limits."
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null", object: "unknown"}
STATES = {state.Pane: "PaneState", state.Page: "PageState"}
UNIONS = {folded.FoldedOperation: "FoldedOperation", export.ViewerData: "ViewerData"}


def text() -> str:
    """The file."""
    unions = (f"export type {name} = {' | '.join(map(_type, get_args(union)))};" for union, name in UNIONS.items())
    parts = [HEAD, *map(_interface, _shapes()), *unions, _exchanges()]
    values = {
        "DEFAULTS": state.DEFAULTS,
        "VERSION": state.VERSION,
        "BEFORE": {
            version: {k: v for k, v in was.items() if v != state.DEFAULTS[k]} for version, was in state.BEFORE.items()
        },
        "ALWAYS": state.ALWAYS,
        "NETWORK": state.NETWORK,
        "MOST_PANES": state.MAX_PANES,
        "LONGEST_TEXT": state.MAX_TEXT,
        "LONGEST_NOTE": state.MAX_NOTE,
        "MOST_STEPS": state.MAX_STEPS,
        "LARGEST_SEED": seeds.MAX_SEED,
        "LONGEST_WORD": seeds.MAX_WORD,
        "LONGEST_NUMBER": state.MAX_DIGITS,
        "LARGEST_EXPONENT": state.MAX_EXPONENT,
        "FARTHEST": int(MAX_EXTENT),
        "MODEL_ENDINGS": sorted(f".{kind}" for kind in READABLE),
        "FILM_ENDINGS": FILMS,
        "COARSER": opening.COARSER,
        "LARGEST_DROP": limits.DROP_BYTES,
        "LARGEST_MODEL": limits.MODEL_BYTES,
        "NO_SEED": address.NO_SEED,
        "LONGEST_ADDRESS": address.MAX_ADDRESS,
        "FOLDED_VERSION": folded.VERSION,
        "LINEAR": LINEAR,
        "RADIUS": RADIUS,
        "SINE": SINE,
        "ZOO": zoo.names(),
        # the measures that stand below a picture too
        "SHORT": [one.name for one in beside() if one.page != "list"],
        # of those the ones that only networks with cells have
        "SHORT_OF_CELLS": [one.name for one in beside() if one.page != "list" and one.needs == "tessellation"],
        "NORMS": NORMS,
        "INITIALISERS": [_offered(name) for name in INITIALISERS],
        "COLOURINGS": OWN,
        "THREE_CHANNELS": THREE,
        "UNCLIPPED": UNCLIPPED,
    }
    for name, value in values.items():
        parts.append(f"export const {name} = {json.dumps(value)}{'' if isinstance(value, int) else ' as const'};")
    return "\n\n".join(parts) + "\n"


def _offered(name: str) -> str:
    """An initialiser as a menu has it: with 1 where it takes a number."""
    try:
        return str(Initialiser(name))
    except InputError:
        return str(Initialiser(name, 1.0))


def hints(shape: type) -> dict[str, tuple[Any, bool]]:
    """Key -> its type and whether it may be absent."""
    found = get_type_hints(shape, include_extras=True)
    return {
        key: (get_args(hint)[0], True) if get_origin(hint) is NotRequired else (hint, False)
        for key, hint in found.items()
    }


def _shapes() -> list[type]:
    """Every class that a message is made of, each before what uses it."""
    found: list[type] = []

    def visit(hint: Any) -> None:
        if hint in found:
            return
        if is_typeddict(hint) or hint in STATES:
            for inner, _ in hints(hint).values():
                visit(inner)
            found.append(hint)
        else:
            for inner in _parts(hint):
                visit(inner)

    visit(protocol.Mark)
    for ask, reply, _ in protocol.EXCHANGES.values():
        visit(ask)
        visit(reply)
    visit(protocol.ErrorReply)
    visit(protocol.StaleReply)
    visit(export.ViewerData)
    return found


def _parts(hint: Any) -> Iterator[Any]:
    if get_origin(hint) is Annotated:
        yield hint.__metadata__[0]
    elif get_origin(hint) is not Literal:
        yield from (inner for inner in get_args(hint) if inner is not ...)


def _interface(shape: type) -> str:
    lines = [] if shape in STATES else _comment(shape.__doc__ or "", "")
    told = _comments(shape)
    body: list[str] = []
    for key, (hint, absent) in hints(shape).items():
        body += _comment(told.get(key, ""), "  ")
        body.append(f"  {key}{'?' if absent else ''}: {_type(hint)};")
    name = STATES.get(shape, shape.__name__)
    if not body:
        return "\n".join([*lines, f"export type {name} = Record<string, never>;"])
    return "\n".join([*lines, f"export interface {name} {{", *body, "}"])


def _exchanges() -> str:
    lines = ["/** What is asked, by kind, and what answers it. */", "export interface Exchanges {"]
    for kind, (ask, reply, payload) in protocol.EXCHANGES.items():
        answer = reply.__name__
        if payload:
            lines += _comment(f"`bytes`: {payload}", "  ")
            answer += " & { bytes: Uint8Array }"
        lines.append(f"  {kind}: {{ ask: {ask.__name__}; reply: {answer} }};")
    return "\n".join([*lines, "}"])


def _type(hint: Any) -> str:
    if hint in PLAIN or hint in UNIONS:
        return PLAIN.get(hint) or UNIONS[hint]
    if is_typeddict(hint) or hint in STATES:
        return STATES.get(hint, hint.__name__)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        name = STATES[hint.__metadata__[0]]
        return f"Partial<{name}>" if hint.__metadata__[0] is state.Pane else name
    if origin is Literal:
        return " | ".join(map(json.dumps, inner))
    if origin is UnionType:
        return " | ".join(map(_type, inner))
    if origin is dict:
        return f"Record<{_type(inner[0])}, {_type(inner[1])}>"
    if origin is list or (origin is tuple and inner[1:] == (...,)):
        one = _type(inner[0])
        return f"({one})[]" if "|" in one else f"{one}[]"
    raise TypeError(f"{hint}: no message has such a value yet; say in tools/server.py what it is in TypeScript")


def _comment(words: str, indent: str) -> list[str]:
    return [f"{indent}/** {' '.join(words.split())} */"] if words else []


def _comments(shape: type) -> dict[str, str]:
    """Key -> the comment above it, in the class or in one that it extends."""
    module = sys.modules[shape.__module__]
    source = inspect.getsource(module)
    lines = source.splitlines()
    classes = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}

    def read(node: ast.ClassDef) -> dict[str, str]:
        found: dict[str, str] = {}
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in classes:
                found |= read(classes[base.id])
            elif isinstance(base, ast.Name) and is_typeddict(getattr(module, base.id, None)):
                found |= _comments(getattr(module, base.id))
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                above = lines[item.lineno - 2].strip()
                if above.startswith("# "):
                    found[item.target.id] = above[2:]
        return found

    return read(classes[shape.__name__])


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
