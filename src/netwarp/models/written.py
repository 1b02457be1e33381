"""written: a module as the graph that torch.export writes down, or where and why it cannot. Needs torch."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import PurePath

import torch
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from netwarp.errors import UnsupportedError
from netwarp.models.exported import STILL, WRAPPED

LOOKS = "Python looks at a number that depends on the input, as an if, a loop or float() does"
# what torch says of its own while it fails, beside the error itself
_LOGGERS = ("torch.export._trace", "torch.fx.experimental.symbolic_shapes")


def written(module: torch.nn.Module, one: torch.Tensor) -> torch.export.ExportedProgram:
    """The module's graph on the example. Errors: UnsupportedError naming the path of the module inside it that cannot
    be written down, and the line of its source."""
    try:
        with _quiet():
            return torch.export.export(module, (one,), strict=False)
    except Exception as error:  # torch has many kinds, and a module its own
        why = LOOKS if isinstance(error, GuardOnDataDependentSymNode) else words(error)
        place = _place(error, module)
        raise UnsupportedError(f"from_module: torch.export cannot write down {place}: {why}{STILL}") from error


def words(error: Exception) -> str:
    """The first line of an error, for a message of one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:160]}" if lines else type(error).__name__


def _place(error: Exception, module: torch.nn.Module) -> str:
    """The innermost place of a module's own code in an error's traceback: "block.0 (net.py:12)"."""
    paths = {id(one): path for path, one in module.named_modules()}
    path = line = ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        name = frame.f_code.co_filename
        if "/torch/" in name or name in (__file__, "<string>"):
            continue
        line = f" ({PurePath(name).name}:{number})"
        first = "".join(frame.f_code.co_varnames[:1])
        path = paths.get(id(frame.f_locals.get(first)), path)
    return f"{path.removeprefix(WRAPPED).removeprefix('.') or 'the module'}{line}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the graph and the warnings that torch writes to stderr beside its error: one line says it all."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    try:
        with redirect_stderr(StringIO()):
            yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
