"""What normalising is for: without it the range of the activations is exponential in depth.

"Visualize the Complexity of Neural Networks" (2016) gives it as the reason for normalising every layer. He, Zhang, Ren
and Sun (2015), "Delving Deep into Rectifiers", arXiv:1502.01852, give the factor of a ReLU layer, and the weights for
which it is 1.
"""

from __future__ import annotations

from math import exp

import numpy as np

from netwarp.architecture.language import parse
from netwarp.claims.checks import Statement, judge, less, within
from netwarp.claims.estimates import factor, factor_of, mean_of
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.words import points, said
from netwarp.fields.calibration import calibrate
from netwarp.measures.measure import measure
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.progress import Progress
from netwarp.study.seeds import by_point

WIDTH = 100
ARCHITECTURE = f"conv({WIDTH}) * 50"
GAINS = (0.5, 2.0)
# half of what the logarithm of 2 chi^2 / n of Bin(n, 1/2) degrees of freedom falls short of 0, 5 / (2 n)
SHRINKS = exp(-5 / (4 * WIDTH))
RASTER = Raster(32, 32)


@claim(
    number=22,
    name="ranges-explode-or-vanish",
    statement=(
        "Without normalisation the range of the activations is exponential in depth: weights twice He's double it in "
        "every layer, half of He's halve it, but for what a finite width n takes from the typical network, a factor "
        "exp(-5 / (4 n)). With normalisation it stays within a decade."
    ),
    source=(
        "Visualize the Complexity of Neural Networks (2016); the factor: He, Zhang, Ren and Sun 2015, "
        "arXiv:1502.01852; of a finite width: Hanin and Nica 2020, arXiv:1812.05994"
    ),
    basis="follows",
    setup=(
        "Fifty ReLU layers of 100 units, He weights times 0.5 and 2, and the same with spatial normalisation; the "
        "measure `range`: each layer's standard deviation over the plane, a straight line fitted to its logarithm."
    ),
    expected=(
        "factors 0.4938 and 1.975 a layer (0.5 and 2 of infinite width), a straight line on a logarithmic axis; under "
        "one decade with normalisation"
    ),
    tolerance="2% of the geometric mean over seeds; the line leaves under 1% of the variance",
)
def ranges_explode_or_vanish(quick: bool, progress: Progress) -> Finding:
    seeds = 12 if quick else 48
    kinds: list[float | None] = [*GAINS, None]
    found = by_point(_logs, {(kind,): range(seeds) for kind in kinds}, progress)
    layers = np.array(found[None,][0][0])
    logs = np.array([[one for _, one in some] for some in found.values()])
    statements: list[Statement] = []
    for gain, part in zip(GAINS, logs, strict=False):
        slopes = np.polyfit(layers, part.T, 1)[0]
        statements.append(
            within(f"factor a layer, He times {gain:g}", gain * SHRINKS, 0.02, factor_of(slopes * np.log(10)))
        )
        rest = part - (slopes[:, None] * (layers - layers.mean()) + part.mean(axis=1, keepdims=True))
        left = rest.var(axis=1) / part.var(axis=1)
        statements.append(less(f"variance the line leaves, He times {gain:g}", 0.01, mean_of(left)))
    statements.append(less("decades with normalisation", 1, mean_of(np.ptp(logs[-1], axis=1))))
    checks = judge(statements)
    plot = Plot(
        tuple(
            points(
                "normalised" if kind is None else f"He times {kind:g}",
                [float(layer) for layer in layers],
                [factor(one * np.log(10)) for one in part.T],
            )
            for kind, part in zip(kinds, logs, strict=True)
        ),
        "layer",
        "standard deviation",
        y_log=True,
    )
    factors = ", ".join(f"{said(one)} at He times {gain:g}" for gain, one in zip(GAINS, checks[::2], strict=False))
    text = f"{factors} a layer; {said(checks[-1], 3)} decades with normalisation"
    return Finding(text, checks, plot)


def _logs(gain: float | None, seed: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The layers looked at, and log10 of each one's standard deviation; a network under normalisation for None."""
    norm = "spatial" if gain is None else None
    drawn = Network.draw(parse(ARCHITECTURE, norm=norm, init=f"he(gain={gain or 1:g})"), seed)
    details = measure(calibrate(drawn, RASTER), "range", raster=RASTER, references=False)["range"].details
    layers, logs = details["layers"], details["log10_std"]
    assert isinstance(layers, tuple)
    assert isinstance(logs, tuple)
    return layers, logs
