"""Decision regions, points and agreement in a pane: known shares, the library's own answer, and every depth of zoom."""

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, LimitError
from netwarp.explorer import deciding
from netwarp.explorer.opening import OpenField, described, open_pane
from netwarp.explorer.reading import Files, page_of_subjects
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.models.decisions import colours
from netwarp.orders.subject import OwnWeights, Subject, read_subject
from netwarp.plane import Plane, Raster

THREE = {"W0": [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], "b0": [0.0, 0.0, 0.0]}
SQUARE = Plane(0, 0, 2, 2)


def later() -> Cancellation:
    return Cancellation("later", 60.0)


def loaded(activation: str = "relu", **arrays: Any) -> nw.Network:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    return nw.Network.load(stream, activation=activation)


def opened(network: nw.Network, data: nw.Data | None = None) -> OpenField:
    files = Files(data=data)
    (pane,) = page_of_subjects([named(network)], files).panes
    return open_pane(pane, files, later())


def named(network: nw.Network, name: str = "net", plane: Plane | None = None) -> Subject:
    return Subject(name, OwnWeights(network, None), plane=plane)


def hidden(activation: str = "relu", width: int = 12, outputs: int = 3, seed: int = 0) -> nw.Network:
    rng = np.random.default_rng(seed)
    sizes = (2, width, width, outputs)
    arrays = {}
    for n, (before, after) in enumerate(pairwise(sizes)):
        arrays |= {f"W{n}": rng.normal(size=(after, before)), f"b{n}": rng.normal(size=after) / 2}
    return loaded(activation, **arrays)


def test_three_logits_share_the_square_as_they_must() -> None:
    reply, ends = deciding.regions(opened(loaded(**THREE)), SQUARE, later())
    assert reply["exact"]
    assert {tuple(one["classes"]): one["share"] for one in reply["regions"]} == pytest.approx(
        {(0,): 0.3125, (1,): 0.3125, (2,): 0.375}, abs=1e-15
    )
    found = np.frombuffer(ends, "<f4").reshape(-1, 4)
    assert len(found) == reply["count"]
    # x = y from the origin to the corner (1, 1); x = -x - y and y = -x - y from it to the border
    rays = {tuple(np.round(row[2:] if np.allclose(row[:2], 0) else row[:2], 6).tolist()) for row in found}
    assert rays == {(0.5, 0.5), (0.25, -0.5), (-0.5, 0.25)}


def test_every_pixel_has_the_colour_of_the_largest_output() -> None:
    found = opened(hidden())
    raster = Raster(60, 40, Plane(0.3, -0.2, 3, 2))
    header, pixels = deciding.pixels(found, raster, coarse=False, cancel=later())
    assert (header["columns"], header["rows"]) == (60, 40)
    image = np.frombuffer(pixels, np.uint8).reshape(40, 60, 4)
    palette = colours.tinted(colours.class_colours(3), colours.FLAT)
    x, y = np.meshgrid(raster.xs(), raster.ys())
    values = found.field.network.calibrate().at(np.stack([x.ravel(), y.ravel()], axis=1))
    np.testing.assert_array_equal(image[..., :3].reshape(-1, 3), palette[values.argmax(axis=1)])
    assert len({tuple(pixel) for pixel in image.reshape(-1, 4)}) > 1


def test_a_single_output_is_held_against_nought() -> None:
    found = opened(loaded(W0=[[1.0, 0.0]], b0=[-0.5]))
    reply, _ = deciding.regions(found, SQUARE, later())
    assert {tuple(one["classes"]): one["share"] for one in reply["regions"]} == pytest.approx({(0,): 0.75, (1,): 0.25})


