"""The documents do what they say: their Python runs, their command lines are accepted, their links lead somewhere."""

import http.client
import re
import shlex
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netwarp.cli.main import status_of
from netwarp.measures import registry

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its blocks in order, in one namespace, as a reader would type them; torch's where it is there."""
    monkeypatch.chdir(tmp_path)
    registry.names()  # loads netwarp's own; a page's measure then goes when its test ends
    monkeypatch.setattr(registry, "_known", dict(registry._known))
    names: dict[str, object] = {}
    saved: list[str] = []
    for block in blocks(page, "python"):
        if any(
            find_spec(name) is None
            for name in re.findall(r"^(?:from|import) (sklearn|onnx|keras|mpi4py|dask_jobqueue)", block, re.MULTILINE)
        ):
            continue
        lines = [line for line in block.splitlines() if "torch" not in line or find_spec("torch")]
        exec(compile("\n".join(lines), str(page), "exec"), names)
        saved += [name for name in pictures(page) if f'"{name}"' in block]
    for name in saved:
        kept, made = (pixels(path) for path in (page.parent / page.stem / name, Path(name)))
        if name in SAME:
            assert kept.shape == made.shape
            assert np.abs(made - kept).max() <= 2, f"{name}: run docs/doors.py again"
    if all(find_spec(name) for name in ("sklearn", "onnx", "keras", "torch")):
        assert sorted(saved) == sorted(pictures(page))


# pictures that do not depend on how another package trains, or draws its weights
SAME = ("ripples.png", "xor.png", "onnx.png", "through.png")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture, int)


def pictures(page: Path) -> list[str]:
    """The pictures of a page that its own Python saves, in the folder of its name."""
    return re.findall(rf"!\[[^\]]+\]\({page.stem}/([a-z-]+\.png)\)", page.read_text())


def commands() -> list[str]:
    """All but the founding figure, which tests/pages draws."""
    said = [line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()]
    found = {line.split("  #")[0].strip() for line in said if line.startswith("netwarp ")}
    return sorted(line for line in found if not line.startswith("netwarp figure"))


# what makes a command quick, said last
SMALL = {
    "draw": "--size 30x20",
    "poster": "--preview",
    "measure": "--seeds 2 --size 32x32",
    "compare": "--seeds 6 --size 32x32",
    "atlas": "--seeds 1 --size 16x16",
    "claims": "--only 9",
    "film": "--size 32x20",
    "breed": "--size 12x8",
    "gallery": "--size 12x8",
}


# of models that read more than two numbers
INPUTS = {"iris": 4}


@pytest.mark.slow
@pytest.mark.parametrize("command", commands())
def test_a_command_line_of_the_docs_works(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    small = SMALL.get(words[0], "").split()
    if "wine.npz" in words:
        # the page makes these files itself
        pytest.importorskip("sklearn")
        exec(compile(blocks(ROOT / "docs" / "slices.md", "python")[0], "slices.md", "exec"), {})
        assert status_of(words + small) == 0
        return
    rng = np.random.default_rng(0)
    for file in [one for one in words[1:3] if one.endswith((".npz", ".onnx"))]:
        shapes = {"W0": (8, INPUTS.get(Path(file).stem, 2)), "b0": 8, "W1": (3, 8), "b1": 3}
        # a model is known by its content, whatever its name ends in
        with Path(file).open("wb") as stream:
            np.savez(stream, **{name: rng.normal(size=shape) for name, shape in shapes.items()})  # type: ignore[arg-type]
    if "points.csv" in words:
        rows = "\n".join(
            f"{x:.3f},{y:.3f},{label}" for (x, y), label in zip(rng.normal(size=(9, 2)), "abc" * 3, strict=True)
        )
        Path("points.csv").write_text(f"x,y,label\n{rows}\n")
    if "iris.csv" in words:
        np.savetxt("iris.csv", rng.normal(size=(9, 4)), delimiter=",", header="a,b,c,d", comments="")
    if words[0] in ("draw", "explore", "poster", "breed") and words[1:] and words[1].endswith(".png"):
        assert status_of(["draw", "conv(10) * 10", "-o", words[1], "--size", "30x20"]) == 0
    if words[:2] == ["film", "seeds.mp4"]:
        assert status_of(["film", "conv(4) * 2", "-o", words[1], "--size", "32x20", "--frames", "3"]) == 0
    if words[0] == "decision" and words[1].endswith(".png"):
        decided = ["decision", "conv(10) * 2", "--classes", "owl,cat,dog", "--size", "30x20", "--out", words[1]]
        assert status_of(decided) == 0
    if words[0] == "explore":
        assert served(words).status == 200
    else:
        assert status_of(words + small) == 0


def served(words: list[str]) -> http.client.HTTPResponse:
    """What the page's address answers while the command runs, which Ctrl-C then ends."""
    command = [sys.executable, "-c", "from netwarp.cli.main import main; main()", *words, "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.match(r"http://(127\.0\.0\.1:\d+)/", process.stdout.readline())
            assert address
            connection = http.client.HTTPConnection(address[1], timeout=30)
            connection.request("GET", "/")
            answer = connection.getresponse()
            connection.close()
        finally:
            process.send_signal(signal.SIGINT)
    return answer


SESSIONS = [block for page in PAGES for block in blocks(page, "console")]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.splitlines()[0])
def test_what_a_command_of_the_docs_prints_is_what_it_prints(session: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, *shown = session.splitlines()
    assert status_of(shlex.split(command.removeprefix("$ "))[1:]) == 0
    said = capsys.readouterr().out.splitlines()
    # columns are aligned for the reader; how long it took is not the documents' to promise
    told, found = (
        [line.split() for line in lines if line and not line.startswith("seconds")] for lines in (shown, said)
    )
    assert told == found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    assert [name for name in targets if "://" not in name and not (page.parent / name).exists()] == []


def test_the_readme_opens_with_the_two_commands_then_a_picture_then_python() -> None:
    text = (ROOT / "README.md").read_text()
    figure, test, picture, python = (text.index(part) for part in ("make figure", "make test", "![", "```python"))
    assert figure < test < picture < python
    first = blocks(ROOT / "README.md", "python")[0]
    assert sum(bool(line) for line in first.splitlines()) <= 12
