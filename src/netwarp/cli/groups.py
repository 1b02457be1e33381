"""Options, and groups of them: a command takes a frozen dataclass, and its user sees an option for each field."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from typing import Annotated, Any, get_args, get_type_hints

import typer

Completion = Callable[[str], Any]


def option(name: str, takes: str, says: str, completion: Completion | None = None) -> Any:
    """An option that takes a text, as "--size"; `says` is its help, `completion` what the shell proposes."""
    return typer.Option(*name.split(", "), metavar=takes, help=says, autocompletion=completion)


def argument(takes: str, says: str, completion: Completion | None = None) -> Any:
    """An argument, which has a place instead of a name."""
    return typer.Argument(metavar=takes, help=says, autocompletion=completion)


def flag(name: str, says: str) -> Any:
    """An option that is there or not."""
    return typer.Option(name, help=says)


def grouped(run: Callable[..., Any]) -> Callable[..., Any]:
    """`run` for typer: in place of a parameter that is a group come the group's fields, which may be groups too.

    A default of the parameter gives the fields their defaults. A group with a PANEL has a panel of its own in the help,
    and comes after what has none.
    """
    hints = get_type_hints(run, include_extras=True)
    taken = inspect.signature(run).parameters
    options = [option for name, parameter in taken.items() for option in _options(name, hints[name], parameter.default)]

    @wraps(run)
    def command(**read: Any) -> Any:
        return run(**{name: _gathered(hints[name], name, read) for name in taken})

    ordered = sorted(options, key=_in_panel)
    command.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined]  # what inspect looks for first
    command.__annotations__ = {}
    return command


def _options(name: str, annotation: Any, default: Any, panel: str | None = None) -> Iterator[inspect.Parameter]:
    if not is_dataclass(annotation):
        if panel is not None:
            kind, said = get_args(annotation)
            said = copy(said)
            said.rich_help_panel = panel
            annotation = Annotated[kind, said]
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        return
    hints = get_type_hints(annotation, include_extras=True)
    for field in fields(annotation):
        own = inspect.Parameter.empty if field.default is MISSING else field.default
        inner = getattr(default, field.name, own)
        yield from _options(field.name, hints[field.name], inner, getattr(annotation, "PANEL", panel))


def _gathered(annotation: Any, name: str, read: dict[str, Any]) -> Any:
    if not is_dataclass(annotation):
        return read[name]
    assert isinstance(annotation, type)
    hints = get_type_hints(annotation, include_extras=True)
    return annotation(**{field.name: _gathered(hints[field.name], field.name, read) for field in fields(annotation)})


def _in_panel(parameter: inspect.Parameter) -> bool:
    return any(getattr(said, "rich_help_panel", None) for said in get_args(parameter.annotation))