def test_a_single_output_in_0_to_1_is_held_against_a_half_at_every_zoom() -> None:
    field = nw.field(lambda points: 1 / (1 + np.exp(-4 * points[:, 0])), plane=SQUARE)
    found = opened(field.network)
    for plane, right in ((SQUARE, 0.5), (Plane(0.25, 0, 1, 1), 0.75)):
        reply, _ = deciding.regions(found, plane, later())
        assert {tuple(one["classes"]): one["share"] for one in reply["regions"]}[1,] == pytest.approx(right)
        assert "taken for a probability" in reply["note"]
        assert nw.decision(field, plane=plane).share[1] == pytest.approx(right)


def test_a_curved_network_is_sampled_and_says_why() -> None:
    network = hidden("tanh")
    reply, ends = deciding.regions(opened(network), Plane(0, 0, 3, 2), later())
    assert not reply["exact"]
    assert "tanh" in reply["note"]
    expected = nw.decision(network.calibrate(), plane=Plane(0, 0, 3, 2), size=(600, 400))
    assert [one["share"] for one in reply["regions"]] == pytest.approx([share for share in expected.share if share])
    assert np.abs(np.frombuffer(ends, "<f4")).max() <= 0.5


@pytest.mark.parametrize("width", [1e-3, 1e-12, 1e-30])
def test_regions_are_exact_at_every_depth(width: float) -> None:
    """About the point where three classes meet the picture is the same at every scale."""
    found = opened(loaded(**THREE))
    plane = Plane("0", "0", width, width)
    reply, _ = deciding.regions(found, plane, later())
    assert reply["exact"]
    assert [one["share"] for one in reply["regions"]] == pytest.approx([0.3125, 0.3125, 0.375])
    _, pixels = deciding.pixels(found, Raster(40, 40, plane), coarse=False, cancel=later())
    _, wide = deciding.pixels(found, Raster(40, 40, SQUARE), coarse=False, cancel=later())
    same = np.frombuffer(pixels, np.uint8).reshape(-1, 4) == np.frombuffer(wide, np.uint8).reshape(-1, 4)
    assert same.all(axis=1).mean() > 0.97  # of those on a boundary either class may win


def test_a_curved_network_too_small_for_float64_is_refused_in_a_line() -> None:
    found = opened(hidden("tanh"))
    deep = Plane("0.1", "0.1", 1e-20, 1e-20)
    with pytest.raises(LimitError, match=r"too small a view for float64.*tanh.*; zoom out"):
        deciding.pixels(found, Raster(8, 8, deep), coarse=False, cancel=later())


def test_equal_outputs_are_a_tie_in_its_own_colour() -> None:
    found = opened(loaded(W0=[[1.0, 0.0], [1.0, 0.0]], b0=[0.0, 0.0]))
    reply, _ = deciding.regions(found, SQUARE, later())
    (tie,) = colours.set_colours(((0, 1),), colours.class_colours(2))
    tint = colours.hexadecimal(colours.tinted(tie, colours.FLAT))
    assert reply["regions"] == [{"classes": [0, 1], "share": pytest.approx(1.0), "tint": tint}]
    _, pixels = deciding.pixels(found, Raster(8, 8, SQUARE), coarse=False, cancel=later())
    shown = np.unique(np.frombuffer(pixels, np.uint8).reshape(-1, 4)[:, :3], axis=0)
    assert [colours.hexadecimal(one) for one in shown] == [tint]


def test_points_lie_where_the_data_say_in_their_classes() -> None:
    data = nw.Data([[0.25, 0.5], [-1, 2], [3, 4]], ["cat", "dog", "eel"])
    found = opened(loaded(**THREE), data)
    said = described(found, found.pane, later())
    assert said["points"] == 3
    assert [one["name"] for one in said["classes"]] == ["cat", "dog", "eel"]
    assert [one["colour"] for one in said["classes"]] == list(colours.OKABE_ITO[:3])
    header, body = deciding.points(found.scene)
    assert (header["count"], header["total"], header["note"]) == (3, 3, "")
    np.testing.assert_array_equal(np.frombuffer(body[:48], "<f8").reshape(3, 2), data.X)
    np.testing.assert_array_equal(np.frombuffer(body[48:], "<i4"), [0, 1, 2])


