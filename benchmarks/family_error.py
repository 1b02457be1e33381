"""How often `compare` claims a difference where there is none, and how many true ones it finds.

    python -m benchmarks.family_error --json benchmarks/family_error.json

An architecture is compared with itself: its measures are taken once for a large pool of seeds, and disjoint sets of
seeds are drawn from the pool, thousands of times. A comparison errs if one of its verdicts or more is not "undecided".
The known pair's verdicts count as true where they have the direction that the whole pools have. "Before" is version
0.1: for each measure alone a 95% percentile bootstrap of the median. Some fifteen minutes on two cores, a third of them
for the pools, which --pools keeps in a folder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from netwarp.architecture.language import parse
from netwarp.plane import Raster
from netwarp.study.contrasts import changes, judged
from netwarp.study.ensemble import ensemble

NULL = "conv(4) * 5"
PAIR = ("conv(20)", "conv(4) * 5")
MEASURES, SEEDS = (6, 11, 20), (16, 32, 64)
POOL, COMPARISONS, BEFORE = 3000, 4000, 400
RASTER = Raster(48, 32)
RESAMPLES = 2000

Array = NDArray[np.float64]
Pool = Mapping[str, Array]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.family_error", description=__doc__.splitlines()[0])
    parser.add_argument("--null", default=NULL, help=f"the architecture that is compared with itself ({NULL})")
    parser.add_argument("--pool", type=int, default=POOL, help=f"seeds of every pool ({POOL})")
    parser.add_argument("--comparisons", type=int, default=COMPARISONS, help=f"of every setting ({COMPARISONS})")
    parser.add_argument("--pools", type=Path, help="a folder that keeps the pools between runs")
    parser.add_argument("--json", type=Path, default=Path("family_error.json"), help="where the numbers go")
    options = parser.parse_args()
    pools = {text: kept(text, options.pool, options.pools) for text in dict.fromkeys((options.null, *PAIR))}
    found: dict[str, Any] = {
        "null": options.null,
        "pair": list(PAIR),
        "pool": options.pool,
        "raster": [RASTER.columns, RASTER.rows],
        "family_error": [],
        "power": [],
    }
    for measures in MEASURES:
        for seeds in SEEDS:
            one = family_error(pools[options.null], measures, seeds, options.comparisons, before=BEFORE)
            print(json.dumps(one), flush=True)
            found["family_error"].append(one)
    for seeds in SEEDS:
        one = power(pools[PAIR[0]], pools[PAIR[1]], seeds, BEFORE)
        print(json.dumps(one), flush=True)
        found["power"].append(one)
    options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def kept(text: str, seeds: int, folder: Path | None) -> Pool:
    """The pool of an architecture, from `folder` where it is there already."""
    if folder is None:
        return pool(text, seeds)
    file = folder / f"{''.join(filter(str.isalnum, text))}-{seeds}.npz"
    if file.exists():
        with np.load(file) as stored:
            return dict(stored)
    found = pool(text, seeds)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(file, **found)
    return found


def pool(text: str, seeds: int, *, wanted: str | tuple[str, ...] = "all", raster: Raster = RASTER) -> Pool:
    """Every measure that has a value for all of the seeds 0, 1, ..: (seeds,) each."""
    found = ensemble(parse(text), wanted, seeds=range(seeds), raster=raster, calibration=raster)
    values = {name: found.values(name) for name in found.measurements}
    return {name: one for name, one in values.items() if np.isfinite(one).all()}


def family_error(
    null: Pool, measures: int, seeds: int, comparisons: int, *, family: int | None = None, before: int = 0
) -> dict[str, Any]:
    """How many comparisons of so many measures over so many seeds claim a difference; each draws its measures anew.

    `family` is what the verdicts are corrected for, by default the measures; `before` comparisons are also judged as
    version 0.1 did. `upper` is the upper end of the exact two-sided 95% interval (Clopper
    and Pearson 1934) of the chance to err.
    """
    random = np.random.RandomState(np.random.PCG64(1000 * measures + seeds))
    names = list(null)
    errors = errors_before = 0
    for done in range(comparisons):
        chosen = [names[place] for place in random.permutation(len(names))[:measures]]
        drawn = random.permutation(null[names[0]].size)[: 2 * seeds]
        pairs = [(null[name][drawn[:seeds]], null[name][drawn[seeds:]]) for name in chosen]
        errors += any(_verdict(*pair, family or measures) != "undecided" for pair in pairs)
        if done < before:
            errors_before += any(_before(*pair) != "undecided" for pair in pairs)
    found = {
        "measures": measures,
        "seeds": seeds,
        "comparisons": comparisons,
        "errors": errors,
        "share": round(errors / comparisons, 4),
        "upper": round(float(binomtest(errors, comparisons).proportion_ci(0.95, "exact").high), 4),
    }
    return found | ({"before": round(errors_before / before, 3)} if before else {})


def power(first: Pool, second: Pool, seeds: int, comparisons: int) -> dict[str, Any]:
    """How many true verdicts a comparison of the pair gives on average, before and now, and the share that is kept."""
    random = np.random.RandomState(np.random.PCG64(seeds))
    names = [name for name in second if name in first]
    size = first[names[0]].size
    truth = {name: "more" if np.median(second[name] - first[name]) > 0 else "less" for name in names}
    now = before = 0
    for _ in range(comparisons):
        drawn, other = random.permutation(size)[:seeds], random.permutation(size)[:seeds]
        for name in names:
            pair = first[name][drawn], second[name][other]
            now += _verdict(*pair, len(second)) == truth[name]
            before += _before(*pair) == truth[name]
    found = {"measures": len(second), "seeds": seeds, "comparisons": comparisons}
    means = {"before": round(before / comparisons, 2), "now": round(now / comparisons, 2)}
    return found | means | {"kept": round(now / before, 3)}


def _verdict(below: Array, above: Array, family: int) -> str | None:
    return judged(1, *changes(below, above, family=family))


def _before(below: Array, above: Array) -> str:
    """The verdict of version 0.1."""
    changed = np.log(above) - np.log(below) if (below > 0).all() and (above > 0).all() else above - below
    picks = np.random.RandomState(np.random.PCG64(0)).randint(0, changed.size, (RESAMPLES, changed.size))
    low, high = np.quantile(np.median(changed[picks], axis=1), (0.025, 0.975))
    return "undecided" if low <= 0 <= high else "more" if low > 0 else "less"


if __name__ == "__main__":
    main()
