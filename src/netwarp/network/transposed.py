"""Which weights of a plain network were saved as (in, out), as Keras and JAX keep them, instead of (out, in)."""

# layer n: W{n} (out, in) and b{n} (out,)

from __future__ import annotations

from collections.abc import Mapping

from netwarp.network.program import Array


def transposed(parameters: Mapping[str, Array], depth: int, inputs: int | None) -> tuple[int, ...]:
    """The fewest layers whose W must be turned for all layers to fit, in order; empty where none or nothing helps.

    `inputs` is what the first layer reads, None where nothing says it: then 2, or any number where each layer has a
    bias, which says how many numbers the layer gives. A square W tells nothing; it is named where all others are.
    """
    weights = [parameters.get(f"W{n}") for n in range(depth)]
    shapes = [one.shape for one in weights if one is not None and one.ndim == 2 and one.size]
    if len(shapes) < depth:
        return ()
    biases = [parameters.get(f"b{n}") for n in range(depth)]
    found = _turned(shapes, biases, 2 if inputs is None else inputs)
    if not found and inputs is None and all(one is not None for one in biases):
        found = min((_turned(shapes, biases, side) for side in shapes[0]), key=lambda one: (not one, len(one)))
    oblong = tuple(n for n, (high, wide) in enumerate(shapes) if high != wide)
    return tuple(range(depth)) if found == oblong and found else found


def _turned(shapes: list[tuple[int, ...]], biases: list[Array | None], inputs: int) -> tuple[int, ...]:
    # what a layer gives -> the fewest layers that are turned so far
    ways: dict[int, tuple[int, ...]] = {inputs: ()}
    for n, (shape, bias) in enumerate(zip(shapes, biases, strict=True)):
        reached: dict[int, tuple[int, ...]] = {}
        for width, before in ways.items():
            for turn in (False, True):
                out, into = shape[::-1] if turn else shape
                if into != width or (bias is not None and bias.shape != (out,)) or (turn and out == into):
                    continue
                way = (*before, n) if turn else before
                if out not in reached or len(way) < len(reached[out]):
                    reached[out] = way
        ways = reached
    return min(ways.values(), key=len, default=())
