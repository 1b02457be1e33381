"""The functions a user builds an architecture's tree with; the nodes they make are those of nodes.py, also named here.

Options may be given as objects or as the small texts of notation.py (act="leaky(0.1)"); a number is a constant
distribution. None is no norm, or the linear activation. What is not given is UNSET: the architecture's shared default.
Errors: InputError, which names the layer and the argument; LanguageError for a small text such as act="rellu".
"""

from __future__ import annotations

from netwarp import words
from netwarp.architecture.nodes import (
    KERNELS,
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Repeat,
    Residual,
    Sequence,
)
from netwarp.architecture.notation import ActChoice, InitChoice, NormChoice, to_activation, to_initialiser, to_norm
from netwarp.architecture.specs import UNSET, Activation, Initialiser, LayerNorm, Spatial, Unset
from netwarp.errors import InputError

__all__ = [
    "KERNELS", "UNSET", "Act", "Conv", "Dense", "Depthwise", "Gated", "Inception", "Layer", "Maxout", "Norm",
    "Parallel", "Pool", "Repeat", "Residual", "Sequence", "Unset", "act", "conv", "dense", "depthwise",
    "expand", "gated", "inception", "maxout", "norm", "parallel", "pool", "residual",
]  # fmt: skip


def conv(
    channels: int,
    kernel: int = 1,
    *,
    groups: int = 1,
    act: ActChoice = UNSET,
    norm: NormChoice = UNSET,
    init: InitChoice = UNSET,
    bias: bool | None = None,
) -> Conv:
    """kernel x kernel taps (1 to 11), then norm, then activation. `groups` divides the channels on both sides.

    >>> str(nw.conv(16, 3) * 2 >> nw.conv(8, act="tanh"))
    'conv(16, 3) * 2 >> conv(8, act="tanh")'
    >>> nw.conv(0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: conv channels=0: must be at least 1, as in conv(10)
    """
    return Conv(channels, kernel, groups, _act("conv", act), _norm("conv", norm), _init("conv", init), bias)


def depthwise(
    kernel: int,
    *,
    act: ActChoice = UNSET,
    norm: NormChoice = UNSET,
    init: InitChoice = UNSET,
    bias: bool | None = None,
) -> Depthwise:
    """A convolution of each channel by itself, then norm, then activation; keeps the number of channels.

    >>> str(nw.depthwise(3) >> nw.conv(24))
    'depthwise(3) >> conv(24)'
    >>> nw.depthwise(12)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: depthwise kernel=12: must be 1 to 11, as in depthwise(3)
    """
    return Depthwise(kernel, _act("depthwise", act), _norm("depthwise", norm), _init("depthwise", init), bias)


def maxout(
    channels: int,
    pieces: int,
    kernel: int = 1,
    *,
    norm: NormChoice = UNSET,
    init: InitChoice = UNSET,
    bias: bool | None = None,
) -> Maxout:
    """A convolution to channels * pieces, norm, then the largest of each `pieces` neighbours; takes no activation.

    >>> str(nw.maxout(8, 3))
    'maxout(8, 3)'
    >>> nw.maxout(8, 0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: maxout pieces=0: must be at least 1, as in maxout(10, 3)
    """
    return Maxout(channels, pieces, kernel, _norm("maxout", norm), _init("maxout", init), bias)


def pool(kind: str, size: int, stride: int | None = None) -> Pool:
    """The "max" or "avg" over size x size; the stride is the size unless given.

    >>> str((nw.conv(16, 3) * 2 >> nw.pool("max", 2)) * 3)
    '(conv(16, 3) * 2 >> pool("max", 2)) * 3'
    >>> nw.pool("min", 2)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: pool kind='min': must be "max" or "avg"
    """
    return Pool(kind, size, size if stride is None else stride)


def act(activation: ActChoice = UNSET) -> Act:
    """A bare activation, for odd orders; without an argument the architecture's shared one.

    >>> str(nw.conv(8, act="linear") >> nw.act("sin"))
    'conv(8, act="linear") >> act("sin")'
    >>> nw.act("sine")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: activation: unknown name 'sine'; did you mean "sin"?
    """
    return Act(_act("act", activation))


