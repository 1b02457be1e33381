"""Row (e): growth is fitted right, and told in words that fit it."""

import ast

import numpy as np
import pytest

from netwarp.pages.ranges import DEPTH, growth
from netwarp.pages.spread import script, short


def test_the_fitted_growth_of_a_known_series() -> None:
    depth = np.arange(1, DEPTH + 1)
    assert growth(0.3 * 1.7**depth) == pytest.approx(1.7, rel=1e-12)
    assert growth(4e5 * 0.25**depth) == pytest.approx(0.25, rel=1e-12)
    early = 2.0**depth
    early[:3] = 1e9  # the first layers do not count
    assert growth(early) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.123"),
        (12.3456, "12.3"),
        (1234.5, "1,234"),
        (0.001, "0.001"),
        (1.26e15, "1.3\u00a0×\u00a010¹⁵"),
        (4.2e-7, "4.2\u00a0×\u00a010⁻⁷"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_the_script_is_python() -> None:
    ast.parse(script(7))
    assert "seed=7" in script(7)
