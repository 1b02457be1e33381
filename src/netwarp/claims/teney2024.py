"""How complex the functions of random networks are: Teney et al. (2024), "Neural Redshift", arXiv:2403.02241.

The paper draws weights and biases uniformly and looks at a multilayer perceptron of two inputs on a square grid. Here
that is W ~ uniform(-a, a) sqrt(3 / fan_in) and b ~ uniform(-a, a), the read-out's too: at magnitude a = 1 a unit's
inputs of variance 1 give it variance 1 whatever the width, and b the same prior as what it is added to. Three hidden
layers of 64 units and a grid of 64x64 pixels over [-1, 1]^2 unless said otherwise. Frequencies are by cosine transform
(`netwarp.measures.spectra.mean_frequency`), the paper's by Fourier transform.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.claims.checks import less, more, verdict, within
from netwarp.claims.registry import Check, Finding, Plot, Progress, Series, claim
from netwarp.claims.words import interval, points
from netwarp.measures.ensemble import ensemble
from netwarp.measures.intervals import LEVEL, RESAMPLES, Interval, median, ratio
from netwarp.plane import Plane, Raster

Values = NDArray[np.float64]

SOURCE = "Teney, Nicolicioiu, Hartmann and Abbasnejad 2024, arXiv:2403.02241"
GRID = Raster(64, 64, Plane(width=2.0, height=2.0))
WIDTH, DEPTH = 64, 3
MAGNITUDES = (1, 2, 4, 8)
SAME, OTHER = 2.5, 6.0
MEASURES = ("mean_frequency", "chebyshev_order", "lz_complexity")
NAMES = ("frequency", "Chebyshev order", "Lempel-Ziv")
SIX = ("relu", "gelu", "sigmoid", "tanh", "sin", "gaussian")
AGREE = 0.8
SETUP = (
    "Weights uniform of variance a^2 / fan_in, biases uniform(-a, a), inputs x and y, one output, on 64x64 pixels of "
    "[-1, 1]^2; mean frequency by cosine transform, paired over seeds. "
)


def mlp(
    act: str,
    magnitude: float,
    *,
    depth: int = DEPTH,
    width: int = WIDTH,
    layer: str = "{}",
    norm: str = "none",
    biases: float | None = None,
) -> Architecture:
    """The paper's perceptron: `depth` hidden layers of `width` units, each written into `layer`.

    residual(...) takes the place of a layer that has as many inputs as outputs only, so not of the first.
    `biases` are uniform(-biases, biases), by default of the weights' magnitude.
    """
    reach = magnitude if biases is None else biases

    def drawn(inputs: int) -> str:
        return f"uniform({magnitude * sqrt(3 / inputs)!r}, bias=uniform({-reach}, {reach}))"

    bias = "" if norm == "none" else ", bias=True"
    first = f'conv({width}{bias}, init="{drawn(2)}")'
    if not layer.startswith("residual"):
        first = layer.format(first)
    rest = f" >> {layer.format(f'conv({width}{bias})')} * {depth - 1}" if depth > 1 else ""
    return parse(first + rest, act=act, norm=norm, init=drawn(width), out=1)


@claim(
    number=13,
    name="relu-ignores-weight-magnitude",
    statement=(
        "The complexity of a random ReLU network hardly depends on how large its weights are; that of tanh and sine "
        "networks does, strongly."
    ),
    source=SOURCE,
    setup=SETUP + "Three hidden layers of 64; magnitude a from 1 to 8.",
    expected="a = 8 over a = 1: ReLU under 2.5, tanh and sine over 6",
    tolerance="none: ratios are medians over seeds, with their intervals",
)
def relu_ignores_weight_magnitude(quick: bool, progress: Progress) -> Finding:
    seeds = range(24 if quick else 96)
    found = _table(("relu", "tanh", "sin"), MAGNITUDES, mlp, seeds, progress)
    whole = {act: ratio(found[act, 1], found[act, 8]) for act in ("relu", "tanh", "sin")}
    checks = (
        less("ReLU, a = 8 over a = 1", SAME, *_ends(whole["relu"])),
        more("tanh, a = 8 over a = 1", OTHER, *_ends(whole["tanh"])),
        more("sine, a = 8 over a = 1", OTHER, *_ends(whole["sin"])),
    )
    measured = "mean frequency at a = 8 over a = 1: " + _list(whole)
    return Finding(measured, verdict(checks), checks, _plot(found, MAGNITUDES, "weight magnitude a", x_log=True))


@claim(
    number=14,
    name="depth-raises-tanh",
    statement="Where weights are large, the complexity of random tanh networks rises with depth.",
    source=SOURCE,
    setup=SETUP + "tanh, 1 to 8 hidden layers of 64; magnitude a = 1, 2 and 4.",
    expected="a = 2 and a = 4: 8 layers over 1 above 1, and so at every doubling of the depth",
    tolerance="none: ratios are medians over seeds, with their intervals",
)
def depth_raises_tanh(quick: bool, progress: Progress) -> Finding:
    seeds, depths, magnitudes = range(24 if quick else 96), (1, 2, 4, 8), (1, 2, 4)
    jobs = [f"a = {a}" for a in magnitudes]
    found = _table(jobs, depths, lambda job, d: mlp("tanh", magnitudes[jobs.index(job)], depth=int(d)), seeds, progress)
    checks: list[Check] = []
    for job in jobs[1:]:
        checks.append(more(f"{job}, 8 layers over 1", 1.0, *_ends(ratio(found[job, 1], found[job, 8]))))
        checks += [
            more(f"{job}, {2 * d} layers over {d}", 1.0, *_ends(ratio(found[job, d], found[job, 2 * d])))
            for d in depths[:-1]
        ]
    whole = {job: ratio(found[job, 1], found[job, 8]) for job in jobs}
    note = (
        "At a = 1, in the ordered phase of Poole et al. 2016, where differences shrink from layer to layer: times "
        f"{interval(whole[jobs[0]], 3)}."
    )
    measured = "mean frequency of 8 layers over 1: " + _list(whole)
    return Finding(measured, verdict(checks), tuple(checks), _plot(found, depths, "hidden layers", x_log=True), note)


@claim(
    number=15,
    name="layer-norm-removes-magnitude",
    statement=(
        "Layer normalisation before every activation makes complexity independent of the size of weights and biases."
    ),
    source=SOURCE,
    setup=SETUP + "Three hidden layers of 64, layer normalisation over the units; ReLU, tanh and sine, a = 1 and 8.",
    expected="a = 8 over a = 1: ratio 1",
    tolerance="10%",
)
def layer_norm_removes_magnitude(quick: bool, progress: Progress) -> Finding:
    note = (
        "It is exact by homogeneity where biases grow along with the weights, as here; claim 23 keeps them. "
        "Without the norm: "
    )
    return _layer_normed(None, note, quick, progress)


@claim(
    number=23,
    name="layer-norm-removes-weight-magnitude",
    statement=(
        "Layer normalisation before every activation makes complexity independent of the size of the weights, the "
        "biases staying as they are."
    ),
    source=SOURCE,
    setup=SETUP
    + (
        "Biases uniform(-1, 1) throughout. Three hidden layers of 64, layer normalisation over the units; ReLU, tanh "
        "and sine, a = 1 and 8."
    ),
    expected="a = 8 over a = 1: ratio 1",
    tolerance="10%",
    recorded="refuted",
)
def layer_norm_removes_weight_magnitude(quick: bool, progress: Progress) -> Finding:
    return _layer_normed(1.0, "Without the norm, biases kept too: ", quick, progress)


def _layer_normed(biases: float | None, note: str, quick: bool, progress: Progress) -> Finding:
    """How far complexity depends on the weights' magnitude under layer normalisation; `note` precedes that without."""
    seeds, acts = range(16 if quick else 64), ("relu", "tanh", "sin")
    jobs = [f"{act}{kind}" for act in acts for kind in ("", ", no norm")]

    def network(job: str, a: float) -> Architecture:
        act, _, kind = job.partition(", ")
        return mlp(act, a, norm="none" if kind else "layer()", biases=biases)

    found = _table(jobs, (1, 8), network, seeds, progress)
    whole = {job: ratio(found[job, 1], found[job, 8]) for job in jobs}
    checks = tuple(
        within(f"{_word(act)}, a = 8 over a = 1", 1.0, whole[act].value, 0.1, whole[act].low, whole[act].high)
        for act in acts
    )
    measured = "mean frequency at a = 8 over a = 1: " + _list({act: whole[act] for act in acts})
    note += _list({act: whole[f"{act}, no norm"] for act in acts}) + "."
    return Finding(measured, verdict(checks), checks, _plot(found, (1, 8), "weight magnitude a", x_log=True), note)