def test_points_of_other_classes_are_shown_without_colours_and_why() -> None:
    header, body = deciding.points(opened(loaded(**THREE), nw.Data([[0, 0], [1, 1]], ["a", "b"])).scene)
    assert header["note"] == "the data are of 2 classes, and the outputs of 3"
    np.testing.assert_array_equal(np.frombuffer(body[32:], "<i4"), [-1, -1])


def test_points_of_another_space_are_not_shown() -> None:
    found = opened(loaded(**THREE), nw.Data(np.zeros((4, 5))))
    assert described(found, found.pane, later())["points"] == 0
    assert deciding.points(found.scene)[0]["count"] == 0


def test_points_are_not_shown_over_netwarps_own_networks() -> None:
    files = Files(data=nw.Data(np.zeros((4, 2))))
    found = open_pane(Pane(arch="conv(3)"), files, later())
    assert described(found, found.pane, later())["points"] == 0


def test_very_many_points_are_thinned_and_said() -> None:
    header, _ = deciding.points(opened(loaded(**THREE), nw.Data(np.zeros((50_001, 2)))).scene)
    assert (header["count"], header["total"]) == (deciding.MOST_POINTS, 50_001)


def test_two_models_agree_on_as_much_as_they_must() -> None:
    right, up = (opened(loaded(W0=[row], b0=[0.0])) for row in ([1.0, 0.0], [0.0, 1.0]))
    reply = deciding.agree([right.field, up.field], SQUARE, later())
    assert (reply["share"], reply["exact"]) == (pytest.approx(0.5), True)
    with pytest.raises(InputError, match="of 2, 3 classes"):
        deciding.agree([right.field, opened(loaded(**THREE)).field], SQUARE, later())


def test_a_page_asks_how_far_its_panes_agree(page: Any, server: Any) -> None:
    for n, row in enumerate(([1.0, 0.0], [0.0, 1.0])):
        (pane,) = page_of_subjects([named(loaded(W0=[row], b0=[0.0]))], server.shared.files).panes
        assert page.ask("open", pane=n, state=pane.to_data())["up"]
    reply = page.ask("agree", pane=0, panes=2, x="0", y="0", w="2", h="2")
    assert reply["share"] == pytest.approx(0.5)
    assert "pane 2 is not open" in page.ask("agree", pane=0, panes=3, x="0", y="0", w="2", h="2")["message"]


def test_models_side_by_side_look_where_the_first_does() -> None:
    files = Files()
    subjects = [named(hidden(seed=n), name, Plane(n, 0, 4.5, 2)) for n, name in enumerate(("a", "b"))]
    first, second = page_of_subjects(subjects, files).panes
    assert (first.x, first.y, first.w, first.h) == (second.x, second.y, second.w, second.h) == ("0", "0", "4.5", "3")
    assert first.show == second.show == "classes"
    assert page_of_subjects(subjects[:1], files).panes[0].show == "output"
    assert page_of_subjects([], files).panes == (Pane(),)
    with pytest.raises(InputError, match="5 networks, at most 4"):
        page_of_subjects([*subjects, *subjects, subjects[0]], files)


def test_y_grows_upwards_for_models_and_downwards_for_netwarps_own(tmp_path: Path) -> None:
    files = Files()
    np.savez(tmp_path / "own.npz", **THREE)
    nw.Network.draw(nw.parse("conv(4)"), 1).save(tmp_path / "drawn.npz")
    for text, up in (
        (str(tmp_path / "own.npz"), True),
        (str(tmp_path / "drawn.npz"), False),
        ("conv(4)", False),
        ("folding(2, 4)", False),
    ):
        (pane,) = page_of_subjects([read_subject(text)], files).panes
        found = open_pane(pane, files, later())
        assert described(found, pane, later())["up"] is up, text
    (pane,) = page_of_subjects([read_subject("conv(4)")], files, y="up").panes
    assert pane.grows == "up"
