"""What ARCH may be, how it is changed, and what files are called."""

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture import zoo
from netwarp.architecture.language import parse
from netwarp.errors import InputError, LanguageError
from netwarp.models.files import Completion
from netwarp.network.network import Network
from netwarp.orders.subject import MAX_NAME, change, file_name, read_subject
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster

TONE = Tone("lab", (0, 1, 2), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def picture(path: Path, **recipe: object) -> Path:
    """A PNG of one pixel that carries a recipe."""
    made = {
        "architecture": "conv(3)",
        "seed": 5,
        "raster": Raster(6, 4),
        "calibration": Raster(),
        "tone": TONE,
    } | recipe
    Picture(np.zeros((1, 1, 3), np.uint8), Recipe(**made)).save(path)  # type: ignore[arg-type]
    return path


def plain_npz(path: Path, width: int = 4) -> Path:
    """Plain weights of a 2-width-3 network."""
    random = np.random.RandomState(1)
    arrays = {"W0": random.randn(width, 2), "b0": random.randn(width), "W1": random.randn(3, width), "b1": np.zeros(3)}
    np.savez(path, **arrays)
    return path


def test_a_text_a_name_and_a_picture() -> None:
    assert read_subject("conv(10) * 10").architecture == parse("conv(10) * 10")
    assert read_subject("vgg").architecture == zoo.find("vgg").architecture
    assert read_subject("vgg").name == "vgg"
    with pytest.raises(InputError, match='did you mean "vgg"'):
        read_subject("vggg")
    with pytest.raises(LanguageError):
        read_subject("conv(10) *")


def test_a_picture_is_its_recipe(tmp_path: Path) -> None:
    subject = read_subject(str(picture(tmp_path / "old-5.png", architecture='Architecture(conv(3), act="tanh")')))
    assert subject.architecture == parse("conv(3)", act="tanh")
    assert subject.seed() == 5
    assert subject.name == "old"
    assert subject.recipe is not None
    assert subject.recipe.raster == Raster(6, 4)


def test_weights_travel_in_the_picture_or_lie_beside_it(tmp_path: Path) -> None:
    npz = plain_npz(tmp_path / "weights.npz")
    subject = read_subject(str(npz))
    assert subject.architecture is None
    assert subject.network is not None
    assert subject.weights is not None
    drawn = picture(tmp_path / "inline.png", architecture=None, seed=None, weights=subject.weights)
    named = Weights(subject.weights.file, subject.weights.sha256)
    beside = picture(tmp_path / "named.png", architecture=None, seed=None, weights=named)
    for path in (drawn, beside):
        again = read_subject(str(path)).network
        assert again is not None
        assert np.array_equal(again.parameters["W0"], subject.network.parameters["W0"])
    plain_npz(npz, width=5)
    with pytest.raises(InputError, match="SHA-256 differs"):
        read_subject(str(beside))
    npz.unlink()
    read_subject(str(drawn))
    with pytest.raises(InputError, match=r"put 'weights\.npz' beside it"):
        read_subject(str(beside))


def test_a_saved_network_keeps_its_seed_and_its_weights(tmp_path: Path) -> None:
    Network.draw(parse("conv(4)"), 9).save(tmp_path / "mine.npz")
    subject = read_subject(str(tmp_path / "mine.npz"))
    assert (subject.seed(), str(subject.architecture)) == (9, "conv(4)")
    assert subject.draw(3) is subject.network
    with pytest.raises(InputError, match="weights are given"):
        change(subject, act="tanh")
    assert change(subject) is subject


def test_defaults_are_changed_one_by_one() -> None:
    subject = read_subject("conv(10) * 10")
    changed = change(subject, act="sin(30)", scale="10", inputs="x y r", out=1)
    assert changed.architecture == parse(
        "conv(10) * 10", act="sin(30)", norm="spatial(scale=10, shift=normal(2))", inputs="x y r", out=1
    )
    assert change(subject, norm="spatial", shift="uniform(0, 1)").architecture == parse(
        "conv(10) * 10", norm="spatial(shift=uniform(0, 1))"
    )
    assert change(subject, act="relu") is subject
    with pytest.raises(InputError, match="no norm to scale"):
        change(subject, norm="none", scale="2")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("conv(10) * 10", "conv10x10"),
        ("conv(100)", "conv100"),
        ("conv(16, 3) * 2", "conv16-3x2"),
        ('pool("max", 2)', "pool-max-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("...", "picture"),
    ],
)
def test_names_of_files_are_readable_and_safe(text: str, name: str) -> None:
    assert file_name(text) == name


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = file_name("conv(10) >> " * 30 + "conv(11)"), file_name("conv(10) >> " * 30 + "conv(12)")
    assert one != other
    assert len(one) <= MAX_NAME


