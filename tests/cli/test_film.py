"""`netwarp film` from the command line to the files: what is written, what is said, what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.cli.main import status_of
from netwarp.films.film import again
from netwarp.picture.recipe import Recipe

SMALL = ["--size", "64x48", "--calibrate", "30x20", "--frames", "4"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    status = status_of(["film", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    before = sorted(Path().iterdir())
    assert status_of(["film", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = [one for one in said.err.splitlines() if not one.startswith("compiling")]
    assert sorted(Path().iterdir()) == before
    return line


def test_a_film_what_is_said_and_its_frames(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "conv(4) * 2", "--from", "1", "--to", "2", *SMALL, "-o", "film.mp4")
    assert said == "film.mp4  (64 x 48, 4 frames, 0.133 s, seed 1 to 2)\n"
    told = json.loads(run(capsys, "film.mp4", "--size", "128x96", "-o", "large.webm", "--json"))
    assert (told["files"], told["frames"], told["size"]) == (["large.webm"], 4, [128, 96])
    assert told["recipe"]["film"]["over"] == "seed"
    assert again("large.webm").recipe.tones == again("film.mp4").recipe.tones
    assert run(capsys, "film.mp4", "--frame", "3", "-o", "last.png") == "last.png\n"
    recipe = Recipe.read("last.png")
    assert recipe.seed == 2
    assert status_of(["draw", "last.png", "-o", "again.png"]) == 0
    with Image.open("last.png") as one, Image.open("again.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))


def test_sizes_with_names_keep_the_proportions(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(4) * 2", *SMALL, "-o", "film.gif")
    told = json.loads(run(capsys, "film.gif", "--size", "hd", "--preview", "-o", "hd.mp4", "--json"))
    # 960x720, and a quarter of it, every second frame
    assert (told["size"], told["frames"], told["rate"]) == ([240, 180], 2, 15)
    told = json.loads(run(capsys, "conv(4)", "--size", "hd", "--preview", "--frames", "4", "-o", "new.mp4", "--json"))
    assert told["size"] == [320, 180]


def test_seconds_and_rates(capsys: pytest.CaptureFixture[str]) -> None:
    size = ["--size", "64x48", "--calibrate", "30x20"]
    told = json.loads(
        run(capsys, "conv(4)", *size, "--seconds", "0.5", "--fps", "24", "--loop", "-o", "film.mp4", "--json")
    )
    assert (told["frames"], told["rate"], told["seconds"]) == (12, 24, 0.5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["conv(4)", "-o", "film.avi"], "must end in one of .apng"),
        (["conv(4)", "-o", "film.mp4", "--codec", "hevc"], "--codec 'hevc': must be one of h264, av1"),
        (["conv(4)", "-o", "no/film.mp4"], "the folder 'no' does not exist"),
        (["conv(4)", "-o", "film.mp4", "--frames", "0"], "film frames=0: must be 1 to 1000000, as in --frames 300"),
        (["conv(4)", "-o", "film.mp4", "--frames", "9", "--seconds", "1"], "say the same; give one of them"),
        (["conv(4)", "-o", "film.mp4", "--seconds", "-1"], "must be a positive number"),
        (["conv(4)", "-o", "film.mp4", "--fps", "x"], "--fps 'x'"),
        (
            ["conv(4)", "-o", "film.mp4", "--over", "zoom", "--at", "1", "--to", "0.1"],
            "--at '1': needs two numbers X,Y",
        ),
        (["conv(4)", "-o", "film.mp4", "--over", "zoom", "--at", "a,b", "--to", "0.1"], "must be a finite number"),
        (["conv(4)", "-o", "frame.mp4", "--frame", "2"], "must end in .png"),
        (["conv(4)", "-o", "frame.png", "--frame", "300", "--size", "8x6"], "frame=300: must be from 0 to 299"),
        (["no.mp4", "-o", "film.mp4"], "no.mp4"),
        (["conv(4)", "-o", "film.mp4", "--size", "5k"], "COLUMNSxROWS"),
        (["conv(4)"], "--out"),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    import re

    assert re.search(message, refused(capsys, *arguments))


def test_a_film_says_all_but_its_size(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(4) * 2", *SMALL, "-o", "film.gif")
    line = refused(capsys, "film.gif", "--over", "depth", "--ease", "--seed", "3", "-o", "other.gif")
    assert "--over, --ease, --seed: 'film.gif' is a film, which says it; only --size may differ" in line


def test_pictures_of_films_are_refused_by_draw_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(4) * 2", "--over", "depth", *SMALL, "-o", "film.png")
    assert status_of(["draw", "film-1.png"]) == 2
    assert "netwarp film" in capsys.readouterr().err
