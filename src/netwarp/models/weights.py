"""A plane in the space of a module's weights: what it gives, or loses, at weights beside its own."""

# n points of the plane, k values at each

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, NetwarpError, shown
from netwarp.models.arrays import MAX_NUMBERS, numbers, turned
from netwarp.models.slices import Slice
from netwarp.models.torch_call import check_numbers, is_module, left_as_found
from netwarp.network.initialise import stream
from netwarp.plane import Plane

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Array = NDArray[np.float64]
# what one may give as a direction: a seed, another module, or a tensor for every parameter
Direction = Any
HOME = Plane(0, 0, 2, 2)


@dataclass(frozen=True, eq=False)
class WeightPlane:
    """A function of points (n, 2): a module's values at the weights w + x `first` + y `second`; `weights` makes it.

    It is a model like any other: `nw.field` takes it, and looks at it on `home`. `slice` is the plane in the space of
    all parameters in a row.
    """

    module: Module
    first: tuple[Tensor, ...]
    second: tuple[Tensor, ...]
    value: Callable[[], Array]
    own: tuple[Tensor, ...] = field(repr=False)
    home: Plane = HOME

    def __call__(self, points: object) -> Array:
        """(n, k) float64. Parameters, buffers, gradients and mode of the module are left as they were found."""
        import torch

        at = numbers(points, "weights points").reshape(-1, 2)
        parameters = tuple(self.module.parameters())
        before = [one.detach().clone() for one in parameters]
        found = []
        with torch.no_grad():
            try:
                for x, y in at.tolist():
                    with left_as_found(self.module):
                        for one, own, a, b in zip(parameters, self.own, self.first, self.second, strict=True):
                            one.data.copy_(own + x * a + y * b)
                        found.append(self.value())
            finally:
                for one, kept in zip(parameters, before, strict=True):
                    one.data.copy_(kept)
        return np.stack(found) if found else np.empty((0, 1))

    @property
    def slice(self) -> Slice:
        """The plane in the space of the parameters. Errors: LimitError for more than 10^7 of them."""
        count = sum(one.numel() for one in self.own)
        if count > MAX_NUMBERS:
            raise LimitError(f"weights slice: {count:,} parameters, at most {MAX_NUMBERS:,} are given as one")
        origin, u, v = (_row(one) for one in (self.own, self.first, self.second))
        return Slice(origin, u, v, marks=((0.0, 0.0),), home=self.home)


def weights(
    module: Module,
    d1: Direction = 0,
    d2: Direction = 1,
    *,
    loss: Callable[[Module], Any] | None = None,
    at: Any = None,
    normalise: bool = True,
) -> WeightPlane:
    """A plane through the weights of a torch.nn.Module, as a model: `nw.field(nw.weights(module, loss=loss))` shows it.

    The point (x, y) stands for the weights w + x `d1` + y `d2`. A direction is a seed of random numbers, another module
    of the same shapes (the way to its weights), or a tensor for every parameter, in a list in their order or by name.
    Directions are filter-normalised unless told: every filter of one (a row of a weight, an output channel of a
    convolution) is made as long as the module's own, and biases and other parameters of one dimension stay as they are.
    The values are those of `loss(module)`, a number or several, or of the module at the input `at`.

    Reference: Li, Xu, Taylor, Studer, Goldstein, Visualizing the loss landscape of neural nets, NeurIPS 2018.
    Errors: InputError for what is no module, for a direction that does not fit or two that are one, for neither or both
    of `loss` and `at`; what the loss itself raises, with the module restored.

    >>> import torch
    >>> module = torch.nn.Linear(3, 1, bias=False)
    >>> steps = [torch.tensor([[1.0, 0, 0]]), torch.tensor([[0, 1.0, 0]])]
    >>> plane = nw.weights(module, steps[:1], steps[1:], at=torch.eye(3), normalise=False)
    >>> there = plane([(0, 0), (2, -1)])
    >>> (there[1] - there[0]).round(6).tolist()
    [2.0, -1.0, 0.0]
    >>> nw.weights(module)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: weights: needs loss=, a function of the module, or at=, an input of it
    """
    if not is_module(module):
        raise InputError(f"weights module: is a {type(module).__name__}, and must be a torch.nn.Module")
    if (loss is None) == (at is None):
        both = "has both loss= and at=; leave one out" if at is not None else None
        raise InputError(f"weights: {both or 'needs loss=, a function of the module, or at=, an input of it'}")
    check_numbers(module, "weights module")
    own = tuple(one.detach().clone() for one in module.parameters())
    if not own:
        raise InputError("weights module: has no parameters, and a plane of weights needs some")
    first, second = (_direction(module, own, given, name, normalise) for name, given in (("d1", d1), ("d2", d2)))
    if turned(_row(first), _row(second)) is None:
        raise InputError("weights d1 and d2: are one direction, or nothing; give two that differ, as the seeds 0 and 1")
    return WeightPlane(module, first, second, _value(module, loss, at), own)


