"""What results are called where a notebook or a prompt shows them: one line of at most 100 characters."""

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw


def results(folder: Path) -> dict[str, object]:
    weights = {"W0": [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], "b0": np.zeros(3), "W1": [[1.0, 2.0, 3.0]]}
    np.savez(folder / "three.npz", **weights, activation="relu")
    network = nw.Network.load(str(folder / "three.npz"))
    tessellation = network.calibrate().tessellate()
    asked = {"seeds": range(6), "size": (16, 16)}
    one = {"activations": ["relu"], "scales": ["1"], "shifts": ["0"], "depths": [2], "widths": [5]}
    return {
        "Comparison": nw.compare("conv(10) * 2", "conv(10) * 3", measures=["total_variation"], **asked),
        "Ensemble": nw.ensemble("conv(10) * 2", "structural_complexity", **asked),
        "Atlas": nw.atlas("conv(5) * 2", measure="structural_complexity", **one, **asked),
        "LinearRegions": tessellation.merge(),
        "Tessellation": tessellation,
        "Measurements": nw.measure(network.calibrate(), ["total_variation"]),
        "Data": nw.Data(np.zeros((50, 2)), ["a", "b"] * 25),
        "Agreement": nw.agreement([network, network]),
        "Slice": nw.features(0, 1, at=[0, 0, 0]),
    }


def test_results_show_as_one_short_line(tmp_path: Path) -> None:
    for name, result in results(tmp_path).items():
        said = repr(result)
        assert name in said
        assert "\n" not in said
        assert len(said) <= 100, said


@pytest.mark.parametrize(("text", "near"), [("resnett", "resnet"), ("conv(10) >> vg", "vgg"), ("Densnet", "densenet")])
def test_a_misspelt_family_is_known(text: str, near: str) -> None:
    with pytest.raises(nw.NetwarpError, match=f'did you mean "{near}"\\? .*nw.zoo.find\\("{near}"\\).architecture'):
        nw.parse(text)
