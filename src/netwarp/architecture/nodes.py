"""The layers of an architecture as an immutable tree. The functions a user builds it with are in tree.py.

`a >> b` is sequence and `a * 3` (or `3 * a`) is repetition, which stays symbolic. Trees are canonical by construction
(a sequence in a sequence is flattened, repetitions of repetitions multiply), so that equal texts are equal trees.
Errors: InputError, which names the layer and the argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netwarp import words
from netwarp.architecture.specs import UNSET, Activation, Initialiser, LayerNorm, Spatial, Unset
from netwarp.architecture.windows import SIZES
from netwarp.checks import LARGEST, whole
from netwarp.errors import InputError, nearest, shown

KERNELS = 11  # the largest convolution window


class Layer:
    """Anything that stands in the tree."""

    __slots__ = ()

    def __rshift__(self, other: Layer) -> Sequence:
        if not isinstance(other, Layer):
            raise InputError(f"... >> {shown(other)}: only a layer can follow a layer, as in conv(10) >> conv(20)")
        return Sequence((self, other))

    def __mul__(self, times: int) -> Layer:
        times = whole(times, "repetition times", example="conv(10) * 3")
        return self if times == 1 else Repeat(self, times)

    __rmul__ = __mul__


@dataclass(frozen=True, slots=True)
class Conv(Layer):
    """Convolution, norm, activation. `bias` None is automatic: only where no norm follows."""

    channels: int
    kernel: int = 1
    groups: int = 1
    act: Activation | Unset = UNSET
    norm: Spatial | LayerNorm | Unset | None = UNSET
    init: Initialiser | Unset = UNSET
    bias: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", whole(self.channels, "conv channels", example="conv(10)"))
        object.__setattr__(self, "kernel", whole(self.kernel, "conv kernel", most=KERNELS, example="conv(10, 3)"))
        object.__setattr__(self, "groups", whole(self.groups, "conv groups", example="conv(8, 3, groups=2)"))
        if self.channels % self.groups:
            raise InputError(words.GROUPS.format(groups=self.groups, channels=self.channels))
        _check_options("conv", self)

    def __str__(self) -> str:
        kernel = [str(self.kernel)] if self.kernel != 1 else []
        groups = [f"groups={self.groups}"] if self.groups != 1 else []
        return f"conv({', '.join([str(self.channels), *kernel, *groups, *_options(self)])})"


@dataclass(frozen=True, slots=True)
class Depthwise(Layer):
    """A convolution of every channel by itself, norm, activation; as many channels as its input."""

    kernel: int
    act: Activation | Unset = UNSET
    norm: Spatial | LayerNorm | Unset | None = UNSET
    init: Initialiser | Unset = UNSET
    bias: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kernel", whole(self.kernel, "depthwise kernel", most=KERNELS, example="depthwise(3)"))
        _check_options("depthwise", self)

    def __str__(self) -> str:
        return f"depthwise({', '.join([str(self.kernel), *_options(self)])})"


@dataclass(frozen=True, slots=True)
class Maxout(Layer):
    """Convolution to channels * pieces, norm, then the largest of each `pieces` neighbours; no activation."""

    channels: int
    pieces: int
    kernel: int = 1
    norm: Spatial | LayerNorm | Unset | None = UNSET
    init: Initialiser | Unset = UNSET
    bias: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", whole(self.channels, "maxout channels", example="maxout(10, 3)"))
        object.__setattr__(self, "pieces", whole(self.pieces, "maxout pieces", example="maxout(10, 3)"))
        object.__setattr__(
            self, "kernel", whole(self.kernel, "maxout kernel", most=KERNELS, example="maxout(10, 3, 1)")
        )
        _check_options("maxout", self)

    def __str__(self) -> str:
        kernel = [str(self.kernel)] if self.kernel != 1 else []
        return f"maxout({', '.join([str(self.channels), str(self.pieces), *kernel, *_options(self)])})"


@dataclass(frozen=True, slots=True)
class Pool(Layer):
    """The "max" or the "avg" over size x size; a stride spreads whatever follows."""

    kind: str
    size: int
    stride: int

    def __post_init__(self) -> None:
        if self.kind not in ("max", "avg"):
            near = nearest(shown(self.kind), ("max", "avg"))
            raise InputError(words.POOL.format(value=shown(self.kind), near=near))
        object.__setattr__(self, "size", whole(self.size, "pool size", most=SIZES, example='pool("max", 2)'))
        object.__setattr__(self, "stride", whole(self.stride, "pool stride", example='pool("max", 3, stride=1)'))

    def __str__(self) -> str:
        stride = f", stride={self.stride}" if self.stride != self.size else ""
        return f'pool("{self.kind}", {self.size}{stride})'


@dataclass(frozen=True, slots=True)
class Act(Layer):
    """A bare activation; UNSET is the shared one."""

    activation: Activation | Unset = UNSET

    def __post_init__(self) -> None:
        if not isinstance(self.activation, Activation | Unset):
            raise InputError(f'act activation={shown(self.activation)}: must be an activation, as in act("relu")')

    def __str__(self) -> str:
        return "act()" if isinstance(self.activation, Unset) else f'act("{self.activation}")'


@dataclass(frozen=True, slots=True)
class Norm(Layer):
    """A bare norm; UNSET is the shared one, and nothing where that is None."""

    norm: Spatial | LayerNorm | Unset = UNSET

    def __post_init__(self) -> None:
        if not isinstance(self.norm, Spatial | LayerNorm | Unset):
            raise InputError(f"norm norm={shown(self.norm)}: must be spatial(...) or layer(...), as in norm(spatial())")

    def __str__(self) -> str:
        return "norm()" if isinstance(self.norm, Unset) else f"norm({self.norm})"


@dataclass(frozen=True, slots=True)
class Sequence(Layer):
    """Two parts or more, one after the other; sequences among them are flattened."""

    parts: tuple[Layer, ...]

    def __post_init__(self) -> None:
        flat: list[Layer] = []
        for part in _layers("sequence", self.parts):
            flat.extend(part.parts if isinstance(part, Sequence) else (part,))
        if len(flat) < 2:
            raise InputError("sequence of fewer than two layers: a single layer stands for itself")
        object.__setattr__(self, "parts", tuple(flat))

    def __str__(self) -> str:
        return " >> ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Repeat(Layer):
    """`part` twice or more, each time with weights of its own; never unrolled before it is counted."""

    part: Layer
    times: int

    def __post_init__(self) -> None:
        _body("repetition", self.part)
        times = whole(self.times, "repetition times", least=2, example="conv(10) * 3")
        if isinstance(self.part, Repeat):
            times *= self.part.times
            object.__setattr__(self, "part", self.part.part)
        if times > LARGEST:
            raise InputError(words.TIMES.format(times=shown(times)))
        object.__setattr__(self, "times", times)

    def __str__(self) -> str:
        return f"({self.part}) * {self.times}" if isinstance(self.part, Sequence) else f"{self.part} * {self.times}"


@dataclass(frozen=True, slots=True)
class Parallel(Layer):
    """Branches of the same input, their channels concatenated in order; all of the same total stride."""

    branches: tuple[Layer, ...]

    def __post_init__(self) -> None:
        branches = _layers("parallel", self.branches)
        if not branches:
            raise InputError(words.NO_BRANCH)
        object.__setattr__(self, "branches", branches)

    def __str__(self) -> str:
        return f"parallel({', '.join(map(str, self.branches))})"


@dataclass(frozen=True, slots=True)
class Residual(Layer):
    """x + body(x); where channels differ, x passes a 1x1 conv with the shared norm and no activation."""

    body: Layer

    def __post_init__(self) -> None:
        _body("residual", self.body)

    def __str__(self) -> str:
        return f"residual({self.body})"


@dataclass(frozen=True, slots=True)
class Dense(Layer):
    """x, then body(x), concatenated."""

    body: Layer

    def __post_init__(self) -> None:
        _body("dense", self.body)

    def __str__(self) -> str:
        return f"dense({self.body})"


@dataclass(frozen=True, slots=True)
class Gated(Layer):
    """body(x) times a second body, drawn apart, whose last activation is the sigmoid (see walk.gate)."""

    body: Layer

    def __post_init__(self) -> None:
        _body("gated", self.body)

    def __str__(self) -> str:
        return f"gated({self.body})"


@dataclass(frozen=True, slots=True)
class Inception(Layer):
    """The four-branch block, short for what `expand` returns. `three` and `five` are (reduced, channels)."""

    one: int
    three: tuple[int, int]
    five: tuple[int, int]
    pool: int
    kernels: tuple[int, int] = (3, 5)
    act: Activation | Unset = UNSET
    norm: Spatial | LayerNorm | Unset | None = UNSET
    init: Initialiser | Unset = UNSET

    def __post_init__(self) -> None:
        for name in ("one", "pool"):
            object.__setattr__(self, name, whole(getattr(self, name), f"inception {name}", example="20"))
        for name in ("three", "five"):
            object.__setattr__(self, name, _pair(f"inception {name}", getattr(self, name), LARGEST))
        object.__setattr__(self, "kernels", _pair("inception kernels", self.kernels, KERNELS))
        _check_options("inception", self)

    def __str__(self) -> str:
        kernels = [f"kernels={self.kernels}"] if self.kernels != (3, 5) else []
        options = ", ".join([str(self.one), str(self.three), str(self.five), str(self.pool), *kernels, *_options(self)])
        return f"inception({options})"


def children(layer: Layer) -> tuple[Layer, ...]:
    """The layers directly inside a layer, as written: repetitions once, inception none."""
    if isinstance(layer, Sequence):
        return layer.parts
    if isinstance(layer, Parallel):
        return layer.branches
    if isinstance(layer, Repeat):
        return (layer.part,)
    if isinstance(layer, Residual | Dense | Gated):
        return (layer.body,)
    return ()


Block = Conv | Depthwise | Maxout | Inception


def _options(layer: Block) -> list[str]:
    texts = []
    if not isinstance(layer, Maxout) and not isinstance(layer.act, Unset):
        texts.append(f'act="{layer.act}"')
    if not isinstance(layer.norm, Unset):
        texts.append(f"norm={layer.norm}")
    if not isinstance(layer.init, Unset):
        texts.append(f'init="{layer.init}"')
    if not isinstance(layer, Inception) and layer.bias is not None:
        texts.append(f"bias={layer.bias}")
    return texts


def _check_options(owner: str, layer: Block) -> None:
    if not isinstance(layer, Maxout) and not isinstance(layer.act, Activation | Unset):
        raise InputError(f'{owner} act={shown(layer.act)}: must be the name of an activation, as in act="relu"')
    if not isinstance(layer.norm, Spatial | LayerNorm | Unset | None):
        raise InputError(f"{owner} norm={shown(layer.norm)}: must be spatial(...), layer(...) or None")
    if not isinstance(layer.init, Initialiser | Unset):
        raise InputError(f'{owner} init={shown(layer.init)}: must be the name of an initialiser, as in init="he"')
    if not isinstance(layer, Inception) and not isinstance(layer.bias, bool | None):
        raise InputError(words.BIAS.format(owner=owner, value=shown(layer.bias)))


def _body(owner: str, body: object) -> None:
    if not isinstance(body, Layer):
        raise InputError(words.BODY.format(owner=owner, value=shown(body)))


def _layers(owner: str, parts: Iterable[Layer]) -> tuple[Layer, ...]:
    layers = tuple(parts)
    for part in layers:
        if not isinstance(part, Layer):
            raise InputError(words.LAYERS.format(owner=owner, value=shown(part)))
    return layers


def _pair(what: str, value: object, most: int) -> tuple[int, int]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise InputError(words.PAIR.format(what=what, value=shown(value)))
    return whole(value[0], what, most=most, example="(10, 20)"), whole(value[1], what, most=most, example="(10, 20)")
