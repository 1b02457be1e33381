"""No number of threads makes a difference to any bit of a tessellation, its picture, a section or an integral."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib
from dataclasses import fields
import numpy as np
import netwarp as nw

NETWORKS = (("conv(10) * 10", "relu", 7), ("conv(64) * 3", "relu", 1), ("conv(12) * 3", "hardtanh", 2),
            ("conv(8) * 12", "abs", 3), ("residual(conv(12) * 2) * 2", "leaky", 4), ("conv(5) * 3", "relu", 5))
for text, act, seed in NETWORKS:
    drawn = nw.Network.draw(nw.parse(text, act=act), seed).calibrate()
    found = drawn.tessellate()
    told = hashlib.sha256(drawn.sample(nw.Raster(columns=90, rows=60), dtype="float64", engine="exact").tobytes())
    section, integrals = found.along((-0.5, -0.4), (0.5, 0.3)), found.integrate()
    for one in (found, section.switches, section.pieces, integrals):
        for field in fields(one):
            array = getattr(one, field.name)
            if isinstance(array, np.ndarray):
                told.update(np.ascontiguousarray(array).tobytes())
    print(text, len(found), told.hexdigest())
"""


@pytest.mark.slow
def test_any_number_of_threads_gives_the_same_bits() -> None:
    told = set()
    for ours, blas in (("1", "1"), ("2", "2"), ("4", "2")):
        environment = os.environ | {"NETWARP_THREADS": ours, "OPENBLAS_NUM_THREADS": blas}
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True, timeout=300
        )
        told.add(ran.stdout)
    assert len(told) == 1, told
