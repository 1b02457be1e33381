"""`netwarp draw` from the command line to the files: what is written, what is said, and what is left alone."""

import json
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netwarp.cli import draw, figure
from netwarp.cli.main import status_of
from netwarp.network.network import Network
from netwarp.picture.recipe import Recipe

SMALL = ["--size", "30x20", "--calibrate", "30x20"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard output of a command line that must succeed."""
    status = status_of(["draw", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def pixels(path: str | Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image)


def complaints(said: str) -> list[str]:
    """The lines on standard error, without the one on a machine's first run."""
    return [line for line in said.splitlines() if not line.startswith("compiling kernels")]


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_one_picture_its_name_and_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "conv(10) * 10", "--seed", "7", *SMALL, "--samples", "values.npy", "--json")
    told = json.loads(said)
    assert files() == ["conv10x10-7.png", "values.npy"]
    assert (told["file"], told["samples"]) == ("conv10x10-7.png", "values.npy")
    assert (told["architecture"], told["seed"]) == ("conv(10) * 10", 7)
    assert (told["layers"], told["units"], told["parameters"]) == (10, 100, 1153)
    assert (told["size"], told["plane"]) == ([30, 20], [0.0, 0.0, 1.5, 1.0])
    assert told["calibration"] == {"size": [30, 20], "plane": [0.0, 0.0, 1.0, 1.0]}
    assert (told["engine"], told["dtype"]) == ("native", "float32")
    assert told["compressed"] == told["recipe"]["tone"]["compressed"]
    assert 0 < told["compressed"] < 1
    assert set(told["milliseconds"]) == {"calibrate", "probe", "tone", "sample", "paint"}
    assert all(value >= 0 for value in told["milliseconds"].values())
    assert Recipe.from_data(told["recipe"]) == Recipe.read("conv10x10-7.png")
    values = np.load("values.npy", allow_pickle=False)
    assert (values.shape, values.dtype) == ((3, 20, 30), np.float32)
    assert pixels("conv10x10-7.png").shape == (20, 30, 3)


def test_a_pipe_gets_the_file_names_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "conv(4)", "--seed", "0,2..3", *SMALL) == "conv4-0.png\nconv4-2.png\nconv4-3.png\n"
    assert files() == ["conv4-0.png", "conv4-2.png", "conv4-3.png"]
    assert run(capsys, "conv(4)", "--seed", "0,2", *SMALL, "-o", "a.png") == "a-0.png\na-2.png\n"
    assert np.array_equal(pixels("a-2.png"), pixels("conv4-2.png"))