@claim(
    number=16,
    name="residuals-lower-gating-raises",
    statement=(
        "Residual connections lower the complexity of random networks, and multiplicative gating raises it, whatever "
        "the activation."
    ),
    source=SOURCE,
    setup=SETUP
    + (
        "Seven hidden layers of 64; x + f(x) around all but the first, or f(x) sigmoid(g(x)) for each; ReLU, tanh "
        "and sine, a = 2 and 8."
    ),
    expected="residual over plain: below 1; gated over plain: above 1",
    tolerance="none: ratios are medians over seeds, with their intervals",
    recorded="refuted",
)
def residuals_lower_gating_raises(quick: bool, progress: Progress) -> Finding:
    seeds, acts, magnitudes = range(10 if quick else 48), ("relu", "tanh", "sin"), (2, 8)
    kinds = {"plain": "{}", "residual": "residual({})", "gated": "gated({})"}
    jobs = [f"{act}, {kind}" for act in acts for kind in kinds]

    def network(job: str, a: float) -> Architecture:
        act, _, kind = job.partition(", ")
        return mlp(act, a, depth=7, layer=kinds[kind])

    found = _table(jobs, magnitudes, network, seeds, progress)
    checks: list[Check] = []
    for act in acts:
        for a in magnitudes:
            plain, residual, gated = (found[f"{act}, {kind}", a] for kind in kinds)
            checks.append(less(f"{_word(act)}, a = {a}, residual over plain", 1.0, *_ends(ratio(plain, residual))))
            checks.append(more(f"{_word(act)}, a = {a}, gated over plain", 1.0, *_ends(ratio(plain, gated))))
    against = [one for one in checks if not one.holds]
    measured = f"{len(checks) - len(against)} of {len(checks)} comparisons go as said" + (
        "; against: " + ", ".join(f"{one.what} {one.measured:.3g}" for one in against) if against else ""
    )
    plot = _plot(found, magnitudes, "weight magnitude a", x_log=True)
    return Finding(measured, verdict(checks), tuple(checks), plot)


