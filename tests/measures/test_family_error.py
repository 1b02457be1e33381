"""Families of real measures: an architecture against itself, its networks drawn once and their seeds over and over."""

import json
from pathlib import Path

import pytest
from scipy.stats import binomtest

from benchmarks.family_error import MEASURES, SEEDS, family_error, pool
from netwarp.plane import Raster

ROOT = Path(__file__).resolve().parents[2]
RECORDED = json.loads((ROOT / "benchmarks" / "family_error.json").read_text(encoding="utf-8"))
# cheap ones, continuous and counted, some of which say nearly the same
NAMES = (
    "total_variation", "dirichlet_energy", "mean_frequency", "spectral_slope", "level_set_length", "box_dimension",
    "components", "holes", "lz_complexity", "structural_complexity", "curvature",
)  # fmt: skip


@pytest.mark.slow
def test_an_architecture_against_itself_seldom_gets_a_verdict() -> None:
    """1,000 comparisons: more than 5% of errors would be seen where there are 7% or more."""
    null = pool("conv(4) * 3", 192, wanted=NAMES, raster=Raster(24, 16))
    for seeds in (16, 32):
        found = family_error(null, len(null), seeds, 1000)
        assert binomtest(found["errors"], 1000, 0.05, alternative="greater").pvalue > 0.01
        # the bound can fail: verdicts that are not corrected err three to nine times as often
        alone = family_error(null, len(null), seeds, 200, family=1)
        assert binomtest(alone["errors"], 200, 0.05, alternative="greater").pvalue < 1e-9


def test_the_recorded_simulation_meets_its_bounds_and_is_the_one_of_the_docs() -> None:
    text = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    settings = {(one["measures"], one["seeds"]): one for one in RECORDED["family_error"]}
    assert set(settings) == {(measures, seeds) for measures in MEASURES for seeds in SEEDS}
    for (measures, seeds), one in settings.items():
        assert one["comparisons"] >= 4000
        assert binomtest(one["errors"], one["comparisons"]).proportion_ci(0.95, "exact").high <= 0.06
        row = f"| {measures} | {seeds} | {one['before']:.0%} | {one['share']:.1%} | {one['upper']:.1%} |"
        assert row in text
    for one in RECORDED["power"]:
        assert one["kept"] >= 0.8
        assert f"| {one['seeds']} | {one['before']:.1f} | {one['now']:.1f} | {one['kept']:.0%} |" in text
