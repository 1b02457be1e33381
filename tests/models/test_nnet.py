"""NNET files: the network is that of the format's own evaluator, its normalisation included."""

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.models import nnet

RANDOM = np.random.RandomState(2)
LAYERS = [(RANDOM.randn(width, read), RANDOM.randn(width)) for read, width in ((3, 5), (5, 4), (4, 2))]
MEANS, RANGES = [0.5, -3, 10, 7.5], [2.0, 0.5, 100, 3]


def written(path: Path, change: tuple[str, str] = ("", "")) -> Path:
    lines = ["// a network", "//", "3,3,2,5,", "3,5,4,2,", "0,", "-9,-9,-900,", "9,9,900,"]
    lines += [",".join(map(repr, row)) + "," for row in (MEANS, RANGES)]
    for weight, bias in LAYERS:
        lines += [",".join(map(repr, row)) + "," for row in (*weight.tolist(), *([one] for one in bias.tolist()))]
    path.write_text("\n".join(lines).replace(*change, 1) + "\n")
    return path


def evaluated(inputs: np.ndarray) -> np.ndarray:
    """As NNet's own Python evaluator does it, but for the clipping."""
    values = (inputs - MEANS[:-1]) / RANGES[:-1]
    for n, (weight, bias) in enumerate(LAYERS):
        values = values @ weight.T + bias
        values = values if n == len(LAYERS) - 1 else np.maximum(values, 0)
    return values * RANGES[-1] + MEANS[-1]


def test_the_normalisation_is_folded_in(tmp_path: Path) -> None:
    written(tmp_path / "a.nnet")
    arrays = nnet.read(tmp_path / "a.nnet")
    plane = nw.Slice([0.5, -3, 10], [1, 0, 0], [0, 0.1, 50])
    network = nw.Network.of_arrays(arrays | {"origin": plane.origin, "u": plane.u, "v": plane.v})
    points = RANDOM.randn(30, 2)
    found = network.calibrate(nw.Raster(4, 4)).at(points)
    assert np.allclose(found, evaluated(plane.points(points)), atol=1e-12)
    assert not network.source.assumed  # type: ignore[union-attr]  # the format knows relu alone


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("3,3,2,5,", "3,3,2"), "line 3 of an NNET file: needs four sizes"),
        (("3,3,2,5,", "3,3,2,x"), "line 3 of an NNET file: needs numbers with commas between"),
        (("3,3,2,5,", "3,3,0,5"), "needs sizes from 1 to 100,000"),
        (("3,3,2,5,", "99999999,3,2,5"), "line 3 .* sizes from 1"),
        (("3,5,4,2,", "3,5,4,7"), "line 4 of an NNET file: needs widths from 3 to 2"),
        (("3,5,4,2,", "3,5,4"), "line 4 .* needs 4 finite numbers, a width of every layer"),
        (("3,5,4,2,", "3,9,4,2,"), "finite numbers"),
        (("2.0,0.5,", "2.0,0,"), "needs ranges other than 0"),
        (("0.5,-3,", "0.5,inf,"), "line 8 .* finite numbers, means"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        nnet.read(written(tmp_path / "a.nnet", change))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_cut_short_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nnet")
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.raises(nw.NetwarpError, match="a bias of layer 3: the file ends before"):
        nnet.read(path)
