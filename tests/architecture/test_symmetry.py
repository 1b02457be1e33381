"""Symmetric inputs: what they say, what they refuse, and the motions of the 17 groups."""

from math import sqrt

import pytest

from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.architecture.notation import read_inputs
from netwarp.architecture.symmetry import GROUPS, Rosette, Wallpaper, after, motions
from netwarp.errors import InputError

# the motions of a primitive cell in the International Tables' first column, those of a centred one by halves of it
ORDERS = {
    "p1": 1, "p2": 2, "pm": 2, "pg": 2, "cm": 2, "pmm": 4, "pmg": 4, "pgg": 4, "cmm": 4, "p4": 4, "p4m": 8, "p4g": 8,
    "p3": 3, "p3m1": 6, "p31m": 6, "p6": 6, "p6m": 12,
}  # fmt: skip


def test_there_are_seventeen_groups() -> None:
    assert {name: len(motions(group)) for name, group in GROUPS.items()} == ORDERS


@pytest.mark.parametrize("name", GROUPS)
def test_they_are_groups(name: str) -> None:
    found = set(motions(GROUPS[name]))
    assert len(found) == ORDERS[name]
    assert {after(one, other) for one in found for other in found} == found


def test_tables() -> None:
    """Some general positions as the International Tables print them."""
    assert set(motions(GROUPS["pgg"])) == {
        (1, 0, 0, 1, 0, 0), (-1, 0, 0, -1, 0, 0), (-1, 0, 0, 1, 1, 1), (1, 0, 0, -1, 1, 1),
    }  # fmt: skip
    assert set(motions(GROUPS["p3m1"])) == {
        (1, 0, 0, 1, 0, 0), (0, -1, 1, -1, 0, 0), (-1, 1, -1, 0, 0, 0),
        (0, -1, -1, 0, 0, 0), (-1, 1, 0, 1, 0, 0), (1, 0, 1, -1, 0, 0),
    }  # fmt: skip
    assert {(0, 1, 1, 0, 1, 1), (0, -1, -1, 0, 1, 1)} < set(motions(GROUPS["p4g"]))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mirror()", Rosette(1, True)),
        ("rotate(5)", Rosette(5, False)),
        ("dihedral(6, n=12, sigma=0.5)", Rosette(6, True, 12, 0.5)),
        ("wallpaper(p4m)", Wallpaper("p4m")),
        ("wallpaper(p1, n=20, cell=0.25, ratio=0.5, shear=-0.25)", Wallpaper("p1", 20, 0.25, 0.5, -0.25)),
    ],
)
def test_they_round_trip(text: str, part: Rosette | Wallpaper) -> None:
    assert read_inputs(f"{text} z(2)").symmetry == part
    assert str(read_inputs(f"{text} z(2)")) == f"{text} z(2)"


def test_one_turn_with_its_image_is_a_mirror() -> None:
    assert str(Rosette(1, True, 4)) == "mirror(n=4)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rotate(1)", "rotate fold=1: must be 2 to 360, as in rotate(5)"),
        ("rotate(5, n=3)", "rotate n=3: must be 4 to 64, as in n=8"),
        ("wallpaper('p6mm')", "wallpaper group='p6mm': is none of the 17 groups p1, p2, pm,"),
        ("wallpaper(p4, ratio=2)", "wallpaper ratio: the lattice of p4 is square, which leaves it no choice; leave it"),
        ("wallpaper(pmm, shear=0.5)", "wallpaper shear: the lattice of pmm is rectangular, which leaves it no choice"),
        ("wallpaper(p1, shear=2)", "wallpaper shear=2: must be -1 to 1"),
        ("wallpaper(p1, cell=0)", "wallpaper cell=0: must be positive, as in cell=0.5"),
        ("x mirror()", "inputs: x has not the symmetry of mirror(); beside it may stand r, bias and z"),
        ("r wallpaper(p2)", "inputs: r has not the symmetry of wallpaper(p2); beside it may stand bias and z"),
        ("mirror() rotate(2)", "inputs: more than one symmetry, mirror() and rotate(2); leave one"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_inputs(text)
    assert message in str(refused.value)


@pytest.mark.parametrize("tree", ["conv(4) >> conv(4, 3)", "conv(4) >> pool('max', 2)", "depthwise(3)"])
def test_windows_are_refused(tree: str) -> None:
    with pytest.raises(InputError, match=r"looks beside a point, which wallpaper\(p4\) cannot keep symmetric"):
        count(parse(tree, inputs="wallpaper(p4)"))
    assert count(parse("conv(4) >> pool('max', 1, 2)", inputs="wallpaper(p4)")).layers == 1


def test_tiles() -> None:
    assert Wallpaper("p4m").tile == (0.5, 0.5)
    assert Wallpaper("cmm", ratio=0.5).tile == (0.5, 0.25)
    assert Wallpaper("p6", cell=1).tile == pytest.approx((1, sqrt(3)))
    assert Wallpaper("p2", cell=1, ratio=2, shear=0.25).tile == (1, 8)
    with pytest.raises(InputError, match="no upright rectangle of 12 cells repeats"):
        _ = Wallpaper("p1", shear=0.123).tile
