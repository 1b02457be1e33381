"""Tessellation's methods: linear regions, layers, files, pictures."""

from __future__ import annotations

import gc
import io
import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.drawing import worthwhile
from netwarp.regions.tessellation import Tessellation
from regions.made import SQUARE, plain


@pytest.fixture(scope="module")
def found() -> Tessellation:
    return Network.draw(parse("conv(10) * 4"), 1).calibrate().tessellate()


def test_a_unit_that_nothing_hears_draws_activation_regions_only() -> None:
    weight = np.array([[1.0, 0.0], [0.0, 1.0]])
    field = plain([(weight, np.zeros(2)), (np.array([[1.0, 0.0]]), np.zeros(1))])
    result = field.tessellate(SQUARE)
    assert len(result) == 4
    merged = result.merge()
    assert (merged.count, merged.exact) == (2, 0)
    assert sorted(np.bincount(merged.region_of).tolist()) == [2, 2]


def test_equal_maps_over_paths_that_cancel_are_found_by_integers() -> None:
    """Both copies of a unit are heard, with opposite signs; in floats their sum need not vanish."""
    first = np.array([[0.1, 0.7], [0.1, 0.7], [0.3, -0.2]])
    bias = np.array([0.05, 0.05, 0.1])
    second = np.array([[0.3, -0.3, 0.9]])
    result = plain([(first, bias), (second, np.zeros(1))]).tessellate(SQUARE)
    assert len(result) == 4
    assert result.merge().count == 2


@pytest.mark.parametrize(("p", "q"), [((0, 0), (0, 0)), ((0, 0, 0), (1, 1)), ((0, np.nan), (1, 1)), ("ab", (1, 1))])
def test_what_is_no_segment_is_refused(found: Tessellation, p: object, q: object) -> None:
    with pytest.raises(InputError, match="along "):
        found.along(p, q)  # type: ignore[arg-type]


def test_after_a_layer_cells_are_coarser(found: Tessellation) -> None:
    counts = [len(found.after(layer)) for layer in range(5)]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] == len(found)


def test_edges_say_which_unit_drew_them(found: Tessellation) -> None:
    middles = found.vertices[found.edges].mean(axis=1)
    for layer in range(1, 5):
        drawn = found.edge_layers == layer
        before = found.field.after(layer).at(middles[drawn])
        assert np.abs(before[np.arange(drawn.sum()), found.edge_units[drawn]]).max() < 1e-9
    assert (found.edge_units[found.edge_layers == 0] == -1).all()


def test_a_file_holds_everything(found: Tessellation, tmp_path: Path) -> None:
    path = tmp_path / "cells.npz"
    found.save(path)
    again = Tessellation.load(path)
    again.check()
    for name in ("vertices", "edges", "affine", "bits", "indices", "edge_units"):
        np.testing.assert_array_equal(getattr(found, name), getattr(again, name))
    assert (again.plane, again.bounds, again.merge().count) == (found.plane, found.bounds, found.merge().count)
    assert len(again.after(2)) == len(found.after(2))
    assert [p.name for p in tmp_path.iterdir()] == ["cells.npz"]


def test_two_files_of_one_tessellation_are_the_same_bytes(found: Tessellation, tmp_path: Path) -> None:
    """And a file of version 0.1, which says how long it took, is read."""
    found.save(tmp_path / "one.npz")
    found.field.tessellate(found.plane).save(tmp_path / "other.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    assert Tessellation.load(tmp_path / "one.npz").seconds == 0.0
    with np.load(tmp_path / "one.npz") as stored:
        arrays = dict(stored)
    arrays["head"] = np.array(json.dumps(json.loads(str(arrays["head"])) | {"seconds": 1.5}))
    # which does not say how well vertices are known either
    del arrays["reach"]
    np.savez(tmp_path / "old.npz", **arrays)
    old = Tessellation.load(tmp_path / "old.npz")
    assert old.seconds == 1.5
    assert (old.reach >= found.reach).all()


def test_a_file_of_a_layer_is_that_layers(found: Tessellation) -> None:
    target = io.BytesIO()
    found.after(2).save(target)
    target.seek(0)
    again = Tessellation.load(target)
    assert again.field.channels == 10
    assert len(again) == len(found.after(2))


@pytest.mark.parametrize("name", ["head", "network", "affine", "offsets", "indices"])
def test_a_damaged_file_is_refused(found: Tessellation, tmp_path: Path, name: str) -> None:
    path = tmp_path / "cells.npz"
    found.save(path)
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays[name] = arrays[name][:-1] if arrays[name].ndim else np.array("{}")
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=r"cells\.npz: "):
        Tessellation.load(path)