def test_a_picture_draws_itself_again(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(8) * 3", "--act", "sigmoid", "--scale", "5", "--seed", "3", *SMALL, "-o", "old.png")
    run(capsys, "old.png", "-o", "again.png")
    assert Path("again.png").read_bytes() == Path("old.png").read_bytes()


def test_a_picture_of_version_0_1_draws_itself_again_byte_for_byte(capsys: pytest.CaptureFixture[str]) -> None:
    old = Path(__file__).parents[1] / "picture" / "lab-0.1.png"
    assert json.loads(run(capsys, str(old), "-o", "again.png", "--json"))["recipe"]["tone"]["colour"] == "lab-clipped"

    def parts(path: Path) -> list[tuple[bytes, bytes]]:
        data = path.read_bytes()
        found, at = [], 8
        while at < len(data):
            size = int.from_bytes(data[at : at + 4])
            found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
            at += 12 + size
        return found

    # all but the recipe, whose words are new
    assert [one for one in parts(Path("again.png")) if one[0] != b"iTXt"] == [
        one for one in parts(old) if one[0] != b"iTXt"
    ]
    # another seed of it is coloured alike; lab, where it is asked for, is the new one
    for options, colour in (((), "lab-clipped"), (("--colour", "lab"), "lab")):
        run(capsys, str(old), "--seed", "4", *options, "-o", "four.png")
        assert Recipe.read("four.png").tone.colour == colour


def test_larger_and_closer_hit_the_same_values(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(8, 3) * 3", "--seed", "3", *SMALL, "-o", "old.png")
    run(capsys, "old.png", "--size", "90x60", "-o", "large.png")
    # every third pixel of the large one, from the second on, has the centre of one of the small
    assert np.abs(pixels("large.png")[1::3, 1::3].astype(int) - pixels("old.png")).max() <= 1
    run(capsys, "old.png", "--plane", "-0.15,0.15,-0.1,0.1", "--size", "6x4", "-o", "close.png")
    assert np.abs(pixels("close.png").astype(int) - pixels("old.png")[8:12, 12:18]).max() <= 1
    tones = {Recipe.read(name).tone for name in ("old.png", "large.png", "close.png")}
    assert len(tones) == 1


START, END = "0.12345678901234567890123456789012", "0.12345678901234567890123456789112"
DEEP = ["--plane", f"{START},{END},0.2,0.200000000000000000000000000001"]


def test_a_plane_of_thirty_digits_is_drawn_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    """Not flat, drawn again to the byte, and closer still."""
    told = json.loads(run(capsys, "conv(10) * 10", *SMALL, *DEEP, "-o", "deep.png", "--json"))
    assert told["plane"] == ["0.12345678901234567890123456789062", "0.2000000000000000000000000000005", 1e-30, 1e-30]
    assert len(np.unique(pixels("deep.png").reshape(-1, 3), axis=0)) > 100
    run(capsys, "deep.png", "-o", "again.png")
    assert Path("again.png").read_bytes() == Path("deep.png").read_bytes()
    # in one linear region a view moved looks the same; a tenth as wide, it does not
    run(capsys, "deep.png", "--plane", f"{START},{START[:-2]}22,0.2,0.200000000000000000000000000001", "-o", "slim.png")
    assert (pixels("slim.png") != pixels("deep.png")).any()
    assert Recipe.read("slim.png").raster.plane.width == 1e-31


def test_the_contrast_is_of_all_views_or_of_this_one(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(6)", *SMALL, "-o", "whole.png")
    run(capsys, "whole.png", "--plane", "0.1,0.11,0.1,0.11", "-o", "close.png")
    run(capsys, "close.png", "--contrast", "view", "-o", "fitted.png")
    tones = [Recipe.read(name).tone for name in ("whole.png", "close.png", "fitted.png")]
    assert tones[0] == tones[1] != tones[2]
    assert np.ptp(pixels("fitted.png").astype(int)) > 5 * np.ptp(pixels("close.png").astype(int), axis=(0, 1)).max()
    # of another view, and of all, it is fitted anew
    run(capsys, "fitted.png", "--plane", "0.2,0.21,0.1,0.11", "--contrast", "view", "-o", "next.png")
    run(capsys, "fitted.png", "--contrast", "whole", "-o", "back.png")
    assert Recipe.read("next.png").tone != tones[2]
    assert Path("back.png").read_bytes() == Path("close.png").read_bytes()
    run(capsys, "whole.png", *DEEP, "--contrast", "whole", "-o", "flat.png")
    assert len(np.unique(pixels("flat.png").reshape(-1, 3), axis=0)) == 1


def test_the_tone_is_that_of_the_calibration_raster(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(8) * 3", "--seed", "3", "--calibrate", "30x20", "--size", "90x60", "-o", "large.png")
    run(capsys, "conv(8) * 3", "--seed", "3", *SMALL, "-o", "small.png")
    run(capsys, "small.png", "--size", "90x60", "-o", "from-small.png")
    assert Path("large.png").read_bytes() == Path("from-small.png").read_bytes()


def test_nothing_of_a_user_is_overwritten_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("conv4-9.png").write_bytes(b"precious")
    assert run(capsys, "conv(4)", *SMALL) == "conv4-9-2.png\n"
    assert run(capsys, "conv(4)", *SMALL) == "conv4-9-2.png\n"  # the same picture again
    assert run(capsys, "conv(4)", "--size", "10x10", "--calibrate", "30x20") == "conv4-9-3.png\n"
    assert Path("conv4-9.png").read_bytes() == b"precious"
    run(capsys, "conv(4)", *SMALL, "-o", "conv4-9.png")
    assert pixels("conv4-9.png").shape == (20, 30, 3)


def test_a_sheet_of_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "conv(4)", "--seed", "0..5", "--sheet", *SMALL, "--json"))
    assert files() == [told["file"]] == ["conv4-sheet.png"]
    assert told["seeds"] == [0, 1, 2, 3, 4, 5]
    sheet = pixels("conv4-sheet.png")
    run(capsys, "conv(4)", "--seed", "4", *SMALL, "-o", "four.png")
    four = pixels("four.png")
    windows = np.lib.stride_tricks.sliding_window_view(sheet, four.shape)[:, :, 0]
    assert (windows[..., 10, 10, :] == four[10, 10]).all(axis=-1).any()
    assert any(
        np.array_equal(windows[y, x], four) for y, x in np.argwhere((windows[..., 10, 10, :] == four[10, 10]).all(-1))
    )


def test_weights_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.RandomState(1)
    np.savez("mine.npz", W0=random.randn(4, 2), b0=random.randn(4), W1=random.randn(3, 4), b1=np.zeros(3))
    told = json.loads(run(capsys, "mine.npz", *SMALL, "--json"))
    assert (told["file"], told["architecture"], told["seed"], told["layers"]) == ("mine.png", None, None, None)
    assert (told["parameters"], told["weights"], told["activation"]) == (27, "mine.npz", "relu")
    assert "npz" not in told["recipe"]["weights"]
    Path("mine.npz").unlink()
    run(capsys, "mine.png", "-o", "again.png")
    assert np.array_equal(pixels("again.png"), pixels("mine.png"))


def test_a_network_saved_in_python_draws_as_its_seed_does(capsys: pytest.CaptureFixture[str]) -> None:
    from netwarp.architecture.language import parse

    Network.draw(parse("conv(6) * 2", act="tanh"), 11).save("net.npz")
    run(capsys, "net.npz", *SMALL, "-o", "a.png")
    run(capsys, "conv(6) * 2", "--act", "tanh", "--seed", "11", *SMALL, "-o", "b.png")
    assert np.array_equal(pixels("a.png"), pixels("b.png"))


def test_one_channel_goes_through_a_map(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "conv(6)", "--out-channels", "1", *SMALL, "-o", "map.png")
    assert Recipe.read("map.png").tone.colour == "viridis"
    run(capsys, "map.png", "--colour", "gray", "-o", "gray.png")
    gray = pixels("gray.png")
    assert (gray[..., 0] == gray[..., 1]).all()
    assert status_of(["draw", "conv(6)", "--out-channels", "2", "--colour", "lab", *SMALL]) == 2
    assert "needs 3 channels" in capsys.readouterr().err


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "vgg", "--size", "2000x1000", "--dry-run")
    assert said.startswith("2000 x 1000: about ")
    assert said.count("\n") == 1
    told = json.loads(run(capsys, "conv(10)", "--seed", "0..9", "--dry-run", "--json"))
    assert told["pictures"] == 10
    assert told["seconds"] > 0
    assert told["bytes"] >= 600 * 400 * (3 * 4 + 3)
    # 2 x (2 x 10 + 10 x 3) a pixel, at least, for every picture
    assert told["flops"] >= 10 * 600 * 400 * 100
    assert files() == []


def test_what_does_not_fit_into_memory_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("netwarp.fields.limits"), "machine_bytes", lambda: 1 << 20)
    for options in ([], ["--dry-run"]):
        assert status_of(["draw", "vgg", "--size", "1000x1000", *options]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "GiB" in said.err
    assert files() == []


def test_values_without_end_are_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        status_of(["draw", "conv(10) * 300", "--norm", "none", "--init", "he(gain=1e3)", "--dtype", "float64", *SMALL])
        == 2
    )
    said = capsys.readouterr()
    assert said.out == ""
    assert len(complaints(said.err)) == 1
    assert "NaN or infinite" in said.err
    assert files() == []


