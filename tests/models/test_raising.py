"""A function that raises while it is sampled: its name and the rows in one line, its own exception as cause."""

from typing import Any

import numpy as np
import pytest

import netwarp as nw

PLANE = nw.Plane(0, 0, 2, 2)


def fragile(points: Any) -> Any:
    """Raises for some inputs only, and so not at first."""
    if (points[:, 0] > 3).any():
        return 1 / 0
    return points.sum(axis=1)


SAMPLED = [
    lambda field: field.at([[0.5, -1], [4, 0.25]]),
    lambda field: field.sample(nw.Raster(8, 8, nw.Plane(0, 0, 9, 9))),
    lambda field: nw.decision(field, plane=nw.Plane(0, 0, 9, 9), size=(8, 8)),
]


@pytest.mark.parametrize("sampled", SAMPLED)
def test_a_function_that_raises_is_named_with_the_rows(sampled: Any) -> None:
    field = nw.field(fragile, plane=PLANE, size=(8, 8))
    with pytest.raises(nw.NetwarpError) as caught:
        sampled(field)
    said = str(caught.value)
    assert said.startswith("model fragile: raises ZeroDivisionError: division by zero, given ")
    assert "\n" not in said
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    # the user's own line is in the traceback
    frames, at = [], caught.value.__cause__.__traceback__
    while at is not None:
        frames.append(at.tb_frame.f_code.co_name)
        at = at.tb_next
    assert frames[-1] == "fragile"


def test_the_range_of_the_rows_is_said() -> None:
    field = nw.field(fragile, plane=PLANE, size=(8, 8))
    with pytest.raises(nw.NetwarpError, match=r"given 2 rows of 2 numbers, from 0\.5 to 4, -1 to 0\.25$"):
        field.at([[0.5, -1], [4, 0.25]])
    wide = nw.field(fragile, nw.Slice(np.zeros(9), np.eye(9)[0], np.eye(9)[1]), plane=PLANE, size=(8, 8))
    with pytest.raises(
        nw.NetwarpError, match=r"given a row of 9 numbers, from 4 to 4, 1 to 1, 0 to 0, 0 to 0 and 5 more"
    ):
        wide.at([[4, 1]])


def test_a_function_that_raises_at_once_is_told_what_it_must_take() -> None:
    with pytest.raises(nw.NetwarpError, match=r"given 3 rows .*; it must take an array \(n, 2\)") as caught:
        nw.field(fragile, plane=nw.Plane(9, 0, 2, 2))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_module_and_an_estimator_that_raise_are_told_too() -> None:
    torch = pytest.importorskip("torch")

    class Fragile(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def forward(self, x: Any) -> Any:
            if len(x) > 3 and float(x.max()) > 3:
                raise ValueError("too\nlarge")
            return x

    class Other:
        def fit(self) -> None: ...

        def predict(self, rows: Any) -> Any:
            return fragile(rows)

    for model, why in ((Fragile(), "ValueError: too large"), (Other(), "ZeroDivisionError: division by zero")):
        field = nw.field(model, plane=PLANE, size=(8, 8))
        with pytest.raises(nw.NetwarpError, match=f"model {type(model).__name__}: raises {why}, given 64 rows of 2"):
            field.sample(nw.Raster(8, 8, nw.Plane(0, 0, 9, 9)))
