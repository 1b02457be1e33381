"""Networks of modules that were imported before, so that an unchanged module is not exported again.

Importing this module needs torch.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from hashlib import blake2b
from itertools import count
from operator import itemgetter
from threading import Lock
from types import BuiltinFunctionType, FunctionType
from weakref import WeakKeyDictionary

import numpy as np
import torch

from netwarp.network.network import Network

MOST = 8  # networks
MOST_BYTES = 512 << 20  # of all of their numbers
# attributes of every module: the mode, which an export does not keep, and what is walked through by itself
OWN = frozenset({"training", "_parameters", "_buffers", "_modules"})
PLAIN = (type(None), bool, int, str, bytes, torch.dtype, torch.device, torch.Size, Enum, type, BuiltinFunctionType)


class Unknown(Exception):
    """Something that a module holds, and that may change without being seen."""


class Remembered:
    """The networks of modules that are still alive: the last eight that were asked for, 512 MiB at most, in memory.

    A network is found again by its module's identity, by all that the module holds, numbers by their hash, and by what
    else the network was made from.
    """

    def __init__(self) -> None:
        # module -> key -> its network, and when it was asked for last
        self._of: WeakKeyDictionary[torch.nn.Module, dict[Hashable, tuple[Network, int]]] = WeakKeyDictionary()
        self._turn = count()
        self._lock = Lock()

    def network(self, module: torch.nn.Module, what: Hashable, make: Callable[[], Network]) -> Network:
        """What `make` gives, or gave for the same. `what` is all that it depends on beside the module."""
        try:
            key = state(module), what
            hash((key, module))
        # torch's own where a tensor has no bytes to look at, and where a compiled module has no code of Python
        except (Unknown, TypeError, RuntimeError, AttributeError):
            return make()
        with self._lock:
            found = self._of.get(module, {}).get(key)
        made = make() if found is None else found[0]
        with self._lock:
            self._of.setdefault(module, {})[key] = made, next(self._turn)
            self._bound()
        return made

    def _bound(self) -> None:
        """Forgets those that were not asked for the longest."""
        known = [(used, _bytes(made), of, key) for of in self._of.values() for key, (made, used) in of.items()]
        known.sort(key=itemgetter(0), reverse=True)
        total = 0
        for n, (_, size, of, key) in enumerate(known):
            total += size
            if n >= MOST or total > MOST_BYTES:
                del of[key]

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))


REMEMBERED = Remembered()


def state(module: torch.nn.Module) -> Hashable:
    """All that a module and those in it hold, numbers by their hash; equal where nothing has changed.

    What is neither numbers, texts nor a container of these, nor a function without a closure, may change unseen.
    Errors: Unknown for such a thing.
    """
    found: list[Hashable] = []
    for path, one in module.named_modules(remove_duplicate=False):
        tensors = {**one._parameters, **one._buffers}
        rest = {name: value for name, value in vars(one).items() if name not in OWN}
        found.append((path, type(one), _kept(type(one).forward), _kept(tensors), _kept(rest)))
    return tuple(found)


def _kept(value: object) -> Hashable:
    if isinstance(value, torch.Tensor) and torch.nn.parameter.is_lazy(value):
        raise Unknown("a tensor without numbers yet")
    if isinstance(value, torch.Tensor):
        # byte by byte: numpy has no bfloat16
        numbers = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
        return value.dtype, value.shape, blake2b(numbers.data).digest()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        return value.dtype.str, value.shape, blake2b(np.ascontiguousarray(value).tobytes()).digest()
    if isinstance(value, PLAIN):
        return type(value), value
    if isinstance(value, float | complex):
        return type(value), repr(value)  # 0 is not -0, and NaN is NaN
    if isinstance(value, FunctionType) and not value.__closure__:
        return value
    if type(value) in (tuple, list):
        return type(value), tuple(map(_kept, value))  # type: ignore[call-overload]
    if isinstance(value, dict):
        return type(value), tuple((_kept(name), _kept(one)) for name, one in value.items())
    if isinstance(value, set | frozenset):
        return type(value), frozenset(map(_kept, value))
    raise Unknown(type(value).__name__)


def _bytes(network: Network) -> int:
    return sum(array.nbytes for array in network.parameters.values())
