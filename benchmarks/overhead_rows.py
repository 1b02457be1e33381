"""What nw.field adds to a model's own forward: a field's samples beside the bare calls on the very same rows."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

import netwarp as nw
from benchmarks.tables import judged, table
from benchmarks.timing import interleaved, say

Found = dict[str, Any]
Array = NDArray[np.float64]
MOST = 0.1  # of the bare forward


@dataclass(frozen=True)
class OverheadRow:
    """A model of a kind, and the size of its picture; `needs` is the package that it takes."""

    model: str
    size: tuple[int, int]
    needs: str = "numpy"

    @property
    def name(self) -> str:
        return f"field-{self.model}-{self.size[0]}x{self.size[1]}"


ROWS = (
    *(
        OverheadRow(model, size, "torch")
        for model in ("torch-2x64", "torch-4x256")
        for size in ((100, 100), (600, 400))
    ),
    OverheadRow("torch-lenet", (60, 40), "torch"),
    OverheadRow("torch-lenet", (200, 150), "torch"),
    OverheadRow("numpy-2x64", (100, 100)),
    OverheadRow("numpy-2x64", (600, 400)),
    *(OverheadRow(model, (300, 200), "sklearn") for model in ("sklearn-perceptron", "sklearn-forest")),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], budget: float) -> list[Found]:
    """The rows named whose package is there: medians of seconds of both, in turn, and what the field adds."""
    found = []
    for row in ROWS:
        if row.name in wanted and find_spec(row.needs):
            say(row.name)
            times = interleaved(_contestants(row), budget)
            added = times["field"] / times["forward"] - 1
            found.append({"name": row.name, "at most": MOST, "added": added, **times})
    return found


def _contestants(row: OverheadRow) -> dict[str, Callable[[], object]]:
    """The field's samples, and the bare calls on the rows that it makes, in batches of as many."""
    model, at = _model(row.model)
    field = nw.field(model, at, size=row.size, plane=nw.Plane(0, 0, 4, 4 * row.size[1] / row.size[0]))
    raster = field.raster
    points = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    call = field.program.operations[1].function
    rows = points if at is None else at.points(points)
    forward = _torch_forward(call, rows) if row.needs == "torch" else _forward(call, model, rows)
    # they are of one function
    wanted = np.concatenate([np.asarray(one) for one in forward()]).reshape(len(points), -1)
    np.testing.assert_allclose(field.sample(raster).reshape(wanted.shape[1], -1).T, wanted, rtol=1e-4, atol=1e-4)
    return {"forward": forward, "field": lambda: field.sample(raster)}


def _forward(call: Any, model: Any, rows: Array) -> Callable[[], list[Array]]:
    function = model if callable(model) else getattr(model, call.output)
    return lambda: [function(rows[i : i + call.batch]) for i in range(0, len(rows), call.batch)]


def _torch_forward(call: Any, rows: Array) -> Callable[[], list[Any]]:
    import torch

    inputs = torch.from_numpy(rows).float().reshape(-1, *call.shape)

    def run() -> list[Any]:
        with torch.no_grad():
            return [call.module(inputs[i : i + call.batch]) for i in range(0, len(inputs), call.batch)]

    return run


def _model(name: str) -> tuple[Any, nw.Slice | None]:
    kind, _, what = name.partition("-")
    if kind == "torch":
        return _module(what)
    if kind == "numpy":
        weights = [
            np.random.RandomState(i).standard_normal(shape) for i, shape in enumerate([(2, 64), (64, 64), (64, 3)])
        ]
        return lambda points: np.maximum(np.maximum(points @ weights[0], 0) @ weights[1], 0) @ weights[2], None
    from sklearn.datasets import make_moons
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neural_network import MLPClassifier

    X, y = make_moons(500, noise=0.2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 50 rounds are too few to converge does not matter here
        model = (
            MLPClassifier((64, 64), max_iter=50, random_state=0) if what == "perceptron" else RandomForestClassifier()
        )
        return model.fit(X, y), None


def _module(what: str) -> tuple[Any, nw.Slice | None]:
    from torch import manual_seed, nn

    manual_seed(0)
    if what == "lenet":
        layers: list[nn.Module] = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5)]
        layers += [nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 10)]
        return nn.Sequential(*layers).eval(), nw.Slice(*np.random.RandomState(0).standard_normal((3, 1, 28, 28)))
    depth, width = map(int, what.split("x"))
    sizes = [2, *[width] * depth]
    pairs = [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*pairs, nn.Linear(width, 3)).eval(), None


def tables(found: list[Found]) -> str:
    rows = (
        (
            one["name"],
            f"{1000 * one['forward']:.3g}",
            f"{1000 * one['field']:.3g}",
            f"{one['added']:+.1%}",
            judged(f"{one['at most']:.0%}", held=one["added"] <= one["at most"]),
        )
        for one in found
    )
    title = "nw.field beside the model's own forward on the same rows: milliseconds, medians of interleaved runs."
    return "\n".join(table(title, ("row", "forward", "field", "added", "at most"), rows))
