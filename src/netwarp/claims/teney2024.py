"""How complex the functions of random networks are: Teney et al. (2024), "Neural Redshift", arXiv:2403.02241.

The paper draws weights and biases uniformly and looks at multilayer perceptrons of two inputs on a square grid. Every
claim is measured under its own prior, uniform(-A, A) for all of them, and under one that goes by fan-in
(`netwarp.claims.perceptrons`). Frequencies are by cosine transform (`netwarp.measures.spectra.mean_frequency`), the
paper's by Fourier transform. The paper shows curves and gives no bars: the numbers are netwarp's.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.claims.checks import judge, less, more, within
from netwarp.claims.estimates import Estimate, ratio_of, resampled_of
from netwarp.claims.perceptrons import (
    FAN_IN,
    GRID,
    OWN,
    PRIORS,
    Key,
    Prior,
    Table,
    frequencies,
    mlp,
    plot,
    ratios,
    word,
)
from netwarp.claims.registry import Check, Finding, Plot, Series, claim
from netwarp.claims.words import interval
from netwarp.measures.intervals import LEVEL
from netwarp.progress import Progress
from netwarp.study.ensemble import ensembles

SOURCE = "Teney, Nicolicioiu, Hartmann and Abbasnejad 2024, arXiv:2403.02241"
THREE = ("relu", "tanh", "sin")
SIX = ("relu", "gelu", "sigmoid", "tanh", "sin", "gaussian")
SAME, OTHER = 2.5, 6.0
MEASURES = ("mean_frequency", "chebyshev_order", "lz_complexity")
NAMES = ("frequency", "Chebyshev order", "Lempel-Ziv")
AGREE = 0.8
# the kinds of layer by the text they are written into
KINDS = {"plain": "{}", "residual": "residual({})", "gated": "gated({})"}
SETUP = (
    "Inputs x and y, one output, on 64x64 pixels of [-1, 1]^2; the paper's own prior, weights and biases "
    "uniform(-A, A), and beside it weights uniform of variance a^2 / fan_in, biases uniform(-a, a); mean frequency by "
    "cosine transform, over the same seeds. "
)
MEANS = "none: ratios are geometric means over seeds, with their intervals"


@claim(
    number=13,
    name="relu-ignores-weight-magnitude",
    statement=(
        "The complexity of a random ReLU network hardly depends on how large its weights are; that of tanh and sine "
        "networks does, strongly."
    ),
    source=SOURCE,
    basis="stated",
    setup=SETUP + "Three hidden layers of 64; A from 0.1 to 100, a from 1 to 8.",
    expected="largest over smallest magnitude: ReLU under 2.5, tanh and sine over 6; the two numbers are ours",
    tolerance=MEANS,
)
def relu_ignores_weight_magnitude(quick: bool, progress: Progress) -> Finding:
    keys = [(prior, act, a) for prior in PRIORS for act in THREE for a in prior.magnitudes]
    found = frequencies(keys, mlp, range(24 if quick else 96), progress)
    statements = []
    for prior in PRIORS:
        for act in THREE:
            ends = [found[prior, act, prior.magnitudes[end]] for end in (0, -1)]
            what = f"{prior.name}, {word(act)}, {prior.at(prior.magnitudes[-1])} over {prior.magnitudes[0]:g}"
            statements.append(
                less(what, SAME, ratio_of(*ends)) if act == "relu" else more(what, OTHER, ratio_of(*ends))
            )
    checks = judge(statements)
    return Finding(_said(checks), checks, plot(found, "weight magnitude A or a"))


@claim(
    number=14,
    name="depth-raises-tanh",
    statement="Where weights are large, the complexity of random tanh networks rises with depth.",
    source=SOURCE,
    basis="stated",
    setup=SETUP + "tanh, 1 to 8 hidden layers of 64; A = 0.5 and 1, a = 2 and 4.",
    expected="8 layers over 1 above 1, and so at every doubling of the depth",
    tolerance=MEANS,
)
def depth_raises_tanh(quick: bool, progress: Progress) -> Finding:
    depths, magnitudes = (1, 2, 4, 8), {OWN: (0.5, 1.0), FAN_IN: (2.0, 4.0)}
    keys = [
        (prior, prior.at(a), d) for prior in PRIORS for a in (*magnitudes[prior], min(prior.magnitudes)) for d in depths
    ]

    def network(prior: Prior, job: str, depth: float) -> Architecture:
        return mlp(prior, "tanh", float(job.split("=")[1]), depth=int(depth))

    found = frequencies(keys, network, range(24 if quick else 96), progress)
    statements = [
        more(
            f"{prior.name}, {prior.at(a)}, {above} layers over {below}",
            1.0,
            _ratio(found, prior, prior.at(a), below, above),
        )
        for prior in PRIORS
        for a in magnitudes[prior]
        for below, above in ((1, 8), *pairwise(depths))
    ]
    checks = judge(statements)
    small = [
        (prior.at(a), (prior, prior.at(a), 1), (prior, prior.at(a), 8))
        for prior in PRIORS
        for a in prior.magnitudes[:1]
    ]
    note = (
        "Where weights are small, in the ordered phase of Poole et al. 2016, differences shrink from layer to layer: "
        f"8 layers over 1 is {ratios(found, small)}."
    )
    return Finding(_said(checks[::4]), checks, plot(found, "hidden layers"), note)


@claim(
    number=15,
    name="layer-norm-removes-magnitude",
    statement=(
        "Layer normalisation before every activation makes complexity independent of the size of weights and biases."
    ),
    source=SOURCE,
    basis="follows",
    setup=SETUP
    + (
        "Three hidden layers of 64, layer normalisation over the units; ReLU, tanh and sine, A from 0.1 to 100, a from "
        "1 to 8."
    ),
    expected=(
        "largest over smallest magnitude: ratio 1. It follows exactly, by homogeneity, for biases that grow along with "
        "the weights; eps and rounding could break it, and biases that stay do: claim 23"
    ),
    tolerance="1%",
)
def layer_norm_removes_magnitude(quick: bool, progress: Progress) -> Finding:
    return _layer_normed(None, 0.01, quick, progress)


@claim(
    number=23,
    name="layer-norm-removes-weight-magnitude",
    statement=(
        "Layer normalisation before every activation makes complexity independent of the size of the weights, the "
        "biases staying as they are."
    ),
    source=SOURCE + ", which lets biases grow along with the weights",
    basis="extension",
    setup=SETUP
    + (
        "Biases uniform(-1, 1) throughout. Three hidden layers of 64, layer normalisation over the units; ReLU, tanh "
        "and sine, A from 0.1 to 100, a from 1 to 8."
    ),
    expected="largest over smallest magnitude: ratio 1",
    tolerance="10%",
    recorded="refuted",
)
def layer_norm_removes_weight_magnitude(quick: bool, progress: Progress) -> Finding:
    return _layer_normed(1.0, 0.1, quick, progress)


def _layer_normed(biases: float | None, share: float, quick: bool, progress: Progress) -> Finding:
    """How far complexity depends on the weights' magnitude under layer normalisation; the note says how far without."""

    def network(prior: Prior, job: str, a: float) -> Architecture:
        act, _, bare = job.partition(", ")
        return mlp(prior, act, a, norm="none" if bare else "layer()", biases=biases)

    kinds = [f"{act}{kind}" for act in THREE for kind in ("", ", no norm")]
    keys = [(prior, job, prior.magnitudes[end]) for prior in PRIORS for job in kinds for end in (0, -1)]
    found = frequencies(keys, network, range(16 if quick else 64), progress)
    checks = judge(
        within(
            f"{prior.name}, {word(act)}, {prior.at(prior.magnitudes[-1])} over {prior.magnitudes[0]:g}",
            1.0,
            share,
            _ratio(found, prior, act, prior.magnitudes[0], prior.magnitudes[-1]),
        )
        for prior in PRIORS
        for act in THREE
    )
    bare: list[tuple[str, Key, Key]] = []
    for prior in PRIORS:
        low, high = prior.magnitudes[0], prior.magnitudes[-1]
        bare += [
            (f"{act}, {prior.name}", (prior, f"{act}, no norm", low), (prior, f"{act}, no norm", high)) for act in THREE
        ]
    note = f"Without the norm: {ratios(found, bare)}."
    return Finding(_said(checks), checks, plot(found, "weight magnitude A or a"), note)


