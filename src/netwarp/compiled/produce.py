"""numba's part: LLVM bitcode of a kernel for given arguments, to be made machine code anywhere by `machine`."""

# Any: numba's and llvmlite's objects have no types
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib import import_module
from threading import RLock
from types import FunctionType
from typing import Any, Final

from netwarp.compiled.doors import CALLED, PREFIX, Door, returned
from netwarp.compiled.functions import Compilable, Emitted
from netwarp.compiled.runtime import RUNTIME
from netwarp.compiled.sources import globals_of
from netwarp.compiled.specs import Spec

RELEASE: Final = ".release"
# what may stay unresolved in a kernel: the runtime's memory, and functions of C's mathematics
MATHEMATICS = "sqrt atan2 asin acos log log2 exp pow cos sin floor ceil frexp ldexp fma fmod hypot tanh nextafter"
OUTSIDE: Final = {*CALLED, *MATHEMATICS.split(), "malloc", "free", "memcpy", "memset", "memmove"}
_lock = RLock()


@dataclass(frozen=True)
class Bitcode:
    """A kernel for one kind of arguments: the door named `symbol`, and `symbol`.release for arrays that it returns."""

    symbol: str
    returns: Spec
    data: bytes


def produce(kernel: Compilable, specs: tuple[Spec, ...]) -> Bitcode:
    """Compiles with numba: seconds. Errors: numba's own, where the kernel cannot be compiled for these."""
    with _lock:
        return _produce(kernel, specs)


def _produce(kernel: Compilable, specs: tuple[Spec, ...]) -> Bitcode:
    import llvmlite.binding as llvm
    from llvmlite import ir
    from numba.core.compiler_lock import global_compiler_lock

    dispatcher = native(kernel)
    kinds = tuple(map(kind_of, specs))
    dispatcher.compile(kinds)
    found = dispatcher.overloads[kinds]
    context, result = found.target_context, found.signature.return_type
    symbol = f"{kernel.name}.{blake2b(repr(specs).encode(), digest_size=6).hexdigest()}"
    with global_compiler_lock:
        module = ir.Module(symbol)
        module.triple = llvm.get_process_triple()
        # numba has wrapped it already where its own signature differs from what was asked: arrays keep their kind
        Door(context, module, symbol).emit(found.fndesc.llvm_func_name, found.signature.args, result, specs)
        given_back = returned(result)
        if "array" in str(given_back):
            _emit_release(module, symbol)
        linked = llvm.parse_assembly(str(module))
        linked.link_in(found.library._get_module_for_linking(), preserve=True)
        linked.link_in(llvm.parse_assembly(RUNTIME))
        kept = {symbol, symbol + RELEASE}
        for one in (*linked.functions, *linked.global_variables):
            if not one.is_declaration and one.name not in kept:
                one.linkage = "internal"
        _simplify(linked)
    missing = {f.name for f in linked.functions if f.is_declaration and not f.name.startswith("llvm.")} - OUTSIDE
    missing |= {g.name for g in linked.global_variables if g.is_declaration and not g.name.startswith(PREFIX)}
    if missing:
        raise TypeError(
            f"{kernel.name} needs {', '.join(sorted(missing))}, which numba alone has: write a loop where an array is "
            "assigned to a slice, and raise no error from a kernel"
        )
    linked.name = symbol
    return Bitcode(symbol, given_back, linked.as_bitcode())


def _emit_release(module: Any, symbol: str) -> None:
    from llvmlite import ir

    pointer = ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [pointer])
    decrease = module.globals.get("NRT_decref") or ir.Function(module, kind, "NRT_decref")
    function = ir.Function(module, kind, symbol + RELEASE)
    builder = ir.IRBuilder(function.append_basic_block())
    builder.call(decrease, function.args)
    builder.ret_void()


def _simplify(module: Any) -> None:
    """All that does not depend on the processor: the rest, vectors included, is left to the machine that runs it."""
    import llvmlite.binding as llvm

    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(opt=3)
    options = llvm.create_pipeline_tuning_options()
    options.speed_level, options.loop_vectorization, options.slp_vectorization = 1, False, False
    options.loop_unrolling = options.loop_interleaving = False
    builder = llvm.create_pass_builder(machine, options)
    passes = builder.getModulePassManager()
    passes.add_global_dead_code_eliminate_pass()
    # names differ from one compilation to the next
    passes.add_strip_symbols_pass()
    passes.run(module, builder)


def kind_of(spec: Spec) -> Any:
    """numba's type of an argument."""
    from numba.core import types

    if isinstance(spec, str):
        return {"int": types.int64, "float": types.float64, "bool": types.boolean, "none": types.none}[spec]
    if spec[0] == "array":
        _, dtype, dimensions, layout, access = spec
        item = types.boolean if dtype == "bool" else getattr(types, dtype)
        return types.Array(item, dimensions, layout, readonly=access == "r", aligned=True)
    if spec[0] == "tuple":
        return types.Tuple([kind_of(item) for item in spec[1:]])
    module, _, name = spec[1].partition(":")
    kind, items = getattr(import_module(module), name), [kind_of(item) for item in spec[2:]]
    if all(item == items[0] for item in items):
        return types.NamedUniTuple(items[0], len(items), kind)
    return types.NamedTuple(items, kind)


@cache
def native(kernel: Compilable) -> Any:
    """numba's own function of the kernel, without its wrappers, which only Python would call."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True}
    options |= {"no_cfunc_wrapper": True, "_nrt": kernel.counted, "forceinline": kernel.inline}
    return njit(**options)(_numba_form(kernel.function))


def plain(kernel: Compilable) -> Any:
    """numba's own function of the kernel as Python may call it, without anything of this room: for tests."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": kernel.counted}
    return njit(**options)(_numba_form(kernel.function))


def _numba_form(function: FunctionType) -> FunctionType:
    """The function as numba is to read it: where it names kernels and emitters, with what numba knows of them."""
    names = function.__globals__
    changed = {name: _seen(names[name]) for name in globals_of(function.__code__) if name in names}
    copy = FunctionType(function.__code__, {**names, **changed}, function.__name__, function.__defaults__)
    copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
    return copy


def _seen(value: object) -> object:
    if isinstance(value, Compilable):
        return native(value)
    return _intrinsic(value) if isinstance(value, Emitted) else value


@cache
def _intrinsic(emitted: Emitted) -> Any:
    from numba.extending import intrinsic

    return intrinsic(emitted.function)