def test_networks_that_numbers_name() -> None:
    for text in ("folding(4, 6)", " folding( 4,6 )", "folding(width=6, depth=4)", "folding(4, width=6)"):
        subject = read_subject(text)
        assert subject.name == "folding4-6"
        assert (subject.architecture, subject.seed(), subject.plane) == (None, None, Plane.between(0, 1, 0, 1))
        assert subject.network is not None
        wanted = Network.folding(4, 6).parameters
        assert {n: a.tolist() for n, a in subject.network.parameters.items()} == {
            n: a.tolist() for n, a in wanted.items()
        }
    subject = read_subject("sawtooth(7)")
    assert subject.network is not None
    assert len(subject.network.parameters) == 2 * 8
    assert read_subject("conv(3)").plane is None


def test_a_picture_of_such_a_network_carries_it(tmp_path: Path) -> None:
    subject = read_subject("folding(3, 40)")
    assert subject.weights is not None
    assert subject.weights.packed is not None
    assert subject.weights == read_subject("folding(3, 40)").weights
    drawn = picture(tmp_path / "one.png", architecture=None, seed=None, weights=subject.weights)
    again = read_subject(str(drawn)).network
    assert again is not None
    assert np.array_equal(again.parameters["W2"], Network.folding(3, 40).parameters["W2"])


@pytest.mark.parametrize(
    "text",
    [
        "folding",
        "folding()",
        "folding(4)",
        "folding(4, 4, 4)",
        "folding(4, 4, width=4)",
        "folding(4, height=4)",
        "folding(4, 4) * 2",
        "folding(4, **4)",
        "folding(*4, 4)",
        "folding(4, os)",
        "folding(4, {[]: 4})",
        "folding(4)(4)",
    ],
)
def test_such_a_network_needs_its_numbers(text: str) -> None:
    with pytest.raises(InputError, match=r"takes depth and width, as in folding\(4, 4\)"):
        read_subject(text)


@pytest.mark.parametrize(
    "text", ["folding(4, 4", "folding" + "(" * 150, f"sawtooth({'1' * 5000})", "folding(4if 1 else 2)"]
)
def test_such_a_network_is_read_as_safely_as_any(text: str) -> None:
    with pytest.raises(LanguageError):
        read_subject(text)


def test_such_a_network_has_limits_of_its_own() -> None:
    with pytest.raises(InputError, match=r"folding depth='4': must be a whole number"):
        read_subject("folding('4', 4)")
    with pytest.raises(InputError, match=r"sawtooth depth=-1: must be at least 1"):
        read_subject("sawtooth(-1)")
    with pytest.raises(InputError, match="its weights are given"):
        change(read_subject("sawtooth(3)"), act="abs")


def test_what_is_assumed_is_told(tmp_path: Path) -> None:
    arrays = {"W0": np.random.RandomState(1).randn(4, 3), "origin": [0, 0, 1], "u": [1, 0, 0], "v": [0, 1, 0]}
    np.savez(tmp_path / "a.npz", **arrays, W1=np.ones((1, 4)))
    np.savez(tmp_path / "b.npz", **arrays, W1=np.ones((1, 4)), activation="relu")
    np.savez(tmp_path / "c.npz", **arrays)
    np.savez(tmp_path / "d.npz", W0=np.eye(2), W1=np.eye(2), activation="relu")
    (note,) = read_subject(str(tmp_path / "a.npz")).notes()
    assert note == (
        "a: relu is assumed after every layer but the last, as the file names no activation; --activation names another"
    )
    assert read_subject(str(tmp_path / "b.npz")).notes() == ()
    assert read_subject(str(tmp_path / "c.npz")).notes() == ()
    assert read_subject("conv(3)").notes() == ()
    (note,) = read_subject(str(tmp_path / "d.npz")).notes()
    assert note == (
        "d: its first layer has fewer than 3 lines, too few to say where to look: at the unit square, unless "
        "--plane or --data say it"
    )
    assert read_subject(str(tmp_path / "d.npz")).notes(looked=True) == ()
    assert read_subject(str(tmp_path / "d.npz"), Completion(data=nw.Data([[0, 1], [2, 3]]))).notes() == ()