@claim(
    number=17,
    name="width-does-not-matter",
    statement="From 64 units a layer up, width does not change the complexity of random networks.",
    source=SOURCE,
    setup=SETUP + "Three hidden layers of 64, 128, 256 and 512; ReLU, tanh and sine, a = 2.",
    expected="wider over 64: ratio 1",
    tolerance="15%",
)
def width_does_not_matter(quick: bool, progress: Progress) -> Finding:
    widths = (64, 128, 256) if quick else (64, 128, 256, 512)
    seeds, acts = range(20 if quick else 48), ("relu", "tanh", "sin")
    found = _table(acts, widths, lambda act, width: mlp(act, 2, width=int(width)), seeds, progress)
    checks = []
    for act in acts:
        for width in widths[1:]:
            one = ratio(found[act, 64], found[act, width])
            checks.append(within(f"{_word(act)}, {width} over 64 units", 1.0, one.value, 0.15, one.low, one.high))
    measured = f"mean frequency at width {widths[-1]} over 64: " + _list(
        {act: ratio(found[act, 64], found[act, widths[-1]]) for act in acts}
    )
    return Finding(measured, verdict(checks), tuple(checks), _plot(found, widths, "units a layer", x_log=True))


@claim(
    number=18,
    name="complexities-agree",
    statement=(
        "Frequency in a Fourier basis, order in a basis of polynomials and Lempel-Ziv complexity put random networks "
        "into much the same order."
    ),
    source=SOURCE,
    setup=SETUP
    + (
        "72 architectures: 1, 3 or 6 hidden layers of 64, six activations, a from 1 to 8; several seeds. Spearman's "
        "rank correlation over all networks, and over the architectures' medians, bootstrapped over what is ranked."
    ),
    expected="rank correlations above 0.8",
    tolerance="none: the correlations with their intervals",
    recorded="refuted",
)
def complexities_agree(quick: bool, progress: Progress) -> Finding:
    seeds = range(4 if quick else 16)
    jobs = [(act, a, depth) for act in SIX for a in MAGNITUDES for depth in (1, 3, 6)]
    values = np.empty((len(MEASURES), len(jobs), len(seeds)))
    for place, (act, a, depth) in enumerate(jobs):
        one = ensemble(mlp(act, a, depth=depth), MEASURES, seeds=seeds, raster=GRID, calibration=GRID)
        values[:, place] = [one.values(name) for name in MEASURES]
        progress(place + 1, len(jobs))
    middle = np.median(values, axis=2)
    pairs = list(combinations(range(len(MEASURES)), 2))
    single = {pair: _spearman(values[pair[0]].ravel(), values[pair[1]].ravel()) for pair in pairs}
    among = {pair: _spearman(middle[pair[0]], middle[pair[1]]) for pair in pairs}
    checks = tuple(
        more(f"{_words(pair)}, {what}", AGREE, *_ends(one))
        for what, found in (("networks", single), ("architectures", among))
        for pair, one in found.items()
    )
    measured = f"over {values[0].size} networks: " + ", ".join(
        f"{_words(p)} {interval(o, 3)}" for p, o in single.items()
    )
    relu = [place for place, job in enumerate(jobs) if job[0] == "relu"]
    note = (
        "Architectures, by their medians: "
        + ", ".join(f"{_words(pair)} {interval(one, 3)}" for pair, one in among.items())
        + ". Lempel-Ziv complexity sees only which pixels are above the median. Of the ReLU networks alone, frequency "
        "and Lempel-Ziv "
        f"{interval(_spearman(values[0, relu].ravel(), values[2, relu].ravel()), 3)}."
    )
    order = np.argsort(middle[0])
    plot = Plot(
        tuple(
            Series(
                NAMES[row], tuple(middle[0, order].tolist()), tuple((middle[row, order] / middle[row].max()).tolist())
            )
            for row in (1, 2)
        ),
        "mean frequency, cycles a picture (an architecture's median)",
        "share of the largest",
        x_log=True,
        y_log=True,
    )
    return Finding(measured, verdict(checks), checks, plot, note)


