"""What torch.export cannot write down is one line with its place, nothing beside it, and is drawn by calling it."""

import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import UnsupportedError

torch = pytest.importorskip("torch")
LOOKS = "Python looks at a number that depends on the input, as an if, a loop or float() does"


class Branch(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(2, 3)

    def forward(self, x: Any) -> Any:
        y = self.layer(x)
        if y.sum() > 0:
            return y.relu()
        return -y


class Factor(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def forward(self, x: Any) -> Any:
        return x * float(x[0, 0])


class Outside(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    def forward(self, x: Any) -> Any:
        return torch.from_numpy(x.numpy() * 2)


def line_of(text: str) -> int:
    """The line of this file that has the text."""
    lines = Path(__file__).read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line and "line_of" not in line)


@pytest.mark.parametrize(
    ("module", "place", "why"),
    [
        (
            torch.nn.Sequential(torch.nn.Sequential(Branch())),
            f"0.0 (test_written.py:{line_of('if y.sum() > 0')})",
            LOOKS,
        ),
        (Factor(), f"the module (test_written.py:{line_of('x * float(x')})", LOOKS),
        (Outside(), f"the module (test_written.py:{line_of('x.numpy() * 2')})", "RuntimeError: .numpy()"),
    ],
)
def test_the_place_is_named_in_one_line(
    module: Any, place: str, why: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = sys.stderr
    with pytest.raises(UnsupportedError) as caught:
        nw.torch.from_module(module, torch.zeros(1, 2))
    assert str(caught.value).startswith(f"from_module: torch.export cannot write down {place}: {why}")
    assert str(caught.value).endswith("; nw.field(module, slice) still draws it")
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert sys.stderr is before
    assert logging.getLogger("torch.export._trace").level == logging.NOTSET


def test_what_depends_on_its_batch_is_called_point_by_point(caplog: pytest.LogCaptureFixture) -> None:
    module = Branch()
    torch.nn.init.zeros_(module.layer.bias)  # so that the sum has another sign on the other side
    field = nw.field(module, size=(12, 8))
    assert "model Branch: what it gives for a point depends on the others in its batch" in caplog.text
    points = np.random.RandomState(0).uniform(-3, 3, (30, 2))
    alone = [module(torch.tensor(one[None], dtype=torch.float32)).detach().numpy()[0] for one in points]
    assert np.allclose(field.at(points), alone, atol=1e-6)
    caplog.clear()
    nw.field(torch.nn.Sequential(torch.nn.Linear(2, 99), torch.nn.ReLU(), torch.nn.Linear(99, 2)), size=(12, 8))
    assert not caplog.records
