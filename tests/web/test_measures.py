"""The page's measures of a picture are the library's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.measures.measure import noise, ramp
from netwarp.measures.registry import Absent, Reading, find
from netwarp.network.network import Network
from netwarp.plane import Raster
from web.arrays import packed
from web.conftest import Run

Image = NDArray[np.float64]
NAMES = ("lz_complexity", "mean_frequency", "box_dimension", "components", "holes")
NETWORKS = ('Architecture(conv(10) * 10, act="tanh")', "conv(100)", 'Architecture(conv(12) * 4, act="step")')


def images() -> list[Image]:
    found = [ramp(Raster(48, 40)), noise(Raster(65, 33)), noise(Raster(20, 20)), np.eye(37)]
    random = np.random.RandomState(3)
    found += [random.randint(0, 3, (40, 41)).astype(np.float64), np.sin(np.arange(64 * 50).reshape(64, 50) / 170.0)]
    for text in NETWORKS:
        samples = calibrate(Network.draw(parse(text), 3), Raster(60, 40)).sample(Raster(128, 96), dtype="float64")
        found += [(one - one.mean()) / one.std() for one in samples]
    return found


def measured(name: str, image: Image) -> float | None:
    function: Callable[[Image], Any] = find(name).function
    try:
        reading = function(image)
    except Absent:
        return None
    return float(reading.value if isinstance(reading, Reading) else reading)


def test_measures_of_pictures(node: Run) -> None:
    all_of = images()
    asked = [{"values": packed(one.ravel()), "rows": one.shape[0], "columns": one.shape[1]} for one in all_of]
    for image, found in zip(all_of, node("measures", asked), strict=True):
        for name in NAMES:
            wanted = measured(name, image)
            if wanted is None:
                assert found[name] is None, name
            else:
                np.testing.assert_allclose(found[name], wanted, rtol=1e-10, err_msg=f"{name} of {image.shape}")
