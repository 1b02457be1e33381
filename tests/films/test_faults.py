"""What goes wrong with films: packages and codecs that are missing, disks that are full, kills, forged recipes."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.errors import InputError, NetwarpError, UnsupportedError
from netwarp.films import encode
from netwarp.films.film import again, film
from netwarp.films.recipe import FilmRecipe
from netwarp.films.tagged import add_recipe, read_recipe
from netwarp.picture import pyav
from netwarp.picture.picture import Picture
from netwarp.plane import Raster

SMALL = Raster(40, 30)
SNAPSHOTS = [["a.npz", "0" * 64], ["b.npz", "0" * 64]]


def small(**options: Any) -> Any:
    return film("conv(4) * 2", **{"size": (64, 48), "calibration": SMALL, "frames": 4, **options})


def test_without_pyav_one_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(UnsupportedError, match=r'pip install "netwarp\[film\]"'):
        small().save(tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []
    # neither is a film read without
    (tmp_path / "old.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    with pytest.raises(UnsupportedError, match=r'pip install "netwarp\[film\]"'):
        again(tmp_path / "old.mp4")
    (tmp_path / "old.mp4").unlink()
    # a picture a frame needs none
    assert len(small().save(tmp_path / "film.png")) == 4


def test_a_codec_that_ffmpeg_has_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = pyav.av()

    def missing(name: str, mode: str) -> None:
        raise module.codec.codec.UnknownCodecError(name)

    monkeypatch.setattr(module.codec, "Codec", missing)
    with pytest.raises(UnsupportedError, match="--codec av1: the FFmpeg of this PyAV has no libsvtav1; take another"):
        small().save(tmp_path / "film.webm")
    assert list(tmp_path.iterdir()) == []


# a limit on the size of a file is what a full disk is to whoever writes
FULL = """
import resource, signal, sys
from netwarp.cli.main import status_of
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
sys.exit(status_of(["film", "conv(6) * 6", "--size", "128x96", "--frames", "60", "-o", sys.argv[1]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["film.mp4", "film.webm", "film.mov", "film.gif", "film.webp", "film.apng", "film.png"]
)
def test_a_full_disk_leaves_nothing(name: str, tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", FULL, name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2, found.stderr
    (line,) = [one for one in found.stderr.splitlines() if not one.startswith("compiling")]
    assert line.startswith("netwarp: ")
    assert "cannot be written (File too large)" in line
    assert list(tmp_path.iterdir()) == []


LONG = ["film", "conv(10) * 10", "--size", "128x96", "--frames", "5000", "-o"]


def started(folder: Path, name: str) -> "subprocess.Popen[str]":
    """A film that is being written: its temporary file has grown."""
    command = [sys.executable, "-c", "from netwarp.cli.entry import main; main()", *LONG, name]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not any(one.stat().st_size for one in folder.iterdir()):
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "number", "status"),
    [("a.mp4", signal.SIGINT, 130), ("a.gif", signal.SIGTERM, 143), ("a.png", signal.SIGINT, 130)],
)
def test_a_film_that_is_stopped_leaves_nothing(name: str, number: int, status: int, tmp_path: Path) -> None:
    with started(tmp_path, name) as process:
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == status
    assert len([one for one in said.splitlines() if not one.startswith("compiling")]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_film_that_is_killed_leaves_no_film_and_the_next_clears_up(tmp_path: Path) -> None:
    with started(tmp_path, "a.mp4") as process:
        process.kill()
        process.communicate()
    assert not (tmp_path / "a.mp4").exists()
    small().save(tmp_path / "b.mp4")
    assert [one.name for one in tmp_path.iterdir()] == ["b.mp4"]


def test_an_old_film_stays_where_its_successor_fails(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"old")

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "drawing" and done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small().save(tmp_path / "film.mp4", progress=stop)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"old"]


def test_what_fails_beside_the_drawing_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: object, pixels: object) -> None:
        raise ValueError("no such frame")

    monkeypatch.setattr(encode.Encoder, "_frame", fails)
    with pytest.raises(InputError, match="no such frame"):
        small(frames=40).save(tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_no_films(tmp_path: Path) -> None:
    for name, data, message in (
        ("none.mp4", None, "cannot be read"),
        ("text.mp4", b"a text", "is no film"),
        ("cut.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40, "cannot be read as a film|carries no recipe"),
        ("cut.webm", b"\x1a\x45\xdf\xa3" + b"\0" * 40, "cannot be read as a film"),
        ("bare.gif", b"GIF89a" + b"\0" * 40, "carries no recipe"),
        ("bare.webp", b"RIFF\x10\0\0\0WEBPVP8X" + b"\0" * 40, "carries no recipe"),
        ("cut.png", b"\x89PNG\r\n\x1a\n", "cut short"),
    ):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=message):
            again(tmp_path / name)


def test_a_picture_is_no_film_and_says_who_draws_it(tmp_path: Path) -> None:
    picture = small().frame(0)
    assert isinstance(picture, Picture)
    picture.save(tmp_path / "frame.png")
    with pytest.raises(InputError, match="is of no film; netwarp draw draws a picture again"):
        again(tmp_path / "frame.png")


def forged(change: Any) -> FilmRecipe:
    data = json.loads(small().recipe.to_json())
    change(data["film"], data)
    return FilmRecipe.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda film, _: film.update(over="os.system"), "--over 'os.system': must be one of"),
        (lambda film, _: film.update(frames=10**9), "film frames=1000000000"),
        (lambda film, _: film.update(frames=True), "film frames"),
        (lambda film, _: film.update(rate=[1, 0]), "film rate"),
        (lambda film, _: film.update(rate=[10**6, 1]), "film rate=1e\\+06"),
        (lambda film, _: film.update(tones=[]), "film tones"),
        (lambda film, _: film.update(loop="yes"), "film loop"),
        (lambda film, _: film.update(coarse=0), "film coarse"),
        (lambda film, _: film.update(at=["0.1"]), "film at"),
        (lambda film, _: film.update({"from": 7}), "film ends"),
        (lambda film, _: film.update(path="wave"), "--path"),
        (lambda _, data: data.update(picture=None), "recipe"),
        (lambda _, data: data.pop("film"), "is of no film"),
        (lambda _, data: data["picture"].update(size=[0, 3]), "size"),
    ],
)
def test_a_forged_recipe_is_refused(change: Any, message: str) -> None:
    with pytest.raises(NetwarpError, match=message):
        forged(change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda film, _: film.update({"from": "1", "to": "1"}), "nothing would move"),
        (lambda film, _: film.update({"to": "99999999"}), "more than 10,000 seeds"),
        (
            lambda film, _: film.update(over="step", steps={"folder": "../etc", "files": [["a.npz", "0" * 64]] * 2}),
            "folder=",
        ),
        (
            lambda film, _: film.update(over="step", steps={"folder": "x", "files": [["../a", "0" * 64]] * 2}),
            "weights file=",
        ),
        (lambda _, data: data["picture"].update(architecture="__import__('os')"), "architecture"),
    ],
)
def test_a_forged_film_is_refused(change: Any, message: str, tmp_path: Path) -> None:
    data = json.loads(small().recipe.to_json())
    change(data["film"], data)
    small().save(tmp_path / "film.gif")
    add_recipe(tmp_path / "film.gif", json.dumps(data))
    # the comment that was added last is read
    assert json.loads(read_recipe(tmp_path / "film.gif")) == data
    with pytest.raises(NetwarpError, match=message):
        again(tmp_path / "film.gif")


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    arrays = {"W0": np.full((3, 2), 1e300), "b0": np.zeros(3), "W1": np.full((3, 3), 1e300), "b1": np.zeros(3)}
    np.savez(tmp_path / "large.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(NetwarpError):
        film(tmp_path / "large.npz", "zoom", None, 0.1, size=(30, 20), plane=None, frames=3)
