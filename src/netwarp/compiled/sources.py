"""Which sources a compiled function is made of, and whether they are still what they were when it was compiled."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dis import get_instructions
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FunctionType

from netwarp.compiled.functions import Compilable, Emitted

PACKAGE = "netwarp."


@cache
def digest(module: str) -> str:
    """Of a module's source, whatever ends its lines; empty where there is none, as in a package without sources."""
    found = sys.modules.get(module)
    origin = getattr(found, "__file__", None) or getattr(find_spec(module), "origin", None)
    try:
        text = Path(str(origin)).read_bytes()
    except OSError:
        return ""
    return blake2b(text.replace(b"\r\n", b"\n"), digest_size=16).hexdigest()


def digests(modules: Iterable[str]) -> dict[str, str]:
    return {module: digest(module) for module in sorted(modules)}


def modules_of(*functions: Compilable | Emitted | FunctionType) -> set[str]:
    """The modules of netwarp that functions are compiled from: theirs, and those of all that they name, all the way."""
    found: set[tuple[str, str]] = set()
    todo: list[tuple[str, str]] = []
    for one in functions:
        function = one if isinstance(one, FunctionType) else one.function
        todo.append((function.__module__, function.__qualname__.partition(".")[0]))
    while todo:
        place = todo.pop()
        if place not in found:
            found.add(place)
            todo += _named_by(*place)
    return {module for module, _ in found}


def _named_by(module: str, name: str) -> Iterator[tuple[str, str]]:
    """The places of netwarp's names that a function, a class or a constant uses."""
    homes, statements = _outline(module)
    for used in _names(module, name, statements):
        if used in homes:
            yield homes[used]
        elif used in statements:
            yield module, used


def _names(module: str, name: str, statements: dict[str, list[ast.stmt]]) -> set[str]:
    value = getattr(sys.modules[module], name, None)
    if isinstance(value, Compilable | Emitted):
        return globals_of(value.function.__code__)
    if isinstance(value, FunctionType):
        return globals_of(value.__code__)
    return {node.id for one in statements.get(name, ()) for node in ast.walk(one) if isinstance(node, ast.Name)}


def globals_of(code: CodeType) -> set[str]:
    """The names that a function's code looks up in its module, those of functions in it included."""
    found = {one.argval for one in get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return found.union(*(globals_of(one) for one in code.co_consts if isinstance(one, CodeType)))


@cache
def _outline(module: str) -> tuple[dict[str, tuple[str, str]], dict[str, list[ast.stmt]]]:
    """(name -> where it is imported from, name -> the statements that bind it), at a module's top."""
    homes: dict[str, tuple[str, str]] = {}
    statements: dict[str, list[ast.stmt]] = {}
    tree = ast.parse(Path(str(sys.modules[module].__file__)).read_bytes())
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith(PACKAGE):
            for alias in statement.names:
                # a module that is named as a whole: all that its functions use is found by its attributes' names
                whole = f"{statement.module}.{alias.name}"
                if whole in sys.modules:
                    homes[alias.asname or alias.name] = (whole, alias.name)
                else:
                    homes[alias.asname or alias.name] = (str(statement.module), alias.name)
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            statements.setdefault(statement.name, []).append(statement)
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    statements.setdefault(node.id, []).append(statement)
    return homes, statements