@claim(
    number=16,
    name="residuals-lower-complexity",
    statement="Residual connections lower the complexity of random networks, whatever the activation.",
    source=SOURCE,
    basis="stated",
    setup=SETUP
    + (
        "Seven hidden layers of 64; x + f(x) around all but the first; ReLU, tanh and sine, A = 0.5 and 2, a = 2 and 8."
    ),
    expected="residual over plain: below 1",
    tolerance=MEANS,
    recorded="refuted",
)
def residuals_lower_complexity(quick: bool, progress: Progress) -> Finding:
    return _layered("residual", quick, progress)


@claim(
    number=26,
    name="gating-raises-complexity",
    statement="Multiplicative gating raises the complexity of random networks, whatever the activation.",
    source=SOURCE,
    basis="stated",
    setup=SETUP
    + "Seven hidden layers of 64, each f(x) sigmoid(g(x)); ReLU, tanh and sine, A = 0.5 and 2, a = 2 and 8.",
    expected="gated over plain: above 1",
    tolerance=MEANS,
    recorded="refuted",
)
def gating_raises_complexity(quick: bool, progress: Progress) -> Finding:
    return _layered("gated", quick, progress)


def _layered(kind: str, quick: bool, progress: Progress) -> Finding:
    """How a kind of layer compares with plain ones, under both priors."""

    def network(prior: Prior, job: str, a: float) -> Architecture:
        act, _, layer = job.partition(", ")
        return mlp(prior, act, a, depth=7, layer=KINDS[layer])

    keys = [(p, f"{act}, {one}", a) for p in PRIORS for act in THREE for one in ("plain", kind) for a in p.few]
    found = frequencies(keys, network, range(16 if quick else 32), progress)
    against = less if kind == "residual" else more
    checks = judge(
        against(
            f"{prior.name}, {word(act)}, {prior.at(a)}, {kind} over plain",
            1.0,
            ratio_of(found[prior, f"{act}, plain", a], found[prior, f"{act}, {kind}", a]),
        )
        for prior in PRIORS
        for act in THREE
        for a in prior.few
    )
    return Finding(_tally(checks), checks, plot(found, "weight magnitude A or a"))


