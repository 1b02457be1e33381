"""input_shape: the shape of one input of a file's model, from the lengths that the file says or leaves open."""

from __future__ import annotations

from math import prod

from netwarp.errors import InputError, SliceError
from netwarp.models.slices import Slice
from netwarp.network.plain import REWRITTEN, first_plane, lone


def input_shape(lengths: tuple[int, ...], what: str, at: Slice | None) -> tuple[int, ...]:
    """`lengths` with a number for each that is left open, which is -1; the first is that of a batch, and becomes 1
    unless the whole is one input. Errors: InputError where they do not fit the slice, or two inputs without one."""
    dims = list(lengths)
    wanted = 2 if at is None else at.inputs
    batched = len(dims) > 1 and dims[0] == -1
    if batched or (len(dims) > 1 and dims[0] > 1 and -1 not in dims and prod(dims) != wanted):
        dims[0] = 1
    if dims.count(-1) == 1:
        known = prod(n for n in dims if n > 0)
        dims = [wanted // known if n == -1 and wanted % known == 0 else n for n in dims]
    elif dims.count(-1) and at is not None and at.shape is not None and len(at.shape) == len(dims) - 1:
        dims = [1, *at.shape]
    if -1 in dims:
        said = "x".join("?" if n == -1 else str(n) for n in dims)
        raise InputError(f"{what}: its input is {said}; give a slice whose origin, u and v have the shape of one input")
    if prod(dims) == 1:
        raise lone(what, REWRITTEN)
    if prod(dims) != wanted:
        if at is None:
            remedy = f"give a slice of them, as nw.features(0, 1, data=X), or {first_plane(prod(dims))}"
            said = f"{what}: takes {prod(dims):,} inputs; {remedy}"
            raise SliceError(said, tuple(dims)) if prod(dims) > 2 else InputError(said)
        raise InputError(
            f"{what}: takes {prod(dims):,} inputs, but the slice has {wanted:,}; its origin, u and v need as many"
        )
    return tuple(dims)
