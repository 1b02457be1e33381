"""Which Programs are a plain chain of fully connected layers, for which the literature has bounds."""

from __future__ import annotations

from netwarp.activations.registry import face
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Maxout, Program


def chain(program: Program) -> tuple[tuple[int, ...] | None, set[tuple[str, int]], str]:
    """The widths of a chain of fully connected layers, and (name, pieces) of its activations; or None, and why not.

    Inputs that are affine in x and y make it a network of two inputs, however many they are. The read-out does not
    count.
    """
    first, *rest = program.operations
    assert isinstance(first, Embed)
    widths: list[int] = []
    kinds: set[tuple[str, int]] = set()
    if (first.kinds != LINEAR).any():
        return None, kinds, "the inputs are not affine in x and y"
    after_conv = False
    for number, operation in enumerate(rest):
        if operation.sources != (number,):
            return None, kinds, "it is not a plain chain of layers"
        if isinstance(operation, Conv) and operation.kernel == operation.groups == 1:
            after_conv = True
            continue
        if after_conv and isinstance(operation, Activate) and face(operation.name).two_sided:
            kinds.add((operation.name, 2))
        elif after_conv and isinstance(operation, Maxout):
            kinds.add(("maxout", operation.pieces))
        else:
            name = operation.name if isinstance(operation, Activate) else type(operation).__name__.lower()
            return None, kinds, f"it is not a chain of fully connected layers of ReLU or the like ({name})"
        widths.append(operation.channels)
        after_conv = False
    return (tuple(widths), kinds, "") if widths else (None, kinds, "there is no activation")
