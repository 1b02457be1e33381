"""A Field as a contest of classes: a program whose last operation finds the largest of the classes' values.

The tessellator cuts wherever two pieces of a maxout are equal, and its pattern says which piece is the largest. So a
maxout over the classes' values makes exact decision regions of activation regions: nothing else is needed.
"""

# K classes

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import atanh, log

import numpy as np

from netwarp import checks
from netwarp.errors import InputError
from netwarp.fields.field import Field
from netwarp.models.decisions.predicted import check_scores
from netwarp.network.cut import cut
from netwarp.network.program import Activate, Concat, Conv, Gather, Maxout, Operation, Program
from netwarp.plane import Plane, Raster

# the output activations that say probability
PROBABILITIES = ("sigmoid", "hardsigmoid")
PROBABLE = "the values lie in [0, 1] and are taken for a probability, cut at 0.5; threshold=0 says otherwise"
LOOKED = 64  # samples along each side of a plane, to see which values an output takes
# curved output activations that are strictly increasing, and their inverse: who wins is decided before them, exactly
INCREASING: dict[str, tuple[Callable[[float], float], float, float]] = {
    "sigmoid": (lambda p: log(p) - log(1 - p), 0.0, 1.0),
    "tanh": (atanh, -1.0, 1.0),
}


@dataclass(frozen=True, eq=False)
class Contest:
    """What the classes are compared by.

    `values` is the Field of the K classes' values, the largest of which wins. `program` is the same, and has the maxout
    of the classes, by which its cells are cut. `threshold` is where a single output is cut, None
    of several: then class 0 has the threshold itself for its value, and class 1 the output. `note` says where it was
    chosen by the values that the output takes.
    """

    values: Field
    program: Program
    threshold: float | None
    note: str = ""

    @property
    def classes(self) -> int:
        """K, at least 2."""
        return self.values.channels

    @property
    def field(self) -> Field:
        """The Field of `program`."""
        return replace(self.values, program=self.program, layer=None)


def contest(field: Field, *, threshold: float | None = None, plane: Plane | None = None) -> Contest:
    """The Contest of a Field's outputs: of one output against `threshold`, of several against each other.

    Unless given, the threshold is 0.5 where the output's own activation says probability, or else all samples of it, on
    the Field's own plane and on `plane`, lie in [0, 1] and are not all the same, which `note` says; it is 0 elsewhere.
    A sigmoid or tanh at the end is left away, and the threshold moved to before it, as that changes no winner.
    Errors: InputError for a threshold of several outputs, or one that the output never takes; for a Field of an
    estimator's scores that are not its classes'.
    """
    check_scores(field)
    if threshold is not None:
        threshold = checks.number(threshold, "decision threshold")
        if field.channels > 1:
            raise InputError(
                f"decision threshold={checks.plain(threshold)}: for one output, and this model has {field.channels}, "
                "of which the largest wins; leave it out"
            )
    last, note = field.program.operations[-1], ""
    if threshold is None and field.channels == 1:
        told = isinstance(last, Activate) and last.name in PROBABILITIES
        note = PROBABLE if not told and _probable(field, plane) else ""
        threshold = 0.5 if told or note else 0.0
    program, cut_at = field.program, threshold
    if isinstance(last, Activate) and last.name in INCREASING:
        inverse, low, high = INCREASING[last.name]
        if cut_at is not None and not low < cut_at < high:
            raise InputError(
                f"decision threshold={checks.plain(cut_at)}: the output is a {last.name}, from {low:g} to {high:g}; "
                "choose a threshold between these"
            )
        cut_at = None if cut_at is None else inverse(cut_at)
        program = cut(program, last.sources[0])
    program, whole = _programs(program, cut_at)
    return Contest(replace(field, program=program, layer=None), whole, threshold, note)


def _probable(field: Field, plane: Plane | None) -> bool:
    """Whether samples of its one output all lie in [0, 1] and are not all the same.

    The Field's own plane counts too, so that a small view of some other function's values is no probability. What is
    not finite says nothing.
    """
    planes = {field.raster.plane, field.raster.plane if plane is None else plane}
    rasters = [Raster(LOOKED, LOOKED, one) for one in planes]
    # on planes too small for float64 there are differences only
    looked = [field.sample(one, dtype="float64").ravel() for one in rasters if not field.deep(one)]
    values = np.concatenate([np.empty(0), *looked])
    values = values[np.isfinite(values)]
    return bool(values.size) and 0 <= values.min() < values.max() <= 1


@lru_cache(maxsize=16)
def _programs(program: Program, threshold: float | None) -> tuple[Program, Program]:
    """The program of the classes' values, and that with their maxout.

    Kept, so that the tessellator knows the same program again, as for another plane, another class against the rest.
    """
    values = program if threshold is None else _against(program, threshold)
    return values, crowned(values)


def _against(program: Program, threshold: float) -> Program:
    """The program of one output with the threshold as a channel before it."""
    operations, last = list(program.operations), program.operations[-1]
    if isinstance(last, Conv) and last.kernel == 1:
        # as a row of the same convolution: the tessellator is faster along a chain of them
        weight = np.concatenate([np.zeros_like(last.weight), last.weight])
        operations[-1] = replace(last, weight=weight, bias=np.concatenate([[threshold], last.bias]))
        return Program(tuple(operations), program.layers)
    inputs = operations[0].channels
    operations.append(Conv((0,), np.zeros((1, inputs, 1, 1)), np.array([threshold]), layer="threshold"))
    operations.append(Concat((len(operations) - 1, len(operations) - 2), 2, layer="threshold"))
    return Program(tuple(operations), program.layers)


def crowned(program: Program) -> Program:
    """The program with a maxout of its outputs, which are still its outputs: the largest is joined to them, and not
    chosen again.

    So the cells are cut where the largest changes, and the maps on them are those of the outputs themselves.
    """
    k, last = program.channels, len(program.operations) - 1
    more: tuple[Operation, ...] = (
        Maxout((last,), 1, k, layer="decision"),
        Concat((last, last + 1), k + 1, layer="decision"),
        Gather((last + 2,), np.arange(k), layer="decision"),
    )
    return Program((*program.operations, *more), program.layers)