@pytest.mark.parametrize("moment", ["calibrating", "sampling", "painting"])
def test_ctrl_c_leaves_nothing(
    moment: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = import_module("netwarp.cli.draw")

    class Interrupting:
        def __init__(self, engine: str) -> None:
            assert engine == "native"

        def __enter__(self) -> object:
            def report(stage: str, done: int, total: int) -> None:
                if stage.endswith(moment):
                    raise KeyboardInterrupt

            return report

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(screen, "progress", Interrupting)
    assert status_of(["draw", "conv(4, 3) * 2", "-o", "x.png", "--samples", "x.npy", *SMALL]) == 130
    assert complaints(capsys.readouterr().err) == ["netwarp: interrupted"]
    assert files() == []


@pytest.mark.slow
def test_the_examples_of_the_help_run(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for line in draw.EXAMPLES.splitlines() if line.startswith("netwarp draw")]
    assert len(lines) >= 5
    weights = np.random.RandomState(0).randn(5, 3)
    np.savez("model.npz", W0=weights, W1=np.ones((1, 5)), activation="relu")
    Path("points.csv").write_text("\n".join(",".join(map(str, row)) for row in weights.tolist()))
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5).save("photo.jpg")
    for line in lines:
        words = shlex.split(line.split("   ")[0])
        # the same options on fewer pixels
        words = ["40x30" if word == "4000x3000" else word.replace("0..15", "0..2") for word in words]
        run(capsys, *words[2:])
    assert {"conv10x10-9.png", "warp.png", "warp-7.png", "vgg-sheet.png", "siren.npy"} <= set(files())
    assert figure.EXAMPLES.count("netwarp figure") >= 3


