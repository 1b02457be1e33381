"""Wide networks and the kernels of infinite width: the kernel against quadrature, and kernels that are refuted."""

from math import cos, pi, radians

import numpy as np
import pytest

from netwarp.claims import chosaul2009, matthews2018
from netwarp.theory import meanfield


def nothing(done: int, total: int) -> None:
    pass


def test_the_kernel_is_mean_field_theorys() -> None:
    for cosine in (-1.0, -0.3, 0.0, 0.5, 0.9, 1.0):
        expected = meanfield.correlation_map("relu", 2**0.5, 0, cosine)
        assert chosaul2009.kernel(cosine) == pytest.approx(expected, abs=1e-8)
    assert chosaul2009.cosines(90)[:2] == pytest.approx([0, 1 / pi])


@pytest.mark.slow
def test_another_kernel_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosaul2009, "WIDTH", 150)
    # degree 0, of steps
    monkeypatch.setattr(chosaul2009, "kernel", lambda cosine: 1 - np.arccos(min(cosine, 1.0)) / pi)
    assert chosaul2009.angles_follow_the_kernel(True, nothing).verdict == "refuted"


@pytest.mark.slow
def test_a_narrow_network_is_no_gaussian_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matthews2018, "WIDE", 5)
    found = matthews2018.wide_networks_are_gaussian(True, nothing)
    assert found.verdict == "refuted"
    assert found.checks[3].holds


def test_outputs_have_variance_one_and_the_kernels_correlation() -> None:
    found = matthews2018._outputs(40, 4000, nothing)
    assert found.std(axis=0) == pytest.approx([1, 1], rel=0.06)
    c = cos(radians(matthews2018.ANGLE))
    for _ in range(matthews2018.DEPTH):
        c = chosaul2009.kernel(c)
    assert np.corrcoef(found.T)[0, 1] == pytest.approx(c, abs=0.05)
