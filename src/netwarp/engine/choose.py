"""From the name of an evaluator to the evaluator."""

from __future__ import annotations

from netwarp.engine.protocol import Engine
from netwarp.errors import InputError, nearest

NAMES = ("native", "torch", "torch:cpu", "torch:cuda")


def choose(engine: str | Engine) -> Engine:
    """The evaluator called "native", "torch" or "torch:DEVICE"; an evaluator is taken as it is. Errors: InputError."""
    if not isinstance(engine, str):
        if not isinstance(engine, Engine):
            raise InputError(f"engine={engine!r}: must be a name or an evaluator")
        return engine
    if engine == "native":
        from netwarp.engine.native import Native

        return Native()
    name, _, device = engine.partition(":")
    if name == "torch":
        from netwarp.engine.torch import Torch

        return Torch(device or "cpu")
    raise InputError(
        f'engine={engine!r}: must be "native" or "torch", or "torch:DEVICE" as in "torch:cuda"'
        f'{nearest(engine, NAMES)}; a Field also samples with "exact" or "auto"'
    )
