"""TIFF, Deep Zoom and EXR: what readers find is what draw draws, and a resumed run gives the same bytes."""

import errno
import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
import tifffile
from PIL import Image

from netwarp.cli.main import status_of
from netwarp.orders.drawing import draw
from netwarp.picture.recipe import Recipe
from netwarp.plane import Raster
from netwarp.posters import begun
from netwarp.posters.pyramid import halved

SHAPE = ["conv(10) * 3", "--size", "301x530", "--calibrate", "30x20"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    status = status_of(["poster", *SHAPE, *arguments, "--json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return json.loads(said.out)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return draw("conv(10) * 3", size=(301, 530), calibration=Raster(30, 20)).picture.pixels


def hashes() -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(Path().rglob("*")) if p.is_file()}


def test_a_tiff_has_the_picture_its_levels_and_what_it_is(
    capsys: pytest.CaptureFixture[str], drawn: np.ndarray
) -> None:
    told = run(capsys, "--dpi", "300", "-o", "a.tif")
    with tifffile.TiffFile("a.tif") as file:
        (page,) = file.pages
        assert file.is_bigtiff
        assert np.array_equal(page.asarray(), drawn)
        (first, second) = page.pages
        wide = np.concatenate([drawn, drawn[-1:]]) if len(drawn) % 2 else drawn
        assert np.array_equal(first.asarray(), halved(wide))
        assert second.shape == (133, 76, 3)
        assert page.tags["XResolution"].value == (300, 1)
        assert Recipe.from_json(page.description) == Recipe.from_data(told["recipe"])
        assert "DateTime" not in page.tags
        assert page.iccprofile[36:40] == b"acsp"


def test_sixteen_bits_of_another_space(capsys: pytest.CaptureFixture[str], drawn: np.ndarray) -> None:
    run(capsys, "--depth", "16", "-o", "plain.tif")
    run(capsys, "--depth", "16", "--profile", "adobe-rgb", "-o", "a.tif")
    plain, other = tifffile.imread("plain.tif"), tifffile.imread("a.tif")
    assert plain.dtype == other.dtype == np.uint16
    assert np.abs(plain / 257 - drawn).max() < 0.51
    assert np.abs(plain.astype(int) - other).max() > 2000


def test_a_deep_zoom_folder_lies_beside_it(capsys: pytest.CaptureFixture[str], drawn: np.ndarray) -> None:
    run(capsys, "--dzi", "-o", "a.png")
    assert 'Width="301" Height="530"' in Path("a.dzi").read_text()
    levels = sorted(int(path.name) for path in Path("a_files").iterdir())
    assert levels == list(range(11))
    full = np.zeros_like(drawn)
    for path in Path("a_files/10").iterdir():
        column, row = (int(number) for number in path.stem.split("_"))
        with Image.open(path) as tile:
            assert tile.info["srgb"] == 0
            part = np.asarray(tile)
        full[256 * row :, 256 * column :][: part.shape[0], : part.shape[1]] = part
    assert np.array_equal(full, drawn)
    with Image.open("a_files/0/0_0.png") as tile:
        assert tile.size == (1, 1)


@pytest.mark.parametrize("name", ["a.tif", "a.png"])
def test_a_resumed_run_gives_the_same_bytes_of_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("netwarp.posters.bands.BAND_BYTES", 301 * 12 * 100)
    run(capsys, "--dzi", "-o", name)
    whole = hashes()
    add = begun.Begun.add

    def failing(self: begun.Begun, stop: int, data: list[bytes], note: begun.Note) -> None:
        if stop > 300:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, stop, data, note)

    with monkeypatch.context() as patch:
        patch.setattr(begun.Begun, "add", failing)
        assert status_of(["poster", *SHAPE, "--dzi", "-o", name, "--restart"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert hashes().items() >= whole.items()
    assert run(capsys, "--dzi", "-o", name, "--resume")["rows_reused"] == (256 if name == "a.tif" else 300)
    assert hashes() == whole


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.tif", "a.png"])
def test_workers_elsewhere_give_the_same_bytes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Two processes, which know of the work what pickle carries."""
    monkeypatch.setattr("netwarp.posters.bands.BAND_BYTES", 301 * 12 * 100)
    run(capsys, "--dzi", "-o", name)
    whole = hashes()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        monkeypatch.setattr("netwarp.cli.poster._workers", lambda address: nullcontext(executor))
        run(capsys, "--dzi", "-o", name, "--dask", "tcp://127.0.0.1:9")
    assert hashes() == whole


def test_an_exr_has_the_values_in_half_floats(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "-o", "a.exr")
    values = draw("conv(10) * 3", size=(301, 530), calibration=Raster(30, 20)).samples
    with OpenEXR.File("a.exr") as file:
        found = file.channels()["RGB"].pixels
        assert found.dtype == np.float16
        assert np.array_equal(np.moveaxis(found, -1, 0), values.astype(np.float16))
        assert Recipe.from_json(file.header()["netwarp"]) == Recipe.from_data(told["recipe"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "a.exr", "--depth", "16"], "holds raw values"),
        (["-o", "a.exr", "--resume"], "written in one go"),
        (["-o", "a.tif", "--depth", "12"], "--depth 12: must be 8 or 16"),
        (["-o", "a.tif", "--profile", "cmyk"], "--profile 'cmyk': must be one of"),
        (["-o", "a.tif", "--print", "A4"], "--print and --size: give one"),
        (["-o", "a.tif", "--bleed", "3mm"], "add --print A2"),
        (["-o", "a.tif", "--engine", "exact"], "a poster is evaluated by native"),
        (["-o", "a.gif"], "must end in one of .png, .tif, .tiff, .exr"),
    ],
)
def test_what_does_not_go_together_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert status_of(["poster", *SHAPE, *arguments]) == 2
    assert said in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def test_paper_beyond_the_limit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["poster", "conv(3)", "--print", "A0", "--dpi", "2400", "-o", "a.png"]) == 2
    assert "at most 2^32 = 4.29e9 are allowed" in capsys.readouterr().err


def test_a_preview_is_small_and_leaves_the_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["poster", "conv(3)", "--size", "40000x30000", "--preview", "-o", "a.tif"]) == 0
    capsys.readouterr()
    assert [path.name for path in Path().iterdir()] == ["a-preview.png"]
    with Image.open("a-preview.png") as image:
        assert image.size == (1000, 750)


def test_paper_with_bleed(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["poster", "conv(3)", "--print", "A6", "--dpi", "100", "--bleed", "3mm", "-o", "a.png"]) == 0
    capsys.readouterr()
    with Image.open("a.png") as image:
        assert image.size == (583 + 24, 413 + 24)
        assert image.info["dpi"] == pytest.approx((100, 100), abs=0.01)


def test_a_wider_plane_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["conv(4, 3) * 2", "--size", "397x211", "--calibrate", "60x60", "-o", "a.png"]
    assert status_of(["poster", *arguments]) == 0
    assert "% wider and higher, so that the taps" in capsys.readouterr().err
    first = Path("a.png").read_bytes()
    assert status_of(["poster", "a.png", "-o", "a.png"]) == 0
    assert "wider" not in capsys.readouterr().err
    assert Path("a.png").read_bytes() == first
