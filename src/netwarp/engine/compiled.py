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

# in the order of plan.KERNELS
NAMES = (
    ("kernels", "convolve"),
    ("kernels", "convolve_gated"),
    ("kernels", "activate"),
    ("kernels", "activate_tangents"),
    ("rows", "combine"),
    ("rows", "take_larger"),
    ("rows", "embed"),
    ("rows", "add_rows"),
    ("rows", "copy_run"),
    ("rows", "scatter"),
    ("rows", "copy_rows"),
)
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


def kernel_address(number: int, bits: int) -> int:
    """The address of kernel `number` (plan.KERNELS) for floats of `bits` bits, compiled and loaded if need be."""
    with _lock:
        return _address(number, bits)


def identity(number: int, bits: int) -> str:
    """All that the kernel's code depends on besides the processor."""
    made_of = {name: digest[:16] for name, digest in digests(SOURCES).items()}
    return f"{NAMES[number][1]} of {bits} bits, vectors of {lanes.VECTOR_BYTES} bytes, {made_of}"


@cache
def _address(number: int, bits: int) -> int:
    from netwarp.compiled.machine import load

    code = kept_machine_code(identity(number, bits), lambda: text(number, bits))
    return load(code, _symbol(number, bits))[0]


def _symbol(number: int, bits: int) -> str:
    return f"netwarp.engine.{NAMES[number][1]}.{bits}"


def text(number: int, bits: int) -> str:
    """LLVM's text of a kernel: a function of eight int64."""
    from llvmlite import ir

    from netwarp.engine import kernels, rows

    room, name = NAMES[number]
    emit: Any = getattr({"kernels": kernels, "rows": rows}[room], name)
    module = ir.Module(name)
    kind = ir.FunctionType(ir.VoidType(), [lanes.I64] * ARGUMENTS)
    function = ir.Function(module, kind, _symbol(number, bits))
    builder = ir.IRBuilder(function.append_basic_block())
    emit(builder, lanes.Kind(bits), list(function.args))
    builder.ret_void()
    return str(module)