@claim(
    number=17,
    name="width-does-not-matter",
    statement="From 64 units a layer up, width does not change the complexity of random networks.",
    source=SOURCE,
    basis="stated",
    setup=SETUP + "Three hidden layers of 64, 128, 256 and 512; ReLU, tanh and sine, A = 0.5, a = 2.",
    expected=(
        "wider over 64: ratio 1. Weights scaled by fan-in are made so that width drops out; under the paper's own "
        "prior a wider layer sums more of them"
    ),
    tolerance="15%",
    recorded="refuted",
)
def width_does_not_matter(quick: bool, progress: Progress) -> Finding:
    widths = (64, 256) if quick else (64, 128, 256, 512)

    def network(prior: Prior, act: str, width: float) -> Architecture:
        return mlp(prior, act, prior.few[0], width=int(width))

    keys = [(prior, act, width) for prior in PRIORS for act in THREE for width in widths]
    found = frequencies(keys, network, range(20 if quick else 32), progress)
    checks = judge(
        within(f"{prior.name}, {word(act)}, {width} over 64 units", 1.0, 0.15, _ratio(found, prior, act, 64, width))
        for prior in PRIORS
        for act in THREE
        for width in widths[1:]
    )
    return Finding(_tally(checks), checks, plot(found, "units a layer"))


