"""A normalisation with frozen statistics is an affine map.

It is folded into the convolution before it, where it has that to itself.
"""

from __future__ import annotations

import numpy as np

from netwarp import words
from netwarp.errors import InputError, NotFiniteError
from netwarp.network.program import Array, Conv, Normalise, Program

# a channel whose variation is below this share of its size is constant to float64 rounding
CONSTANT = 1e-12


def folding(program: Program, i: int) -> int | None:
    """The convolution that Normalise i folds into: its source, where nothing else reads that. None if there is none."""
    source = program.operations[i].sources[0]
    return source if isinstance(program.operations[source], Conv) and program.readers[source] == (i,) else None


def rounded(values: Array) -> Array:
    """To float32, and back to float64 arrays. What is too large for float32 becomes infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32).astype(np.float64)


def fold(program: Program, i: int, mean: Array, variance: Array) -> Conv:
    """The convolution that makes value i from now on, its numbers rounded to float32 once.

    (z - mean) / sqrt(variance + eps) * scale + shift, a channel. A constant channel yields its shift, whatever eps is.
    Errors: InputError where finite statistics give weights that float32 cannot hold.
    """
    norm = program.operations[i]
    assert isinstance(norm, Normalise)
    if not np.isfinite(variance).all():
        raise NotFiniteError(words.NORMALISED_BEYOND.format(layer=norm.layer))
    at = folding(program, i)
    constant = np.sqrt(variance) <= CONSTANT * np.abs(mean)
    spread = np.where(constant, 1.0, np.sqrt(np.where(constant, 1.0, variance + norm.eps)))
    with np.errstate(over="ignore"):
        factor = np.where(constant, 0.0, norm.scale / spread)
    if at is None:
        weight, bias, groups = np.ones((len(mean), 1, 1, 1)), np.zeros(len(mean)), len(mean)
        sources, dilation = norm.sources, 1
    else:
        conv = program.operations[at]
        assert isinstance(conv, Conv)
        weight, bias, groups, sources, dilation = conv.weight, conv.bias, conv.groups, conv.sources, conv.dilation
    with np.errstate(over="ignore", invalid="ignore"):
        weight, bias = weight * factor[:, None, None, None], (bias - mean) * factor + norm.shift
    weight, bias = rounded(weight), rounded(bias)
    known = np.isfinite(mean).all() and np.isfinite(variance).all()
    if known and not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        raise InputError(
            words.FOLDED_BEYOND.format(
                layer=norm.layer, scale=f"{np.abs(norm.scale).max():.3g}", shift=f"{np.abs(norm.shift).max():.3g}"
            )
        )
    return Conv(
        sources,
        weight,
        bias,
        dilation,
        groups,
        norm.layer,
    )
