"""From a kernel to its door: shipped bitcode where sources are unchanged, else numba's; machine code from the cache.

Three things may be there already: machine code for this processor in the user's cache; bitcode that netwarp ships;
bitcode that numba made here for changed sources or another kind of processor. numba is imported only where none is.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from netwarp.compiled import machine, shipped, store
from netwarp.compiled.functions import FAILED, MISMATCH, Compilable
from netwarp.compiled.sources import digests, modules_of
from netwarp.compiled.specs import Spec, describe, frozen, joined
from netwarp.log import step

Door = Callable[[tuple[Any, ...]], Any]
# of doors and of what is kept: another number is another cache
VERSION = "2"
RELEASE = ".release"
# kinds of arguments that kernels were asked for in this process, for `make kernels`
asked: dict[tuple[str, tuple[Spec, ...]], Compilable] = {}


def door_for(kernel: Compilable, arguments: tuple[Any, ...]) -> Door:
    """A function of a tuple of such arguments, that answers MISMATCH to others."""
    specs = tuple(map(describe, arguments))
    if not machine.layout_holds():
        return _numba_only(kernel)
    # what was asked before is served too: arrays that may not be written to need no code of their own
    for name, earlier in asked:
        both = joined(earlier, specs) if name == kernel.name else None
        specs = both if isinstance(both, tuple) else specs
    entry = shipped.find(kernel.name, specs)
    asked[kernel.name, specs if entry is None else entry.specs] = kernel
    with step("load kernel") as say:
        say("%s", kernel.name)
        return _shipped(entry) or _made_here(kernel, specs)


def _shipped(entry: shipped.Packed | None) -> Door | None:
    if entry is None:
        return None
    try:
        return _opened(entry.symbol, entry.returns, shipped_code(entry))
    except RuntimeError:
        # an LLVM older than the one that wrote the bitcode
        return None


def _made_here(kernel: Compilable, specs: tuple[Spec, ...]) -> Door:
    """By numba, on this machine, once."""
    about = json.dumps([kernel.name, specs, digests(modules_of(kernel)), version("numba")])
    place = store.key(VERSION, "bitcode", about, machine.processor().text) + ".bc"
    kept = store.read(place)
    if kept is None:
        from netwarp.compiled.produce import produce

        with step("compile with numba") as say:
            made = produce(kernel, specs)
            say("%s", kernel.name)
        kept = json.dumps([made.symbol, made.returns]).encode() + b"\n" + made.data
        store.keep(place, kept)
        store.keep(made_here_of(shipped.room_of(kernel.name)), b"")
    head, _, data = kept.partition(b"\n")
    symbol, returns = json.loads(head)
    return _opened(symbol, frozen(returns), kept_machine_code(data, lambda: data))


def made_here_of(room: str) -> str:
    """The name of a mark: numba has compiled something of this room's present sources here."""
    entries = [one for one in shipped.entries() if one.room == room]
    sources = digests({module for one in entries for module in one.sources})
    return store.key(VERSION, "made here", room, repr(sources), machine.processor().text)


def shipped_code(entry: shipped.Packed) -> bytes:
    """Machine code of a shipped kernel. Errors: RuntimeError, where LLVM cannot read its bitcode."""
    # the file's name holds a digest of what is in it
    return kept_machine_code(entry.file, entry.bitcode)


def kept_machine_code(identity: bytes | str, make: Callable[[], bytes | str]) -> bytes:
    """Machine code of the LLVM module that `make` gives; `identity` says all that this depends on."""
    place = place_of(identity)
    kept = store.read(place)
    if kept is None:
        with step("compile kernel") as say:
            kept = machine.object_of(make())
            say("to %s", place)
        store.keep(place, kept)
    return kept


def place_of(identity: bytes | str) -> str:
    """The name under which its machine code is kept."""
    return store.key(VERSION, "machine", identity, machine.processor().text) + ".o"


def _opened(symbol: str, returns: Spec, code: bytes) -> Door:
    arrays = "array" in str(returns)
    at, *release_at = machine.load(code, symbol, *([symbol + RELEASE] if arrays else []))
    door: Door = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(at)
    if not arrays:
        return door
    release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(*release_at)

    def with_arrays(arguments: tuple[Any, ...]) -> Any:
        found = door(arguments)
        return found if found is MISMATCH or found is FAILED else _numpy_form(found, returns, release)

    return with_arrays


def _numpy_form(found: Any, returns: Spec, release: Callable[[int], None]) -> Any:
    """What a door gave, with an array of numpy's own wherever it gave the place of one."""
    if isinstance(returns, str):
        return found
    if returns[0] == "tuple":
        return tuple(_numpy_form(one, its, release) for one, its in zip(found, returns[1:], strict=True))
    owner, place, *shape = found
    array = np.empty(shape, returns[1])
    ctypes.memmove(array.ctypes.data, place, array.nbytes)
    release(owner)
    return array


def _numba_only(kernel: Compilable) -> Door:
    """For a Python or a numpy whose objects are made otherwise: numba's own function, wrappers and all."""
    from netwarp.compiled.produce import plain

    function = plain(kernel)
    return lambda arguments: function(*arguments)
