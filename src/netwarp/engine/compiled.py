"""The emitters' functions as machine code: made by llvmlite when first used on a machine, then from the user's cache.

Nothing is shipped of these, and numba has no part in them: how wide a vector is, they are told when they are emitted.
"""

# Any: llvmlite's objects have no types
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

from netwarp.activations.registry import FAMILIES
from netwarp.compiled.opening import kept_machine_code
from netwarp.compiled.sources import digests
from netwarp.engine import lanes
from netwarp.engine.plan import Loop
from netwarp.log import step

ARGUMENTS = 8
# what the emitters are made of: tests hold it to what they name
SOURCES = (
    *(f"netwarp.activations.{name}" for name in ("face", "ops", "registry")),
    *(family.__name__ for family in FAMILIES),
    *(f"netwarp.engine.{name}" for name in ("coefficients", "compiled", "functions", "kernels", "lanes", "rows")),
    "netwarp.errors",
    "netwarp.network.program",
)
_lock = Lock()


def loop_address(loop: Loop, bits: int) -> int:
    """The address of an inner loop for floats of `bits` bits, compiled and loaded if need be."""
    with _lock:
        return _address(loop, bits)


def identity(loop: Loop, bits: int) -> str:
    """All that the loop's code depends on besides the processor."""
    made_of = {name: digest[:16] for name, digest in digests(SOURCES).items()}
    return f"{loop.name} of {bits} bits, vectors of {lanes.VECTOR_BYTES} bytes, {made_of}"


@cache
def _address(loop: Loop, bits: int) -> int:
    from netwarp.compiled.machine import load

    with step("load kernel") as say:
        say("%s of %d bits", loop.name.lower(), bits)
        code = kept_machine_code(identity(loop, bits), lambda: text(loop, bits))
        return load(code, _symbol(loop, bits))[0]


def _symbol(loop: Loop, bits: int) -> str:
    return f"netwarp.engine.{loop.name.lower()}.{bits}"


def emitter(loop: Loop) -> Any:
    """The function that emits it: the one of its name."""
    from netwarp.engine import kernels, rows

    name = loop.name.lower()
    return getattr(kernels, name, None) or getattr(rows, name)


def text(loop: Loop, bits: int) -> str:
    """LLVM's text of an inner loop: a function of eight int64."""
    from llvmlite import ir

    module = ir.Module(loop.name.lower())
    kind = ir.FunctionType(ir.VoidType(), [lanes.I64] * ARGUMENTS)
    function = ir.Function(module, kind, _symbol(loop, bits))
    builder = ir.IRBuilder(function.append_basic_block())
    emitter(loop)(builder, lanes.Kind(bits), list(function.args))
    builder.ret_void()
    return str(module)
