"""Whatever comes in by a door of the library: it is taken, or refused in one short line, soon and in little memory."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
import netwarp as nw
from netwarp.architecture.notation import read_activation, read_distribution, read_initialiser, read_inputs, read_norm
from netwarp.errors import LONGEST, NetwarpError
from netwarp.explorer.address import from_address
from netwarp.explorer.limits import check_architecture
from netwarp.explorer.messages import KINDS, read_request
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reading import CALIBRATION, Files
from netwarp.network import npz
from netwarp.orders.subject import read_subject
from netwarp.picture.recipe import Recipe

SECONDS, BYTES = 5.0, 200 << 20


@contextmanager
def bounded() -> Iterator[None]:
    """What is done within ends well or in a NetwarpError of one line, soon, and without a warning."""
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            yield
    except NetwarpError as error:
        line = str(error)
    else:
        line = "taken"
    assert 0 < len(line) <= LONGEST
    assert len(line.splitlines()) == 1
    assert time.process_time() - start < SECONDS


@contextmanager
def frugal() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


@hostile.examples(150)
@given(hostile.TREES | hostile.texts("conv(10) * 3", "residual(conv(4)) >> pool('max', 2)"))
def test_architectures(text: str) -> None:
    with bounded():
        architecture = nw.parse(text)
        assert nw.parse(str(architecture)) == architecture
        nw.count(architecture)
        check_architecture(architecture, CALIBRATION)


@hostile.examples(40)
@given(hostile.TREES | hostile.texts("folding(2, 4)", "sawtooth(3)", "vgg", "conv(3)"))
def test_subjects_and_small_networks(text: str) -> None:
    with bounded():
        # the names of files are another door
        found = read_subject(text.replace(".", "·") if text.lower().strip().endswith((".png", ".npz")) else text)
        if found.architecture is not None and found.network is None:
            counts = nw.count(found.architecture)
            if counts.parameters < 1_000 and counts.field < 50 and counts.flops < 5_000 and counts.layers < 20:
                check_architecture(found.architecture, CALIBRATION)
                field = nw.Network.draw(found.architecture, 1).calibrate(nw.Raster(8, 6))
                nw.Tone.fit(field.sample(nw.Raster(6, 4)))


@pytest.mark.parametrize(
    ("read", "starts"),
    [
        (read_activation, ("relu", "leaky(0.1)", "sin(30)")),
        (read_norm, ("spatial(scale=3, shift=normal(2))", "layer", "none")),
        (read_distribution, ("3", "normal(1, 2)", "uniform(0, 1)")),
        (read_initialiser, ("he(gain=0.5)", "normal(0.1)", "orthogonal(gain=1.4, bias=normal(0.3))")),
        (read_inputs, ("x y r", "z(4) fourier(16, 4)", "periodic(x) bias")),
    ],
)
def test_small_texts(read: Callable[[str], object], starts: tuple[str, ...]) -> None:
    @hostile.examples(60)
    @given(hostile.texts(*starts))
    def one(text: str) -> None:
        with bounded():
            read(text)

    one()


GRAPH = npz.read(Path(__file__).parents[1] / "network" / "stored" / "graph-2.npz")


@pytest.mark.slow
@hostile.examples(200)
@given(hostile.texts(str(GRAPH["program"])))
def test_graphs(text: str) -> None:
    stream = io.BytesIO()
    # an array holds no lone surrogate, and takes a NUL at its end for nothing
    np.savez(stream, **GRAPH | {"program": np.array(text.encode("utf-8", "replace").decode())})  # type: ignore[arg-type]
    stream.seek(0)
    with bounded(), frugal():
        nw.Network.load(stream).calibrate(nw.Raster(4, 3))


@hostile.examples(80)
@given(hostile.NPZ | hostile.damaged(hostile.network_file()) | hostile.damaged(hostile.drawn_file()))
def test_weights(data: bytes) -> None:
    with bounded(), frugal():
        npz.read(io.BytesIO(data))
        nw.Network.load(io.BytesIO(data))


@hostile.examples(80)
@given(hostile.recipes() | hostile.texts(json.dumps(hostile.RECIPE)))
def test_recipes(text: str) -> None:
    with bounded(), frugal():
        Recipe.from_json(text)


@hostile.examples(120)
@given(
    st.one_of(
        hostile.recipes().map(hostile.png).flatmap(hostile.damaged),
        hostile.recipes().map(hostile.png),
        hostile.damaged(hostile.network_file()),
        hostile.texts(
            "<svg xmlns='x'><metadata>{&quot;architecture&quot;: 1, &quot;calibration&quot;: {}}</metadata></svg>",
            '<!doctype html><script type="application/json" id="state">{"panes": [{}]}</script>',
            "?arch=conv(3)&act=relu&seed=4&p1.act=sin&panes=2",
            "netwarp draw 'conv(10) * 3' --act relu --seed 3 --plane=-.1,.1,-.1,.1",
            "import netwarp as nw\nnw.parse('conv(3)', out=2)\nnw.Plane(0, 0, 1, 1)\nx.draw(seed=3)\nx.after(1)",
            '{"panes": [{"arch": "conv(3)", "seed": 1}], "hide": ["seed"]}',
        ).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.binary(max_size=200),
    )
)
def test_drops(data: bytes) -> None:
    with bounded(), frugal():
        page_of(data, Files())


@hostile.examples(100)
@given(hostile.texts("arch=conv(3)&act=relu", "p1.seed=3&panes=2", "x=0.1&y=1e-30&w=1e-20&h=1&hide=seed,act&embed=1"))
def test_addresses(text: str) -> None:
    with bounded():
        from_address(text)


@hostile.examples(100)
@given(
    hostile.JSONS
    | hostile.texts('{"id": 1, "kind": "open", "pane": 0, "state": {"arch": "conv(3)"}}')
    | st.builds('{{"id": {}, "kind": "{}", "pane": {}}}'.format, hostile.JSONS, st.sampled_from(KINDS), hostile.JSONS)
)
def test_messages(text: str) -> None:
    with bounded():
        read_request(text)


DECIMALS = (
    st.sampled_from(["0", "1", "-1"]) | hostile.NUMBERS | st.integers(4_200, 10_001).map(lambda n: "0." + "1" * n)
)


@hostile.examples(80)
@given(DECIMALS, DECIMALS, DECIMALS, DECIMALS)
def test_planes(x: str, y: str, low: str, high: str) -> None:
    with bounded():
        nw.Plane(x, y).rational()
        nw.Plane.between(x, high, low, y).rational()


def test_what_was_found_before() -> None:
    """A hexadecimal number that Python reads and cannot write, and a scale that overflows when it is folded."""
    with pytest.raises(NetwarpError, match="number too large"):
        read_subject((Path(__file__).parent / "hex-folding.txt").read_text())
    # a scale that overflows where it is divided by a small spread; a warning would be an error
    network = nw.Network.draw(nw.parse("conv(3, norm=spatial(1e308, 0))"), 1)
    with pytest.raises(NetwarpError, match="too large for float32"):
        network.calibrate(nw.Raster(8, 6))
