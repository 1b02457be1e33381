"""Any tiling and any number of threads gives the same bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.engine import native
from netwarp.engine.native import Native
from netwarp.engine.protocol import Dtype
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster
from programs import TAP, calibrated, conv, embed, program, programs

NETWORKS = {
    text: calibrated(text, inputs="x y r fourier(2, 3)")
    for text in (
        "conv(10) * 3",
        "maxout(5, 3) >> norm(layer()) >> conv(9)",
        "gated(conv(8) >> depthwise(4)) >> conv(7, 3)",
        'conv(6, 2) >> pool("max", 2) >> conv(4, 3) >> pool("avg", 3)',
        "residual(conv(6, 3) * 2) >> parallel(conv(3), conv(2, 5))",
    )
}
DTYPES: st.SearchStrategy[Dtype] = st.sampled_from(["float32", "float64"])
sizes = st.tuples(st.integers(1, 150), st.integers(1, 40))
# from one tile or a row to more than a machine has
caches = st.tuples(st.sampled_from([1, 5 << 10, 24 << 10, 1 << 20]), st.sampled_from([1, 40 << 10, 300 << 10, 1 << 24]))
threads = st.sampled_from([1, 2, 3, 7])


@contextmanager
def machine(threads: int, first: int, second: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETWARP_THREADS", str(threads))
        patch.setattr(native, "FIRST_CACHE", first)
        patch.setattr(native, "SECOND_CACHE", second)
        yield


def same_bits(a: np.ndarray, b: np.ndarray) -> None:
    assert a.dtype == b.dtype
    assert a.shape == b.shape
    assert a.tobytes() == b.tobytes()


@settings(max_examples=60)
@given(st.sampled_from(sorted(NETWORKS)), sizes, DTYPES, st.booleans(), threads, caches)
def test_threads_and_blocks_change_nothing(
    text: str, size: tuple[int, int], dtype: Dtype, tangents: bool, threads: int, caches: tuple[int, int]
) -> None:
    one, raster = NETWORKS[text], Raster(*size, Plane(0.1, 0.2, TAP[0] * size[0], TAP[1] * size[1]))
    with machine(1, 24 << 10, 768 << 10):
        wanted = Native().run(one, raster, TAP, dtype, tangents=tangents)
    with machine(threads, *caches):
        same_bits(Native().run(one, raster, TAP, dtype, tangents=tangents), wanted)


@settings(max_examples=40)
@given(
    programs(step=False), st.integers(1, 60), st.integers(1, 9), DTYPES, st.sampled_from([1.0, 3.0, 0.5, 5 / 3, 1.41])
)
def test_any_program_on_any_lattice(one: Program, columns: int, rows: int, dtype: Dtype, zoom: float) -> None:
    raster = Raster(columns, rows, Plane(0.1, 0.2, TAP[0] * columns / zoom, TAP[1] * rows / zoom))
    with machine(1, 24 << 10, 768 << 10):
        wanted = Native().run(one, raster, TAP, dtype, tangents=True)
    with machine(3, 1, 1):
        same_bits(Native().run(one, raster, TAP, dtype, tangents=True), wanted)


@settings(max_examples=60)
@given(st.sampled_from(sorted(NETWORKS)), DTYPES, st.data())
def test_a_part_of_a_raster_is_the_part_of_the_whole(text: str, dtype: Dtype, data: st.DataObject) -> None:
    """A pixel's distance is a power of two here, so that a part's coordinates are the whole's to the last bit."""
    one, pitch = NETWORKS[text], 1 / 64
    columns, rows = data.draw(st.integers(1, 90)), data.draw(st.integers(1, 30))
    whole = Raster(columns, rows, Plane(0.25, 0.125, columns * pitch, rows * pitch))
    left, top = data.draw(st.integers(0, columns - 1)), data.draw(st.integers(0, rows - 1))
    right, bottom = data.draw(st.integers(left + 1, columns)), data.draw(st.integers(top + 1, rows))
    plane = whole.plane
    centre = plane.x + (left + right - columns) / 2 * pitch, plane.y + (top + bottom - rows) / 2 * pitch
    part = Raster(right - left, bottom - top, Plane(*centre, (right - left) * pitch, (bottom - top) * pitch))
    np.testing.assert_array_equal(part.xs(), whole.xs()[left:right])
    found = Native().run(one, part, (pitch, pitch), dtype)
    wanted = Native().run(one, whole, (pitch, pitch), dtype)[:, top:bottom, left:right]
    same_bits(found, np.ascontiguousarray(wanted))


@settings(max_examples=30)
@given(st.sampled_from(sorted(NETWORKS)), DTYPES, st.integers(1, 300), threads, caches, st.integers(0, 1 << 30))
def test_points_are_each_on_their_own(
    text: str, dtype: Dtype, count: int, threads: int, caches: tuple[int, int], seed: int
) -> None:
    points = np.random.default_rng(seed).uniform(-0.5, 0.5, (count, 2))
    with machine(1, 24 << 10, 768 << 10):
        wanted = Native().points(NETWORKS[text], points, TAP, dtype)
    with machine(threads, *caches):
        same_bits(Native().points(NETWORKS[text], points, TAP, dtype), wanted)
        backwards = Native().points(NETWORKS[text], points[::-1], TAP, dtype)
        same_bits(np.ascontiguousarray(backwards[::-1]), wanted)


def test_a_strip_narrower_than_its_halo() -> None:
    """Windows of 29 calibration pixels over pictures of a few."""
    wide = program(embed(2), conv(0, 2, 3, 8, dilation=4), conv(1, 3, 2, 2))
    for columns, rows in ((1, 1), (2, 70), (70, 2), (130, 5)):
        raster = Raster(columns, rows, replace(Plane(), width=TAP[0] * columns, height=TAP[1] * rows))
        with machine(1, 1 << 30, 1 << 30):
            wanted = Native().run(wide, raster, TAP, "float32")
        with machine(4, 1, 1):
            same_bits(Native().run(wide, raster, TAP, "float32"), wanted)
