"""Every activation in every evaluator: a matrix of names, and the holes in it that are known, each with its reason."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest

from known import ACTIVATIONS, PARAMETERS
from netwarp.activations import ops, registry
from netwarp.activations.registry import FACES, face
from netwarp.engine.functions import LaneOps
from netwarp.engine.native import Native
from netwarp.errors import NetwarpError, UnsupportedError
from netwarp.fields.deep import activations as deep
from netwarp.fields.deep.digits import Digits, Number
from netwarp.network.program import Activate, Embed, Program
from netwarp.regions.stages import stages_of
from netwarp.theory.arrays import ARRAYS, Arrays
from toolbox import is_current

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parent.parent.parent
Z = np.array([-4.3, -2.1, -0.6, 0.35, 1.7, 5.2, 7.5])
# (name, evaluator) -> why it is not there. Those of values, slopes, native, torch and exact are to have none
HOLES: dict[tuple[str, str], str] = {}


def one(name: str) -> Program:
    embed = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.0, 0.0]]))
    return Program((embed, Activate((0,), name, np.array([PARAMETERS.get(name, 0.0)]))))


def value(name: str) -> None:
    wanted = ACTIVATIONS[name].value(Z, PARAMETERS.get(name, 0.0))
    np.testing.assert_allclose(face(name).value(ARRAYS, Z, PARAMETERS.get(name)), wanted, rtol=1e-14, atol=1e-16)


def slope(name: str) -> None:
    wanted = ACTIVATIONS[name].slope(Z, PARAMETERS.get(name, 0.0))
    np.testing.assert_allclose(face(name).slope(ARRAYS, Z, PARAMETERS.get(name)), wanted, rtol=1e-13, atol=1e-15)


def native(name: str) -> None:
    points = np.stack([Z, np.zeros_like(Z)], axis=1)
    found = Native().points(one(name), points, (1.0, 1.0), "float64")[:, 0]
    np.testing.assert_allclose(found, ACTIVATIONS[name].value(Z, PARAMETERS.get(name, 0.0)), rtol=1e-14, atol=1e-15)


def by_torch(name: str) -> None:
    from netwarp.engine.torch import Torch

    points = np.stack([Z, np.zeros_like(Z)], axis=1)
    found = Torch().points(one(name), points, (1.0, 1.0), "float64")[:, 0]
    np.testing.assert_allclose(found, ACTIVATIONS[name].value(Z, PARAMETERS.get(name, 0.0)), rtol=1e-13, atol=1e-15)


def exact(name: str) -> None:
    """To 180 of 200 bits."""
    bits, p = 200, PARAMETERS.get(name, 0.0)
    with mpmath.workdps(80):
        for z in Z.tolist():
            found = face(name).value(Digits(bits), Number.of(z, bits), Number.of(p, bits)).whole
            wanted = ACTIVATIONS[name].exact(mpmath.mpf(z), p)
            assert abs(mpmath.mpf(found) / 2**bits - wanted) < mpmath.mpf(2) ** -180, (name, z)


def differences(name: str) -> None:
    """Over half a unit, and where nothing is bent the slope."""
    known, p = ACTIVATIONS[name], PARAMETERS.get(name, 0.0)
    z, d = Z[:, None], np.full((len(Z), 1), 0.5)
    near: tuple[np.ndarray, ...] = tuple(z - kink for kink in known.kinks) or (z,)
    near = (np.sin((p or 1) * z), np.cos((p or 1) * z)) if known.waves else near
    near = (*near, np.full_like(z, p)) if name in PARAMETERS else near
    moved = known.value(z + d, p) - known.value(z, p)
    np.testing.assert_allclose(deep.change(name, near, d), moved, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(deep.slope(name, near, d), known.slope(z + d, p), rtol=1e-12, atol=1e-14)
    found, affine = deep.steady(name, near, np.full_like(z, 1e-20))
    assert affine.all()
    np.testing.assert_allclose(found, known.slope(z, p), rtol=1e-12, atol=1e-15)


def regions(name: str) -> None:
    """Its pieces are its values; what has none is refused by its name."""
    known = ACTIVATIONS[name]
    pieces = face(name).pieces
    if known.smooth and name != "linear":
        with pytest.raises(UnsupportedError, match=f"activation {name} "):
            stages_of(one(name))
        return
    assert pieces is not None
    p = Fraction(PARAMETERS.get(name, 0.0))
    (steep, offset), gains = pieces(p)
    assert tuple(kink for kink, _, _ in gains) == known.kinks
    for z in map(Fraction, Z.tolist()):
        passed = [gain for gain in gains if z > gain[0]]
        found = (steep + sum(g for _, g, _ in passed)) * z + offset + sum(h for _, _, h in passed)
        assert float(found) == pytest.approx(float(known.exact(mpmath.mpf(float(z)), float(p))), rel=1e-14)
    stages_of(one(name))


def module(name: str) -> None:
    from netwarp.network.module import _activation

    made = _activation(Activate((0,), name, np.full(2, PARAMETERS.get(name, 0.0))))
    z = torch.from_numpy(np.tile(Z, (1, 2, 1, 1)).transpose(0, 1, 2, 3).copy())
    found = made(z)[0, 0, 0].detach().numpy()
    np.testing.assert_allclose(found, ACTIVATIONS[name].value(Z, PARAMETERS.get(name, 0.0)), rtol=1e-13, atol=1e-15)


def page(name: str) -> None:
    """The generated list has it, and so has the table of forms; its numbers are judged in a browser."""
    listed = (ROOT / "web/src/gpu/faces.ts").read_text()
    assert f"\n  {name}: " in listed
    assert re.search(rf"\n  {name}\b[:,]", (ROOT / "web/src/gpu/activations.ts").read_text())


def language(name: str) -> None:
    """The row of activations in docs/language.md."""
    rows = (ROOT / "docs/language.md").read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in rows if row.startswith("| activations |"))
    assert name in re.findall(r"\w+", row)


EVALUATORS: dict[str, Callable[[str], None]] = {
    "value": value,
    "slope": slope,
    "native": native,
    "torch": by_torch,
    "exact": exact,
    "differences": differences,
    "regions": regions,
    "module": module,
    "page": page,
    "language": language,
}


def test_every_name_in_every_evaluator(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(ACTIVATIONS) == set(FACES)
    missing: dict[tuple[str, str], str] = {}
    with capsys.disabled():
        sys.stdout.write(f"\n{'':12} " + " ".join(f"{evaluator:11}" for evaluator in EVALUATORS) + "\n")
        for name in FACES:
            marks = []
            for evaluator, check in EVALUATORS.items():
                try:
                    check(name)
                    marks.append("yes")
                except NetwarpError as error:
                    missing[name, evaluator] = str(error)
                    marks.append("no")
            sys.stdout.write(f"{name:12} " + " ".join(f"{mark:11}" for mark in marks) + "\n")
    assert {hole: missing.get(hole) for hole in missing.keys() ^ HOLES.keys()} == {}
    assert not [hole for hole in HOLES if hole[1] in ("value", "slope", "native", "torch", "exact")]


def test_what_an_evaluator_offers_it_has() -> None:
    """And what refinements need is offered by one of them at least."""
    tensors = importlib.import_module("netwarp.network.tensors").Tensors
    every = (LaneOps, Arrays, tensors, Digits)
    base = {name for name in vars(ops.Ops) if not name.startswith("_")} - {"bits"}
    for kind in every:
        assert base | set(kind.offers) <= set(dir(kind)), kind
    offered = frozenset().union(*(kind.offers for kind in every))
    assert frozenset().union(*(refined.needs for one in FACES.values() for refined in one.refined)) <= offered


@pytest.mark.parametrize("evaluator", [name for name in EVALUATORS if name not in ("page", "language")])
def test_a_name_that_nobody_knows_is_refused_by_name(evaluator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "sinh", ACTIVATIONS["relu"])
    with pytest.raises(UnsupportedError, match="activation 'sinh': not a known name"):
        EVALUATORS[evaluator]("sinh")


def test_a_new_name_must_be_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a face lacks is a hole in the matrix."""
    monkeypatch.setitem(registry.FACES, "tanh", replace(FACES["tanh"], change=None))
    with pytest.raises(UnsupportedError, match="activation tanh: "):
        differences("tanh")


def test_the_page_s_list_is_current() -> None:
    is_current("faces")
