"""A poster is the picture that draw draws, whatever interrupts it, in memory that does not grow with it."""

import errno
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.errors import InputError, LimitError
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.orders.drawing import draw
from netwarp.picture.paint import paint
from netwarp.picture.pngtext import SIGNATURE
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster
from netwarp.posters import bands
from netwarp.posters import begun as parts
from netwarp.posters.bands import Banded
from netwarp.posters.png import chunk

SMALL = ["conv(10) * 3", "--size", "90x70", "--calibrate", "30x20", "-o", "a.png"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bands, "BAND_BYTES", 90 * 12 * 16)  # sixteen rows a band


def poster(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    status = status_of(["poster", *arguments, "--json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return json.loads(said.out)  # type: ignore[no-any-return]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    status = status_of(["poster", *arguments])
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    # below an error of the language stand the text and its place
    line, *_ = [one for one in said.err.splitlines() if not one.startswith("compiling")]
    return line


def pixels(path: str | Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--y", "up"], ["--colour", "viridis"], ["--dtype", "float64"], ["--plane", "-1,1,0,3"], ["--colour", "rgb"]],
)
def test_a_poster_is_the_picture_of_draw(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    told = poster(capsys, *SMALL, *arguments)
    assert told["rows"] == 70
    assert told["rows_reused"] == 0
    assert status_of(["draw", *SMALL[:-1], "b.png", *arguments]) == 0
    assert np.array_equal(pixels("a.png"), pixels("b.png"))
    assert Recipe.read("a.png") == Recipe.read("b.png")
    assert sorted(path.name for path in Path().iterdir()) == ["a.png", "b.png"]


def test_a_poster_is_drawn_from_a_picture_and_again_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    draw("conv(10) * 3", size=(30, 20), seed=4, colour="gray").picture.save("small.png")
    poster(capsys, "small.png", "--size", "60x40", "-o", "a.png")
    first = Path("a.png").read_bytes()
    assert Recipe.read("a.png").tone == Recipe.read("small.png").tone
    poster(capsys, "a.png", "-o", "a.png")
    assert Path("a.png").read_bytes() == first


@pytest.mark.parametrize("text", ["conv(10) * 3", "conv(8, 3) * 2", "(conv(8, 3) >> pool('max', 2)) * 2"])
@pytest.mark.parametrize("size", [(60, 40), (90, 60), (97, 61), (40, 26)])
def test_rows_are_those_of_the_whole_to_the_last_bit(text: str, size: tuple[int, int]) -> None:
    field = calibrate(Network.draw(parse(text), 9), Raster(60, 40))
    raster = Raster(*size)
    expected = field.sample(raster, dtype="float32")
    rows = Banded(field, raster, "float32")
    for first, last in [(0, 7), (5, 6), (7, size[1]), (3, 19)]:
        assert np.array_equal(rows.values(range(first, last)), expected[:, first:last])


@pytest.mark.parametrize("plane", [Plane(), Plane(0.1, -0.3, 0.7, 0.9)])
def test_at_an_odd_multiple_the_centres_are_the_small_pictures(plane: Plane) -> None:
    """Coordinates differ in the last bit on a plane whose sides are no power of 2; colours by a level at most."""
    field = calibrate(Network.draw(parse("conv(10) * 10"), 9), Raster())
    small, large = Raster(110, 70, plane), Raster(330, 210, plane)
    kind = field.precision(small)
    values = Banded(field, large, kind).values(range(210))
    tone = Tone.fit(field.sample())
    centres = paint(values, tone).pixels[1::3, 1::3].astype(int)
    assert np.abs(centres - paint(field.sample(small, dtype=kind), tone).pixels).max() <= 1


def test_a_poster_goes_on_to_the_same_bytes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    poster(capsys, *SMALL)
    whole = Path("a.png").read_bytes()
    Path("a.png").unlink()
    add, left = parts.Begun.add, 3

    def failing(self: parts.Begun, stop: int, data: list[bytes], note: parts.Note) -> None:
        nonlocal left
        left -= 1
        if not left:
            self.stream.write(data[0][:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, stop, data, note)

    monkeypatch.setattr(parts.Begun, "add", failing)
    said = refused(capsys, *SMALL)
    assert said == (
        "netwarp: file 'a.png': cannot be written (No space left on device); 32 of 70 rows are in a.png.part: make "
        "room, and go on with --resume"
    )
    assert not Path("a.png").exists()
    monkeypatch.setattr(parts.Begun, "add", add)
    assert "a.png.part': is what an earlier run has left" in refused(capsys, *SMALL)
    assert "is of another poster" in refused(capsys, *SMALL, "--resume", "--seed", "8")
    assert poster(capsys, *SMALL, "--resume")["rows_reused"] == 32
    assert Path("a.png").read_bytes() == whole
    assert sorted(path.name for path in Path().iterdir()) == ["a.png"]


def test_it_says_where_it_goes_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("netwarp.posters.png.Png.finish", stop)
        assert status_of(["poster", *SMALL]) == 130
    capsys.readouterr()
    assert status_of(["poster", *SMALL, "--resume"]) == 0
    assert "resumed at row 70\n" in capsys.readouterr().err
    assert status_of(["poster", *SMALL, "--resume"]) == 0
    assert "begun anew" in capsys.readouterr().err


KILLED = """
import os, signal, sys
from netwarp.posters import bands, begun as part
bands.BAND_BYTES = 90 * 12 * 16
add, count = part.Begun.add, 0
def killing(self, stop, data, note):
    global count
    count += 1
    add(self, stop, data, note)
    if count == 2:
        self.stream.write(b"half a band")
        self.stream.flush()
        os.kill(os.getpid(), signal.SIGKILL)
part.Begun.add = killing
from netwarp.cli.main import main
main(["poster", *sys.argv[1:]])
"""


@pytest.mark.slow
def test_a_killed_poster_goes_on_to_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, *SMALL], capture_output=True, check=False)
    assert run.returncode == -signal.SIGKILL
    assert sorted(path.name for path in Path().iterdir()) == ["a.png.journal", "a.png.part"]
    assert poster(capsys, *SMALL, "--resume")["rows_reused"] == 32
    resumed = Path("a.png").read_bytes()
    poster(capsys, *SMALL)
    assert Path("a.png").read_bytes() == resumed


MEMORY = """
import re, sys
from pathlib import Path
from netwarp.cli.main import status_of
assert status_of(["poster", "conv(10) * 3", "--size", sys.argv[1], "-o", "large.png"]) == 0
# not getrusage's, which counts what the process was before it ran this
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_poster() -> None:
    """One sixteen times as large takes as much; the pictures alone have 6 and 96 MB, the samples four times that."""
    found = []
    for size in ("2000x1000", "8000x4000"):
        run = subprocess.run([sys.executable, "-c", MEMORY, size], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        found.append(int(run.stdout.splitlines()[-1]) / 1024)
    assert found[1] < 512
    assert found[1] < found[0] + 64


def test_what_cannot_be_a_poster_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "at most 2^32 = 4.29e9 are allowed" in refused(capsys, "conv(3)", "--size", "80000x80000", "-o", "a.png")
    assert "must end in one of .png, .tif" in refused(capsys, "conv(3)", "-o", "a.jpg")
    assert "the folder 'nowhere' does not exist" in refused(capsys, "conv(3)", "-o", "nowhere/a.png")
    assert "one row would take" in refused(capsys, "conv(3) >> conv(400)", "--out-channels", "400", "--size",
                                           "900000x20", "-o", "a.png")  # fmt: skip
    Image.new("RGB", (4, 4)).save("plain.png")
    assert "carries no recipe" in refused(capsys, "plain.png", "-o", "a.png")
    assert "below 1e-12 of the plane" in refused(capsys, "conv(3)", "--plane", "0,1e-12,0,1e-12", "-o", "a.png")
    assert "--level" in refused(capsys, "conv(3)", "--level", "0", "-o", "a.png")
    assert "--dpi" in refused(capsys, "conv(3)", "--dpi", "-4", "-o", "a.png")
    assert sorted(path.name for path in Path().iterdir()) == ["plain.png"]


def test_a_raster_without_room_names_its_size() -> None:
    field = calibrate(Network.draw(parse("conv(10)"), 9), Raster(30, 20))
    with pytest.raises(LimitError, match=r"poster 100000000x2: one row would take"):
        Banded(field, Raster(100_000_000, 2), "float32")


def test_a_recipe_that_is_forged_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    poster(capsys, *SMALL)
    recipe = Recipe.read("a.png").to_data() | {"architecture": "__import__('os').system('touch hacked')"}
    text = b"netwarp\0\0\0\0\0" + json.dumps(recipe).encode()
    Path("forged.png").write_bytes(SIGNATURE + chunk(b"iTXt", text) + chunk(b"IEND", b""))
    assert refused(capsys, "forged.png", "-o", "b.png").startswith("netwarp: architecture: ")
    assert not Path("hacked").exists()
    with pytest.raises(InputError):
        Recipe.from_data(recipe | {"size": [0, 4]})
