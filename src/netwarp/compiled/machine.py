"""llvmlite's part: machine code for this processor, of bitcode or of LLVM's text; and loading it into memory."""

# Any: llvmlite's objects have no types
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from netwarp.compiled.doors import CALLED, DATA, DIMENSIONS, DTYPE, FLAGS, PREFIX, SHAPE, STRIDES, TYPE, WRITABLE
from netwarp.compiled.functions import FAILED, MISMATCH

NUMBERS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")
_lock = RLock()


@dataclass(frozen=True)
class Processor:
    """What machine code is made for. NUMBA_CPU_NAME and NUMBA_CPU_FEATURES name another processor than this one."""

    triple: str
    name: str
    features: str

    @property
    def text(self) -> str:
        """One line that says all that machine code depends on besides what it is made of."""
        return f"{self.triple} {self.name} {self.features} llvmlite {llvmlite.__version__}"


@cache
def processor() -> Processor:
    name = os.environ.get("NUMBA_CPU_NAME") or llvm.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if features is None:
        features = "" if name == "generic" else llvm.get_host_cpu_features().flatten()
    return Processor(llvm.get_process_triple(), name, features)


def object_of(module: bytes | str) -> bytes:
    """Machine code of bitcode, or of LLVM's text. Errors: RuntimeError, where this LLVM cannot read it."""
    with _lock:
        target = _target()
        parsed = llvm.parse_bitcode(module) if isinstance(module, bytes) else llvm.parse_assembly(module)
        parsed.triple, parsed.data_layout = processor().triple, str(target.target_data)
        options = llvm.create_pipeline_tuning_options()
        # as numba has it: no vectors of unlike operations
        options.speed_level, options.loop_vectorization, options.slp_vectorization = 3, True, False
        passes = llvm.create_pass_builder(target, options)
        passes.getModulePassManager().run(parsed, passes)
        made: bytes = target.emit_object(parsed)
        return made


def load(code: bytes, *names: str) -> list[int]:
    """Loads machine code for good; the addresses of its functions of these names."""
    with _lock:
        engine = _engine()
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        return [engine.get_function_address(name) for name in names]


@cache
def layout_holds() -> bool:
    """Whether this Python and this numpy keep their objects as a door reads them."""

    def at(place: int, kind: Any = ctypes.c_void_p) -> int:
        return kind.from_address(place).value or 0

    probe = np.zeros((3, 5), np.float32)[:, ::2]
    place = id(probe)
    if ctypes.sizeof(ctypes.c_void_p) != 8 or object.__basicsize__ != 16:
        return False
    read_only = probe.view()
    read_only.flags.writeable = False
    return (
        at(place + TYPE) == id(np.ndarray)
        and at(place + DATA) == probe.ctypes.data
        and at(place + DIMENSIONS, ctypes.c_int32) == 2
        and [at(at(place + SHAPE) + 8 * n, ctypes.c_int64) for n in range(2)] == [3, 3]
        and [at(at(place + STRIDES) + 8 * n, ctypes.c_int64) for n in range(2)] == [20, 8]
        and at(place + DTYPE) == id(np.dtype(np.float32))
        and bool(at(place + FLAGS, ctypes.c_int32) & WRITABLE)
        and not at(id(read_only) + FLAGS, ctypes.c_int32) & WRITABLE
    )


def _symbols() -> Iterator[tuple[str, int]]:
    """What doors name, and where it is."""
    for name in CALLED:
        yield name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0
    objects = {
        "mismatch": MISMATCH,
        "failed": FAILED,
        "None": None,
        "bool": bool,
        "float": float,
        "numpy.bool": np.bool_,
        "numpy.float64": np.float64,
        "numpy.ndarray": np.ndarray,
    }
    for name, one in objects.items():
        yield PREFIX + name, id(one)
    for name in NUMBERS:
        # numpy's booleans as a dtype, beside the type of one
        yield PREFIX + f"numpy.dtype.{name}", id(np.dtype(name))


@cache
def _target() -> Any:
    _start()
    found = processor()
    # as numba's own: code that is loaded where memory is free, at full distance
    reloc = "static" if found.triple.startswith("x86") else "default"
    return llvm.Target.from_triple(found.triple).create_target_machine(
        cpu=found.name, features=found.features, opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )


@cache
def _engine() -> Any:
    """The one that loads. It owns a target machine of its own."""
    _start()
    for name, address in _symbols():
        llvm.add_symbol(name, address)
    found = processor()
    empty = llvm.parse_assembly("")
    empty.triple = found.triple
    reloc = "static" if found.triple.startswith("x86") else "default"
    target = llvm.Target.from_triple(found.triple).create_target_machine(
        cpu=found.name, features=found.features, opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )
    return llvm.create_mcjit_compiler(empty, target)


@cache
def _start() -> None:
    """LLVM's own preparations; newer versions of llvmlite make the first by themselves, and refuse to be asked."""
    with suppress(RuntimeError):
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