def norm(norm: NormChoice = UNSET) -> Norm:
    """A bare norm, for odd orders; without an argument the architecture's shared one.

    >>> str(nw.norm() >> nw.act() >> nw.conv(16, norm=None, act="linear"))  # normalised before, not after
    'norm() >> act() >> conv(16, act="linear", norm=None)'
    >>> nw.norm("batch")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: norm: unknown name 'batch'; allowed are spatial, layer, layer_norm, none
    """
    made = _norm("norm", norm)
    if made is None:
        raise InputError(words.BARE_NORM)
    return Norm(made)


def residual(body: Layer) -> Residual:
    """x + body(x), nothing after. Where channels differ, x passes a 1x1 conv with the shared norm and no activation.

    >>> str(nw.residual(nw.conv(16, 3) * 2) * 5)
    'residual(conv(16, 3) * 2) * 5'
    >>> nw.residual(16)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: residual body=16: must be a layer, as in conv(10)
    """
    return Residual(body)


def dense(body: Layer) -> Dense:
    """The channels of x, then those of body(x).

    >>> str(nw.dense(nw.conv(8, 3)) * 4)
    'dense(conv(8, 3)) * 4'
    >>> nw.dense(8)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: dense body=8: must be a layer, as in conv(10)
    """
    return Dense(body)


def gated(body: Layer) -> Gated:
    """body(x) times a second body, drawn apart, whose last activation is the sigmoid.

    >>> str(nw.gated(nw.conv(16)) * 3)
    'gated(conv(16)) * 3'
    >>> nw.gated("conv(16)")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: gated body='conv(16)': must be a layer, as in conv(10)
    """
    return Gated(body)


def parallel(*branches: Layer) -> Parallel:
    """The branches' channels in order. Branches of unequal total stride are refused when counted.

    >>> str(nw.parallel(nw.conv(8), nw.conv(8, 3)))
    'parallel(conv(8), conv(8, 3))'
    >>> nw.parallel()
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: parallel(): needs at least one branch, as in parallel(conv(8), conv(8, 3))
    """
    return Parallel(branches)


def inception(
    one: int,
    three: tuple[int, int],
    five: tuple[int, int],
    pool: int,
    *,
    kernels: tuple[int, int] = (3, 5),
    act: ActChoice = UNSET,
    norm: NormChoice = UNSET,
    init: InitChoice = UNSET,
) -> Inception:
    """GoogLeNet's block of four branches; `three` and `five` are (reduced, channels). kernels=(1, 1) is pointwise.

    >>> nw.count(nw.Architecture(nw.inception(4, (4, 8), (2, 4), 4))).units
    26
    >>> nw.inception(4, 8, (2, 4), 4)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: inception three=8: must be two whole numbers, as in (10, 20)
    """
    options = _act("inception", act), _norm("inception", norm), _init("inception", init)
    return Inception(one, three, five, pool, kernels, *options)


def expand(block: Inception) -> Parallel:
    """The block as the parallel it is short for. With kernels (1, 1) the pool, of size 1, is left out."""

    def layer(channels: int, kernel: int = 1) -> Conv:
        return Conv(channels, kernel, 1, block.act, block.norm, block.init)

    last: Layer = layer(block.pool)
    if block.kernels != (1, 1):
        last = Pool("max", 3, 1) >> last
    return Parallel(
        (
            layer(block.one),
            layer(block.three[0]) >> layer(block.three[1], block.kernels[0]),
            layer(block.five[0]) >> layer(block.five[1], block.kernels[1]),
            last,
        )
    )


def _act(owner: str, value: ActChoice) -> Activation | Unset:
    return UNSET if isinstance(value, Unset) else to_activation(f"{owner} act", value)


def _norm(owner: str, value: NormChoice) -> Spatial | LayerNorm | Unset | None:
    return UNSET if isinstance(value, Unset) else to_norm(f"{owner} norm", value)


def _init(owner: str, value: InitChoice) -> Initialiser | Unset:
    return UNSET if isinstance(value, Unset) else to_initialiser(f"{owner} init", value)
