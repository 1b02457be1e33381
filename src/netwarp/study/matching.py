"""The same architecture in another size: as wide as meets a budget, of a given width, of a given depth.

Its width is the channels of its widest layer. Widening multiplies the channels of every layer by one ratio and rounds
them, so that layers keep their proportions; a layer of one channel stays at least one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import gcd, lcm
from typing import Literal, get_args

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import count
from netwarp.architecture.nodes import (
    Conv,
    Dense,
    Gated,
    Inception,
    Layer,
    Maxout,
    Parallel,
    Repeat,
    Residual,
    Sequence,
    children,
)
from netwarp.errors import InputError, LimitError, nearest

Budget = Literal["units", "parameters", "flops"]
BUDGETS: tuple[Budget, ...] = get_args(Budget)
NAMES: dict[Budget, str] = {"units": "units", "parameters": "parameters", "flops": "FLOPs a pixel"}


@dataclass(frozen=True, slots=True)
class Match:
    """`architecture` is `original` at the width whose budget comes nearest to `target`; `reached` is its budget.

    `before` and `after` are the channels of its widest layer.
    """

    original: Architecture
    architecture: Architecture
    budget: Budget
    target: int
    reached: int
    before: int
    after: int

    @property
    def difference(self) -> float:
        """How far the budget reached is from the target, as a share of the target."""
        return self.reached / self.target - 1 if self.target else 0.0

    def sentence(self) -> str:
        """What was done, and what difference remains."""
        what = NAMES[self.budget]
        done = "left as it is" if self.before == self.after else f"widest layer from {self.before:,} to {self.after:,}"
        rest = "the same" if self.reached == self.target else f"{self.difference:+.1%}".replace("-", "−")
        return f"{self.original}: {done}: {self.reached:,} {what} where the first has {self.target:,} ({rest})"

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "original": str(self.original),
            "architecture": str(self.architecture),
            "budget": self.budget,
            "target": self.target,
            "reached": self.reached,
            "difference": self.difference,
            "widest_before": self.before,
            "widest_after": self.after,
        }


def match(architecture: Architecture, first: Architecture, budget: str) -> Match:
    """`architecture` as wide as comes nearest to the budget of `first`: units, parameters or flops.

    Found by bisection over the channels of the widest layer, because no budget falls as they grow; of two equally near
    the narrower. What has no channels to change, as depthwise(3), stays. Errors: InputError for another budget.
    """
    if budget not in BUDGETS:
        raise InputError(
            f"match {budget[:40]!r}: must be one of {', '.join((*BUDGETS, 'none'))}{nearest(budget, BUDGETS)}"
        )
    chosen = BUDGETS[BUDGETS.index(budget)]
    target = _spent(first, chosen)
    before = width(architecture)
    after = _nearest(architecture, chosen, target, before) if before else 0
    fitted = widened(architecture, after) if before else architecture
    return Match(
        architecture,
        architecture=fitted,
        budget=chosen,
        target=target,
        reached=_spent(fitted, chosen),
        before=before,
        after=after,
    )


def _nearest(architecture: Architecture, budget: Budget, target: int, before: int) -> int:
    """The channels of the widest layer, `before` in the architecture, that come nearest to the target."""

    def spent(channels: int) -> int | None:
        try:
            return _spent(widened(architecture, channels), budget)
        except LimitError:
            return None  # more than can be counted is more than any target

    def below(channels: int) -> bool:
        found = spent(channels)
        return found is not None and found <= target

    low, high = 0, 1
    while below(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if below(middle) else (low, middle)
    near = {channels: spent(channels) for channels in (low, high) if channels}
    distance = {channels: abs(found - target) for channels, found in near.items() if found is not None}
    after = min(distance, key=lambda channels: (distance[channels], channels))
    # the width it has already is kept where it is as near
    here = spent(before)
    return before if here is not None and abs(here - target) <= distance[after] else after


def width(architecture: Architecture) -> int:
    """The channels of the widest layer of the tree; 0 where no layer says how many it has."""
    return max(_channels(architecture.tree), default=0)


def widened(architecture: Architecture, channels: int) -> Architecture:
    """The architecture whose widest layer has `channels`, all others in proportion. Errors: InputError; LimitError."""
    widest = width(architecture)
    if widest == 0:
        raise InputError(f"{architecture}: no layer of it says how many channels it has, so none can be wider")
    if channels == widest:
        return architecture
    # channels that a group divides stay so, wherever the group is: a layer reads what an earlier one made
    unit = lcm(*_groups(architecture.tree))

    def scaled(old: int) -> int:
        step = gcd(old, unit)
        return step * max(1, (2 * old * channels + widest * step) // (2 * widest * step))

    return replace(architecture, tree=_mapped(architecture.tree, scaled))


def deepened(architecture: Architecture, times: int) -> Architecture:
    """The architecture whose one repetition, or whose whole tree, stands `times` times. Errors: InputError."""
    tree = architecture.tree
    if isinstance(tree, Sequence):
        raise InputError(
            f"{architecture}: its depth is no number, because it is a sequence; write it as (...) * {times}"
        )
    part = tree.part if isinstance(tree, Repeat) else tree
    return replace(architecture, tree=part * times)


def _spent(architecture: Architecture, budget: Budget) -> int:
    spent: int = getattr(count(architecture), budget)
    return spent


def _channels(layer: Layer) -> list[int]:
    if isinstance(layer, Conv | Maxout):
        return [layer.channels]
    if isinstance(layer, Inception):
        return [layer.one, *layer.three, *layer.five, layer.pool]
    return [channels for child in children(layer) for channels in _channels(child)]


def _groups(layer: Layer) -> list[int]:
    if isinstance(layer, Conv):
        return [layer.groups]
    return [1, *(groups for child in children(layer) for groups in _groups(child))]


def _mapped(layer: Layer, scaled: Callable[[int], int]) -> Layer:
    """The same tree with other numbers of channels."""

    def again(child: Layer) -> Layer:
        return _mapped(child, scaled)

    if isinstance(layer, Conv | Maxout):
        return replace(layer, channels=scaled(layer.channels))
    if isinstance(layer, Inception):
        three, five = (tuple(map(scaled, pair)) for pair in (layer.three, layer.five))
        return replace(
            layer, one=scaled(layer.one), three=(three[0], three[1]), five=(five[0], five[1]), pool=scaled(layer.pool)
        )
    if isinstance(layer, Sequence):
        return Sequence(tuple(map(again, layer.parts)))
    if isinstance(layer, Parallel):
        return Parallel(tuple(map(again, layer.branches)))
    if isinstance(layer, Repeat):
        return again(layer.part) * layer.times
    if isinstance(layer, Residual | Dense | Gated):
        return replace(layer, body=again(layer.body))
    return layer
