"""Which bounds of theory apply to which field, and how they are said."""

import re

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.architecture.notation import to_activation
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.source import Plain
from netwarp.orders.bounds import Bounds, bounds, shown
from netwarp.plane import Raster


def field(text: str, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), 0), Raster(6, 4))


def test_one_layer_is_an_arrangement_of_lines() -> None:
    found = bounds(field("conv(100)").program)
    # 1 + 100 + 100 * 99 / 2, which all three give for one layer
    assert (found.widths, found.arrangement, found.montufar, found.serra, found.upper) == ((100,), *[5051] * 4)
    assert found.lower == (5051, "Montúfar et al. 2014")
    assert found.sentences()[0] == "at most 5,051 (an arrangement of 100 lines)"
    assert bounds(field("conv(1)").program).sentences()[0] == "at most 2 (an arrangement of 1 line)"


def test_a_deep_chain_has_both_bounds_and_the_upper_one_is_larger() -> None:
    found = bounds(field("conv(10) * 10").program)
    assert found.widths == (10,) * 10
    assert found.arrangement is None
    # 5^2 for each of nine layers, then an arrangement of ten lines
    assert found.montufar == 25**9 * 56
    assert found.serra is not None
    assert found.upper is not None
    assert found.montufar < found.serra < found.upper
    assert found.lower == (found.serra, "Serra et al. 2018")
    assert "Serra" in found.sentences()[0]
    assert "Serra" in found.sentences()[1]
    assert bounds(field("conv(10) * 10").after(2).program).widths == (10, 10)


def test_more_inputs_that_are_affine_are_still_a_plane() -> None:
    assert bounds(field("conv(7) * 2", inputs="x y bias z(3)").program) == bounds(field("conv(7) * 2").program)
    random = np.random.RandomState(0)
    arrays = {
        "W0": random.randn(6, 9), "b0": random.randn(6), "W1": random.randn(1, 6), "b1": random.randn(1),
        "origin": random.randn(9), "u": random.randn(9), "v": random.randn(9),
    }  # fmt: skip
    plain = calibrate(Network(Plain(to_activation("activation", "relu")), arrays), Raster(6, 4))
    assert bounds(plain.program).upper == 1 + 6 + 15


@pytest.mark.parametrize(("act", "pieces"), [("leaky(0.1)", 2), ("abs", 2)])
def test_other_activations_of_two_pieces(act: str, pieces: int) -> None:
    found = bounds(field("conv(4) * 2", act=act).program)
    assert (found.lower, found.upper, found.maxout) == (None, None, 11 * 11)
    assert bounds(field("conv(4)", act=act).program).arrangement == 11


def test_maxout_counts_pairs_of_pieces() -> None:
    found = bounds(field("maxout(2, 3) * 2").program)
    # three pairs of pieces a unit: arrangements of six lines
    assert found.maxout == 22 * 22
    assert found.arrangement is None


@pytest.mark.parametrize(
    ("text", "defaults", "why"),
    [
        ("residual(conv(4))", {}, "not a plain chain"),
        ("conv(4) * 2", {"act": "hardtanh"}, "hardtanh"),
        ("conv(4, groups=2)", {}, "conv"),
        ("conv(4)", {"act": "linear"}, "no activation"),
        ("conv(4)", {"inputs": "x y r"}, "not affine"),
        ("conv(4) >> maxout(4, 3)", {}, "different kinds"),
    ],
)
def test_where_no_bound_applies_it_is_said_why(text: str, defaults: dict[str, object], why: str) -> None:
    found = bounds(field(text, **defaults).program)
    assert found.widths is None
    assert why in found.sentences()[0]
    assert found.sentences()[0].startswith("no bound applies: ")
    assert set(found.data().values()) == {None}


def test_mixed_relu_and_abs_have_the_bound_of_two_pieces() -> None:
    found = bounds(field('conv(4) >> conv(4, act="abs")').program)
    assert found.maxout == 121


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999_999_999_999_999, "999,999,999,999,999"), (12 * 10**33, "1.2e34"), (10**400, "1.0e400")],
)
def test_huge_counts_are_short(number: int, text: str) -> None:
    assert shown(number) == text
    assert Bounds((2, 2), montufar=1, upper=number).sentences()[0] == f"at most {text} (Serra et al. 2018)"


def test_a_huge_lower_bound_is_short() -> None:
    said = Bounds((100,) * 200, montufar=1, upper=10**400).sentences()[1]
    assert re.fullmatch(r"this shape can reach \d\.\de\d{3,4} \((Montúfar|Serra) et al\. 201[48]\)", said)
