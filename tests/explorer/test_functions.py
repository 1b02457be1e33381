"""`explore` of an ONNX file that only ONNX's own evaluator runs: drawn, said to be slow; no regions, and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.asked import pixels_of
from explorer.conftest import Page, running
from netwarp.explorer.reading import File, pane_of_file, pane_of_subject
from netwarp.orders.subject import read_subject

made = pytest.importorskip("models.onnx_files.made")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """exp(x) and exp(y), which no network of netwarp is."""
    return Path(made.saved(tmp_path / "odd.onnx", made.model([made.node("Exp", "x")])))


def test_it_is_drawn_and_said_to_be_slow(odd: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", "netwarp"):
        subject = read_subject(str(odd))
    assert "drawn by ONNX's own reference evaluator, which is slow" in caplog.text
    with running() as server:
        pane = pane_of_subject(subject, server.shared.files, None)
        view = {key: getattr(pane, key) for key in "xywh"}
        with server.page() as page:
            field = page.ask("open", pane=0, state=pane.to_data())
            assert field["kind"] == "field"
            assert field["facts"]["activation"] is None
            assert (field["counts"], field["piecewise_linear"], field["gpu"]) == (None, False, None)
            assert field["facts"]["file"] == "odd.onnx"
            assert field["layers"] == [{"name": "the whole model", "channels": 2}]
            assert page.ask("at", pane=0, x="0.5", y="-1")["values"] == pytest.approx(np.exp([0.5, -1]), rel=1e-6)
            _is_drawn(page, view)
            # who wins where is sampled, and where cells are asked for the reason is said
            won = page.ask("regions", pane=0, **view)
            assert not won["exact"]
            assert sum(one["share"] for one in won["regions"]) == pytest.approx(1)
            refused = page.ask("cells", pane=0, **view)
            assert refused["kind"] == "error"
            assert "only its values" in refused["message"] or "outside function" in refused["message"]
            measured = page.measured(pane=0, **view)
            assert measured["regions"]["value"] is None
            assert measured["regions"]["reason"] != ""


def _is_drawn(page: Page, view: dict[str, str]) -> None:
    image = pixels_of(page.ask("view", pane=0, **view, columns=60, rows=40, colour="viridis")).astype(int)
    # the first output, exp(x): the same in every row, and brighter to the right
    assert (image == image[:1]).all()
    assert (np.diff(image[0, :, 1]) >= 0).all()
    assert image[0, 0, 1] < image[0, -1, 1]


def test_a_plane_of_it_is_chosen_too(tmp_path: Path) -> None:
    from netwarp.models.files import Completion
    from netwarp.models.sliced import first_slice

    file = made.saved(tmp_path / "wide.onnx", made.model([made.node("Exp", "x")], ("n", 4)))
    with running() as server:
        subject = read_subject(str(file), Completion(first=first_slice))
        pane = pane_of_file(File.of_subject(subject), server.shared.files)
        with server.page() as page:
            page.ask("open", pane=0, state=pane.to_data() | {"slice": "features(3, 1, at=(2, 0, -1, 0))"})
            values = page.ask("at", pane=0, x="0.5", y="-1")["values"]
            assert values == pytest.approx(np.exp([2, -1, -1, 0.5]), rel=1e-6)
