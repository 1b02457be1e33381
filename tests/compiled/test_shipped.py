"""The shipped kernels: they are those of the sources, none is missing, and numba's own give the same bits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from netwarp.compiled import machine, opening, shipped
from netwarp.compiled.kernel import Kernel
from netwarp.compiled.produce import native, plain
from netwarp.compiled.sources import modules_of
from netwarp.engine import compiled as emitters
from netwarp.engine import executor
from netwarp.engine.plan import Loop
from netwarp.fields.field import Field
from netwarp.measures import lz
from netwarp.regions.cells import merge
from netwarp.regions.descent import divide, maps
from netwarp.regions.gluing import glue
from netwarp.regions.tessellation import Tessellation
from regions.made import SQUARE, generic

ROOT = Path(__file__).parent.parent.parent
SHIPPED = sys.platform == "linux" and os.uname().machine == "x86_64"


def entry_of(kernel: Kernel[..., object]) -> shipped.Packed:
    return next(one for one in shipped.entries() if one.kernel == kernel.name)


def test_they_are_made_of_the_sources_as_they_are() -> None:
    assert len(shipped.entries()) > 20 or not SHIPPED
    stale = sorted({one.kernel for one in shipped.entries() if not one.current})
    assert not stale, f"run make kernels: the sources of {stale} changed"


def test_nothing_of_a_processor_is_in_them() -> None:
    import llvmlite.binding as llvm

    for one in shipped.entries():
        text = str(llvm.parse_bitcode(one.bitcode()))
        assert "target-cpu" not in text, one.kernel
        assert "target-features" not in text, one.kernel
        assert " fast " not in text, one.kernel
        assert "reassoc" not in text, one.kernel


def test_the_sources_of_a_kernel_are_all_that_it_names() -> None:
    found = modules_of(divide.divide)  # type: ignore[arg-type]
    rooms = ("arrangement", "batch", "children", "crossing", "divide", "halves", "signs")
    assert {f"netwarp.regions.descent.{name}" for name in rooms} <= found
    assert modules_of(*map(emitters.emitter, Loop)) | {"netwarp.engine.compiled"} == set(emitters.SOURCES)


def test_a_changed_source_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one = entry_of(lz._count)  # type: ignore[arg-type]
    assert one.current
    monkeypatch.setattr(shipped, "digest", lambda module: "0" * 32)
    assert not one.current
    assert shipped.find(one.kernel, one.specs) is None
    # a package without sources is taken as it is
    monkeypatch.setattr(shipped, "digest", lambda module: "")
    assert one.current


def test_a_damaged_file_is_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = (ROOT / "src/netwarp/compiled" / shipped.name()).read_bytes()
    for data in (b"", whole[:5000], b"x" * 100):
        (tmp_path / shipped.name()).write_bytes(data)
        monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
        shipped.entries.cache_clear()
        assert shipped.entries() == ()
    shipped.entries.cache_clear()


@pytest.mark.slow
def test_nothing_else_is_needed(tmp_path: Path) -> None:
    """All that calls a kernel runs from an empty cache without numba."""
    code = "import sys; sys.modules['numba'] = None; import kernel_tour; kernel_tour.tour()"
    path = os.pathsep.join([str(ROOT / "tools"), *sys.path])
    surroundings = os.environ | {"NETWARP_CACHE_DIR": str(tmp_path), "PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=surroundings, check=True)


def arguments_of(kernel: Kernel[..., object]) -> tuple[object, ...]:
    if kernel is glue.neighbours:
        return (np.array([0, 3, 7, 12]),)
    if kernel is merge._united:
        return 6, np.array([0, 2, 4], np.int32), np.array([1, 3, 0], np.int32)
    return (np.random.default_rng(1).integers(0, 2, 500).astype(np.uint8),)


@pytest.mark.parametrize("kernel", [glue.neighbours, merge._united, lz._count], ids=lambda one: one.name)
def test_a_kernel_is_what_numba_makes_of_it(kernel: Kernel[..., object]) -> None:
    given = arguments_of(kernel)
    one, other = kernel(*given), plain(kernel)(*given)
    if isinstance(one, int):
        assert one == other == kernel.function(*given)
        return
    for a, b in zip(one, other, strict=True):  # type: ignore[call-overload]
        np.testing.assert_array_equal(a, b, strict=True)


@pytest.mark.slow
def test_fields_and_tessellations_have_the_same_bits_by_either_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Shipped bitcode, against what numba compiles of the same sources on this machine."""

    def drawn() -> tuple[Tessellation, np.ndarray, Field]:
        field = generic(3, 12)
        return field.tessellate(SQUARE), field.sample(dtype="float32"), field

    entries = (divide.divide, maps.spread_out, glue.match, executor.flat, executor.picture)
    one, pixels, _ = drawn()
    monkeypatch.setenv("NETWARP_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(shipped, "find", lambda kernel, specs: None)
    for kernel in entries:
        monkeypatch.setattr(kernel, "doors", ())
        native.cache_clear()
    other, again, _ = drawn()
    assert list(tmp_path.glob("*.bc")), "numba had no part in it"
    assert pixels.tobytes() == again.tobytes()
    for name in ("vertices", "offsets", "indices", "edges", "edge_cells", "affine", "bits", "errors"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.tobytes() == b.tobytes(), name


def test_this_python_and_numpy_keep_their_objects_as_doors_read_them() -> None:
    assert machine.layout_holds()


def test_where_they_do_not_numba_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "layout_holds", lambda: False)
    monkeypatch.setattr(merge._united, "doors", ())
    found, count = merge._united(*arguments_of(merge._united))  # type: ignore[arg-type]
    assert count == 3
    assert found.tolist() == [0, 0, 1, 1, 0, 2]
    assert opening.asked is not None