Table = dict[tuple[str, float], Values]


def _table(
    jobs: Sequence[str],
    across: Sequence[float],
    network: Callable[[str, float], Architecture],
    seeds: range,
    progress: Progress,
) -> Table:
    """The mean frequencies over seeds, (S,), of `network(job, x)`, by job and x."""
    found: Table = {}
    for job in jobs:
        for x in across:
            one = ensemble(network(job, x), MEASURES[:1], seeds=seeds, raster=GRID, calibration=GRID)
            found[job, x] = one.values(MEASURES[0])
            progress(len(found), len(jobs) * len(across))
    return found


def _plot(found: Table, across: Sequence[float], label: str, *, x_log: bool = False) -> Plot:
    jobs = dict.fromkeys(job for job, _ in found)
    return Plot(
        tuple(points(_word(job), across, [median(found[job, x]) for x in across]) for job in jobs),
        label,
        "mean frequency, cycles a picture",
        x_log=x_log,
        y_log=True,
    )


def _spearman(first: Values, second: Values) -> Interval:
    """Spearman's rank correlation of paired (n,) values, with the percentile interval over resampled pairs."""
    from scipy.stats import spearmanr

    random = np.random.default_rng(0)
    picks = random.integers(0, first.size, (RESAMPLES // 4, first.size))
    drawn = [spearmanr(first[pick], second[pick]).statistic for pick in picks]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(spearmanr(first, second).statistic), float(low), float(high))


def _ends(one: Interval) -> tuple[float, float | None, float | None]:
    return one.value, one.low, one.high


def _list(found: dict[str, Interval]) -> str:
    return ", ".join(f"{_word(name)} {interval(one, 3)}" for name, one in found.items())


def _word(job: str) -> str:
    """An activation's name as it is written in text: "sin, gated" is "sine, gated"."""
    act, comma, rest = job.partition(",")
    return {"relu": "ReLU", "sin": "sine"}.get(act, act) + comma + rest


def _words(pair: tuple[int, int]) -> str:
    return f"{NAMES[pair[0]]} and {NAMES[pair[1]]}"