def test_the_exact_picture_is_the_evaluated_one() -> None:
    field = Network.draw(parse("conv(12) * 6"), 3).calibrate()
    raster = Raster(301, 203)
    exact, native = field.sample(raster, engine="exact"), field.sample(raster, dtype="float64")
    assert exact.dtype == np.float32
    np.testing.assert_allclose(exact, native, rtol=0, atol=3e-7 * np.abs(native).max())
    double = field.sample(raster, engine="exact", dtype="float64")
    np.testing.assert_allclose(double, native, rtol=0, atol=1e-12 * np.abs(native).max())


@pytest.mark.slow
def test_auto_counts() -> None:
    deep = Network.draw(parse("conv(20) * 30"), 0).calibrate()
    assert not worthwhile(deep, Raster(60, 40))
    assert worthwhile(Network.draw(parse("conv(8) * 100"), 0).calibrate(), Raster(30_000, 20_000))
    smooth = Network.draw(parse("conv(20, act='sin') * 3"), 0).calibrate()
    assert not worthwhile(smooth, Raster(30_000, 20_000))
    np.testing.assert_array_equal(smooth.sample(Raster(30, 20), engine="auto"), smooth.sample(Raster(30, 20)))


def test_a_cell_there_is_not(found: Tessellation) -> None:
    with pytest.raises(InputError, match="pattern cell="):
        found.pattern(len(found))


def test_a_far_small_plane(found: Tessellation) -> None:
    """Around a vertex, 1e-9 wide: as many cells as meet there."""
    v = int(np.flatnonzero(np.abs(found.vertices).max(axis=1) < 0.4)[7])
    x, y = found.vertices[v]
    near = found.field.tessellate(Plane(float(x), float(y), 1e-9, 1e-9))
    near.check()
    assert len(near) == int((found.indices == v).sum())


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("affine", lambda a: a.__setitem__((3, 0, 2), -7.0), "jumps"),
        ("affine", lambda a: a.__setitem__(slice(None), a[::-1].copy()), "jumps"),
        ("bits", lambda b: b.__setitem__(slice(None), b[::-1].copy()), "unit"),
        ("edge_units", lambda u: u.__setitem__(slice(None), (u + 1) % 9), "unit"),
        ("edge_layers", lambda e: e.__setitem__(e > 0, 2**31 - 1), "unit"),
        ("errors", lambda e: e.__setitem__((0, 0), -1.0), "bound"),
    ],
)
def test_check_sees_what_was_changed(name: str, change: Callable[[np.ndarray], None], said: str) -> None:
    found = Network.draw(parse("conv(9) * 2"), 2).calibrate().tessellate()
    array = getattr(found, name).copy()
    change(array)
    with pytest.raises(AssertionError, match=said):
        replace(found, **{name: array}).check()


def test_what_is_no_number_is_refused_in_a_line() -> None:
    found = Network.draw(parse("conv(4)"), 0).calibrate().tessellate()
    for call in (
        lambda: found.contour(1.5),
        lambda: found.contour(True),
        lambda: found.contour("a"),
        lambda: found.contour(0, None),
        lambda: found.pattern(0.5),
        lambda: found.pattern(None),
        lambda: found.locate([("a", "b")]),
        lambda: found.field.sample(engine=None),
        lambda: nw.along(None, (0, 0), (1, 1)),
    ):
        with pytest.raises(InputError, match="must be"):
            call()


def test_a_plane_of_decimal_texts_and_a_layer_come_back_from_a_file() -> None:
    """The saved file needs no second calibration, and loses no digit of the centre."""
    network = Network.draw(parse("conv(6) * 3"), 2)
    plane = Plane("0.1234567890123456789012345", "-0.25", 0.25, 0.125)
    for layer in (None, 0, 1, 3):
        field = network.calibrate(Raster(24, 16))
        kept = io.BytesIO()
        cells = (field if layer is None else field.after(layer)).tessellate(plane)
        cells.save(kept)
        kept.seek(0)
        again = Tessellation.load(kept)
        assert (again.plane, again.field.layer, again.field.channels) == (plane, layer, cells.field.channels)


def test_its_memory_is_free_when_its_last_name_goes() -> None:
    """Not when the collector comes round: a worker of a study takes thousands, of 100 MB some."""
    found = Network.draw(parse("conv(6) * 3"), 1).calibrate(Raster(32, 32)).tessellate()
    found.integrate()
    found.contour(0, 0.0)
    found.merge()
    gone = weakref.ref(found)
    gc.disable()
    try:
        del found
        assert gone() is None
    finally:
        gc.enable()