@claim(
    number=18,
    name="complexities-agree",
    statement=(
        "Frequency in a Fourier basis, order in a basis of polynomials and Lempel-Ziv complexity put random networks "
        "into much the same order."
    ),
    source=SOURCE,
    basis="stated",
    setup=SETUP
    + (
        "72 architectures under each prior: 1, 3 or 6 hidden layers of 64, six activations, four magnitudes; several "
        "seeds. Spearman's rank correlation over all networks, and over the architectures' medians, bootstrapped over "
        "architectures."
    ),
    expected="rank correlations above 0.8; the bar is ours, the paper speaks of similar trends",
    tolerance="none: the correlations with their intervals",
    recorded="refuted",
)
def complexities_agree(quick: bool, progress: Progress) -> Finding:
    seeds = range(2 if quick else 6)
    jobs = [(prior, act, a, d) for prior in PRIORS for act in SIX for a in prior.magnitudes for d in (1, 3, 6)]
    networks = [mlp(prior, act, a, depth=depth) for prior, act, a, depth in jobs]
    found = ensembles(networks, MEASURES, seeds=seeds, raster=GRID, calibration=GRID, progress=progress)
    values = np.array([[one.values(name) for one in found] for name in MEASURES])
    # what is constant to rounding has no frequency
    defined = [bool(np.isfinite(values[:, place]).all()) for place in range(len(jobs))]
    jobs, values = [job for job, known in zip(jobs, defined, strict=True) if known], values[:, defined]
    parts = {prior: values[:, [place for place, job in enumerate(jobs) if job[0] is prior]] for prior in PRIORS}
    pairs = list(combinations(range(len(MEASURES)), 2))
    checks = judge(
        more(f"{prior.name}, {NAMES[i]} and {NAMES[j]}, {what}", AGREE, rank_correlation(some[i], some[j]))
        for prior, part in parts.items()
        for what, some in (("networks", part), ("architectures", np.median(part, axis=2, keepdims=True)))
        for i, j in pairs
    )
    note = "Lempel-Ziv complexity sees only which pixels are above the median."
    relu = [place for place, job in enumerate(jobs) if job[1] == "relu"]
    if relu:
        alone = rank_correlation(values[0, relu], values[2, relu])(LEVEL)
        note += f" Of the ReLU networks alone, frequency and Lempel-Ziv {interval(alone, 3)}."
    if not all(defined):
        note += f" {defined.count(False)} architectures, constant to rounding, are left out."
    middle = np.median(values, axis=2)
    order = np.argsort(middle[0])
    shown = Plot(
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
    return Finding(_tally(checks), checks, shown, note)


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> Estimate:
    """Spearman's rank correlation of all of two (architectures, seeds) values, resampled by architectures."""
    from scipy.stats import rankdata

    def correlations(places: NDArray[np.intp]) -> NDArray[np.float64]:
        """(R,) of (R, n) places among the architectures."""
        ranks = [rankdata(one[places].reshape(len(places), -1), axis=1) for one in (first, second)]
        x, y = (one - one.mean(axis=1, keepdims=True) for one in ranks)
        return np.asarray((x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1)))

    return resampled_of(correlations, len(first))


def _ratio(found: Table, prior: Prior, job: str, below: float, above: float) -> Estimate:
    return ratio_of(found[prior, job, below], found[prior, job, above])


def _said(checks: tuple[Check, ...]) -> str:
    return "mean frequency: " + "; ".join(f"{one.what} {one.measured:.3g}" for one in checks)


def _tally(checks: tuple[Check, ...]) -> str:
    """How many of the comparisons go as said, and which clearly do not."""
    holding = sum(one.holds for one in checks)
    against = [f"{one.what} {one.measured:.3g}" for one in checks if one.verdict == "refuted"]
    return f"{holding} of {len(checks)} as said" + (f"; against: {', '.join(against)}" if against else "")