def _value(module: Module, loss: Callable[[Module], Any] | None, at: Any) -> Callable[[], Array]:
    if loss is None:
        import torch

        given = at if isinstance(at, torch.Tensor) else torch.from_numpy(numbers(at, "weights at"))
        like = next(module.parameters())
        given = given.to(like.device, like.dtype if given.is_floating_point() else given.dtype)

        def value() -> Array:
            return _numbers_of(module(given))

    else:

        def value() -> Array:
            return _numbers_of(loss(module))

    return value


def _numbers_of(found: Any) -> Array:
    """(k,) float64 of a tensor, an array or a number; NaN and infinities, which losses do have, stay."""
    import torch

    if isinstance(found, torch.Tensor):
        found = found.detach().cpu().double().numpy()
    try:
        return np.asarray(found, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        kind = type(found).__name__
        raise InputError(f"weights: the loss gives a {kind}; it must give a number, or numbers in a row") from None


def _direction(
    module: Module, own: tuple[Tensor, ...], given: Direction, name: str, normalise: bool
) -> tuple[Tensor, ...]:
    import torch

    named = [key for key, _ in module.named_parameters()]
    parts: Sequence[Any]
    if is_module(given):
        check_numbers(given, f"weights {name}")
        other = [one.detach() for one in given.parameters()]
        _check_shapes(other, own, named, name)
        parts = [one.to(kept.device) - kept for one, kept in zip(other, own, strict=True)]
    elif isinstance(given, Mapping):
        missing = [key for key in named if key not in given]
        if missing:
            raise InputError(f"weights {name}: has no {shown(missing[0])}; it needs a tensor for every parameter")
        parts = [given[key] for key in named]
    elif isinstance(given, list | tuple):
        parts = given
    else:
        try:
            seed = checks.integer(given, f"weights {name}")
        except NetwarpError:
            raise InputError(
                f"weights {name}={shown(given)}: must be a seed, as 0, another module, or a list of "
                "tensors, one a parameter"
            ) from None
        drawn = (stream(seed, "weights", key) for key in named)
        parts = [random.standard_normal(tuple(kept.shape)) for random, kept in zip(drawn, own, strict=True)]
    _check_shapes(parts, own, named, name)
    made = [
        torch.as_tensor(numbers(part.detach().cpu() if isinstance(part, torch.Tensor) else part, f"weights {name}")).to(
            kept.device, kept.dtype
        )
        for part, kept in zip(parts, own, strict=True)
    ]
    return tuple(_normalised(part, kept) for part, kept in zip(made, own, strict=True)) if normalise else tuple(made)


def _check_shapes(parts: Sequence[Any], own: tuple[Tensor, ...], named: list[str], name: str) -> None:
    if len(parts) != len(own):
        raise InputError(
            f"weights {name}: {len(parts)} tensors, but the module has {len(own)} parameters; give one for each"
        )
    for key, part, kept in zip(named, parts, own, strict=True):
        if tuple(np.shape(part)) != tuple(kept.shape):
            raise InputError(
                f"weights {name}: {shown(key)} has the shape {tuple(np.shape(part))}: must be {tuple(kept.shape)}"
            )


def _normalised(part: Tensor, own: Tensor) -> Tensor:
    """Every filter of the direction as long as the parameter's own; nothing of parameters of one dimension or none."""
    import torch

    if own.ndim < 2:
        return torch.zeros_like(part)
    lengths, wanted = (torch.linalg.vector_norm(one.flatten(1).double(), dim=1) for one in (part, own))
    times = torch.where(lengths > 0, wanted / lengths.clamp_min(torch.finfo(torch.float64).tiny), 0.0)
    return part * times.to(part.dtype).reshape(-1, *(1,) * (own.ndim - 1))


def _row(parts: Sequence[Tensor]) -> Array:
    return np.concatenate([one.detach().cpu().double().numpy().reshape(-1) for one in parts])