def test_the_exact_engine_draws_the_same_picture(capsys: pytest.CaptureFixture[str]) -> None:
    values = {}
    for engine in ("native", "exact", "auto"):
        options = ["--dtype", "float64", "--samples", f"{engine}.npy", "-o", f"{engine}.png", "--json"]
        told = json.loads(run(capsys, "conv(8) * 4", "--engine", engine, "--size", "45x30", *options))
        assert told["engine"] == engine
        values[engine] = np.load(f"{engine}.npy")
    spread = values["native"].max() - values["native"].min()
    np.testing.assert_allclose(values["exact"], values["native"], atol=1e-9 * spread)
    np.testing.assert_allclose(values["auto"], values["native"], atol=1e-9 * spread)
    # one tone for all of them, fitted by the native evaluator
    assert Recipe.read("exact.png").tone == Recipe.read("native.png").tone
    assert np.array_equal(pixels("exact.png"), pixels("native.png"))
    assert status_of(["draw", "conv(8, 3)", "--engine", "exact", "-o", "no.png", *SMALL]) == 2
    assert "layer" in capsys.readouterr().err
    run(capsys, "conv(8, 3)", "--engine", "auto", "-o", "any.png", *SMALL)
    assert "native evaluator's time" in run(capsys, "conv(8)", "--engine", "exact", "--dry-run")


@pytest.mark.slow
def test_a_picture_that_rounding_makes_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "conv(5) * 100", "--act", "sin", *SMALL, "-o", "wild.png", "--json"))
    assert told["rounding"]["reported"]
    assert told["rounding"]["share"] > 0.1
    capsys.readouterr()
    assert status_of(["draw", "conv(5) * 100", "--act", "sin", *SMALL, "-o", "wild.png"]) == 0
    assert capsys.readouterr().err.count("rounding: off by about") == 1
    calm = json.loads(run(capsys, "conv(5) * 3", *SMALL, "-o", "calm.png", "--json"))
    assert not calm["rounding"]["reported"]
    sheet = ["conv(5) * 100", "--act", "sin", *SMALL, "--seed", "0..1", "--sheet", "-o", "sheet.png", "--json"]
    assert json.loads(run(capsys, *sheet))["rounding"]["reported"]
