"""calibrate: what it freezes, rounds, keeps and refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import reference
from netwarp.architecture.language import parse
from netwarp.engine.native import Native
from netwarp.errors import InputError, LimitError
from netwarp.fields import limits
from netwarp.fields.calibration import calibrate
from netwarp.network.cut import cut
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv, LayerNorm, Normalise
from netwarp.plane import Plane, Raster

RASTER = Raster(12, 9, Plane(0.013, 0.007))


def drawn(text: str, seed: int = 1, **defaults: object) -> Network:
    return Network.draw(parse(text, **defaults), seed)  # type: ignore[arg-type]


def test_it_is_the_definition() -> None:
    network = drawn("conv(6, 3) >> residual(conv(4)) >> maxout(3, 2)")
    field = calibrate(network, RASTER)
    wanted = reference.sample(cut(reference.calibrate(lower(network), RASTER)), RASTER, RASTER.pitch)
    np.testing.assert_allclose(field.sample(dtype="float64"), wanted, rtol=0, atol=1e-5 * np.abs(wanted).max())
    assert field.raster is RASTER
    assert field.network is network
    assert field.channels == 3
    assert field.layers == 3


def test_600_by_400_unless_told_otherwise() -> None:
    assert calibrate(drawn("conv(3)")).raster == Raster(600, 400)
    assert drawn("conv(3)").calibrate().raster == Raster(600, 400)


def test_every_number_is_a_float32_and_no_normalisation_is_left() -> None:
    """What none folds into too: biases, slopes, layer norms, the read-out."""
    field = calibrate(
        drawn('conv(4, act="leaky(random)") >> conv(3, norm=layer(normal(2), 0.1)) >> conv(5, norm=None)'), RASTER
    )
    assert field.program.exact32
    kinds = set()
    for operation in field.program.operations:
        kinds.add(type(operation))
        arrays: list[np.ndarray] = []
        if isinstance(operation, Conv):
            arrays = [operation.weight, operation.bias]
        elif isinstance(operation, Activate):
            arrays = [operation.parameter]
        elif isinstance(operation, LayerNorm):
            arrays = [operation.scale, operation.shift]
        for array in arrays:
            np.testing.assert_array_equal(array.astype(np.float32), array)
    assert Normalise not in kinds
    assert {Conv, Activate, LayerNorm} <= kinds


def test_loaded_numbers_stay_what_they_are(tmp_path: object) -> None:
    rng = np.random.default_rng(1)
    arrays = {"W0": rng.normal(size=(5, 2)), "b0": rng.normal(size=5), "W1": rng.normal(size=(3, 5)), "b1": np.zeros(3)}
    path = f"{tmp_path}/plain.npz"
    np.savez(path, **arrays)
    network = Network.load(path)
    assert network.architecture is None
    field = calibrate(network, RASTER)
    assert not field.program.exact32
    assert field.precision() == "float64"
    convs = [o for o in field.program.operations if isinstance(o, Conv)]
    np.testing.assert_array_equal(convs[0].weight[:, :, 0, 0], arrays["W0"])
    hidden = np.maximum(arrays["W0"] @ [0.1, 0.2] + arrays["b0"], 0)
    np.testing.assert_allclose(field.at([[0.1, 0.2]])[0], arrays["W1"] @ hidden, rtol=1e-13)


def test_the_plane_of_calibration_counts() -> None:
    network = drawn("conv(6) * 2")
    one, other = calibrate(network, RASTER), calibrate(network, Raster(12, 9, Plane(0.5, 0.5, 0.2, 0.2)))
    assert np.abs(one.at([[0.1, 0.2]]) - other.at([[0.1, 0.2]])).max() > 0.01
    again = calibrate(network, Raster(12, 9, Plane(0.013, 0.007)))
    np.testing.assert_array_equal(one.at([[0.1, 0.2]]), again.at([[0.1, 0.2]]))


class Untouched:
    """An evaluator that must not be asked."""

    name = "untouched"

    def run(self, *_: object, **__: object) -> np.ndarray:
        raise AssertionError

    points = statistics = run


def test_what_would_not_fit_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = drawn("conv(300, 3) * 2")
    with pytest.raises(LimitError, match=r"calibrating on 65536x65535 would take .* GiB .* choose a smaller size"):
        calibrate(wide, Raster(65536, 65535), engine=Untouched())
    monkeypatch.setattr(limits, "machine_bytes", lambda: 1 << 20)
    with pytest.raises(LimitError, match="calibrating on 60x40"):
        calibrate(wide, Raster(60, 40), engine=Untouched())
    monkeypatch.setattr(limits, "machine_bytes", lambda: 1 << 30)
    assert calibrate(wide, Raster(4, 3)).channels == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibrate("conv(3)"), r"network='conv\(3\)': must be a Network, as Network.draw"),
        (lambda: calibrate(drawn("conv(3)"), (600, 400)), r"raster=\(600, 400\): must be a Raster"),
        (lambda: calibrate(drawn("conv(3)"), RASTER, engine="naitve"), r'engine=.naitve.*did you mean "native"'),
        (lambda: drawn("conv(3)").calibrate(RASTER, engine="numpy"), r'"native" or "torch"'),
    ],
)
def test_errors_name_the_argument(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_progress_is_called_and_cancels(monkeypatch: pytest.MonkeyPatch, threads: str) -> None:
    monkeypatch.setenv("NETWARP_THREADS", threads)

    class Cancelled(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Cancelled

    network = drawn("conv(8) * 3")
    seen: list[tuple[int, int]] = []
    field = network.calibrate(Raster(100, 60), progress=lambda *at: seen.append(at))
    assert seen[-1][0] == seen[-1][1] > 0
    with pytest.raises(Cancelled):
        network.calibrate(Raster(100, 60), progress=stop)
    # nothing half done remains
    again = network.calibrate(Raster(100, 60))
    np.testing.assert_array_equal(again.sample(RASTER), field.sample(RASTER))


def test_an_evaluator_may_be_given() -> None:
    network = drawn("conv(4)")
    one, other = calibrate(network, RASTER, engine=Native()), calibrate(network, RASTER)
    np.testing.assert_array_equal(one.sample(), other.sample())
