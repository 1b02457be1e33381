"""Functions of the emitters, compiled when first used on a machine, and cached on disk by numba.

The loops that call them (executor.py) take their addresses from a plan's table: so these loops are compiled once,
whatever the float type, and a kernel once a float type, whatever the networks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numba import cfunc, types
from numba.extending import intrinsic

from netwarp.engine import kernels, rows
from netwarp.engine.lanes import Kind

ARGUMENTS = 8
SIGNATURE = types.void(*[types.int64] * ARGUMENTS)
SOURCES = [
    Path(__file__).with_name(f"{name}.py")
    for name in ("coefficients", "compiled", "executor", "functions", "kernels", "lanes", "plan", "rows", "steps")
]
_lock = Lock()


@lru_cache(maxsize=1)
def fingerprint() -> int:
    """Of the sources that compiled code is made of: numba's own cache looks at one file only."""
    digest = blake2b(digest_size=7)
    for source in SOURCES:
        digest.update(source.read_bytes())
    return int.from_bytes(digest.digest(), "big") | 1


def _operation(emit: Callable[[Any, Kind, list[Any]], None]) -> Any:
    """What numba can call: eight int64 and a float whose type says which kind of float is meant."""

    @intrinsic
    def operation(context: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, like: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            emit(builder, Kind(like.bitwidth), list(args[:ARGUMENTS]))
            return context.get_dummy_value()

        return types.void(*[types.int64] * ARGUMENTS, like), codegen

    return operation


_convolve, _activate = _operation(kernels.convolve), _operation(kernels.activate)
_convolve_gated = _operation(kernels.convolve_gated)
_activate_tangents, _take_larger = _operation(kernels.activate_tangents), _operation(rows.take_larger)
_combine, _embed, _add_row = _operation(rows.combine), _operation(rows.embed), _operation(rows.add_row)
_copy_run, _scatter = _operation(rows.copy_run), _operation(rows.scatter)


# Below, one function for each: numba's cache tells them apart by their place in this file, and by the cells of their
# closures, `like` and `version`. (A kernel in a cell, which would spare the repetition, has another identity in every
# process.)


def _make_convolve(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _convolve(a, b, c, d, e, f, g, h, like)

    return run


def _make_convolve_gated(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _convolve_gated(a, b, c, d, e, f, g, h, like)

    return run


def _make_activate(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _activate(a, b, c, d, e, f, g, h, like)

    return run


def _make_activate_tangents(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _activate_tangents(a, b, c, d, e, f, g, h, like)

    return run


def _make_combine(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _combine(a, b, c, d, e, f, g, h, like)

    return run


def _make_take_larger(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _take_larger(a, b, c, d, e, f, g, h, like)

    return run


def _make_embed(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _embed(a, b, c, d, e, f, g, h, like)

    return run


def _make_add_row(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _add_row(a, b, c, d, e, f, g, h, like)

    return run


def _make_copy_run(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _copy_run(a, b, c, d, e, f, g, h, like)

    return run


def _make_scatter(like: Any, version: int) -> Any:
    def run(a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
        if version:
            _scatter(a, b, c, d, e, f, g, h, like)

    return run


# in the order of plan.KERNELS
MAKERS = (
    _make_convolve,
    _make_convolve_gated,
    _make_activate,
    _make_activate_tangents,
    _make_combine,
    _make_take_larger,
    _make_embed,
    _make_add_row,
    _make_copy_run,
    _make_scatter,
)


def compiled(cache: str) -> bool:
    """Whether numba's folder `cache` is as young as the sources; else the next run compiles for some seconds."""
    newest = max(source.stat().st_mtime for source in SOURCES)
    found = list(Path(cache).glob("compiled.*.nbi"))
    return bool(found) and max(index.stat().st_mtime for index in found) >= newest


def kernel_address(number: int, bits: int) -> int:
    """The address of kernel `number` (plan.KERNELS) for floats of `bits` bits, compiled and loaded if need be."""
    with _lock:
        return int(_kernel(number, bits).address)


@cache
def _kernel(number: int, bits: int) -> Any:
    like = np.float32(1) if bits == 32 else np.float64(1)
    return cfunc(SIGNATURE, cache=True)(MAKERS[number](like, fingerprint()))
