"""What normalising is for: without it the range of the activations is exponential in depth.

"Visualize the Complexity of Neural Networks" (2016) gives it as the reason for normalising every layer. He, Zhang, Ren
and Sun (2015), "Delving Deep into Rectifiers", arXiv:1502.01852, give the factor of a ReLU layer, and the weights for
which it is 1.
"""

from __future__ import annotations

import numpy as np

from netwarp.architecture.language import parse
from netwarp.claims.checks import less, verdict, within
from netwarp.claims.registry import Check, Finding, Plot, Progress, claim
from netwarp.claims.seeds import factor, mean, over
from netwarp.claims.words import interval, points
from netwarp.field.calibration import calibrate
from netwarp.measures.measure import measure
from netwarp.network.network import Network
from netwarp.plane import Raster

ARCHITECTURE = "conv(100) * 50"
GAINS = (0.5, 2.0)
RASTER = Raster(32, 32)


@claim(
    number=22,
    name="ranges-explode-or-vanish",
    statement=(
        "Without normalisation the range of the activations is exponential in depth: weights twice He's double it in "
        "every layer, half of He's halve it. With normalisation it stays within a decade."
    ),
    source=(
        "Visualize the Complexity of Neural Networks (2016); the factor: He, Zhang, Ren and Sun 2015, arXiv:1502.01852"
    ),
    setup=(
        "Fifty ReLU layers of 100 units, He weights times 0.5 and 2, and the same with spatial normalisation; the "
        "measure `range`: each layer's standard deviation over the plane, a straight line fitted to its logarithm."
    ),
    expected="factors 0.5 and 2 a layer, a straight line on a logarithmic axis; under one decade with normalisation",
    tolerance="5%; the line leaves under 1% of the variance",
)
def ranges_explode_or_vanish(quick: bool, progress: Progress) -> Finding:
    seeds = 6 if quick else 24
    kinds: list[float | None] = [*GAINS, None]
    jobs = [(kind, seed) for kind in kinds for seed in range(seeds)]
    found = over(lambda job: _logs(*jobs[job]), range(len(jobs)), progress)
    layers = np.array(found[0][0])
    logs = np.array([one for _, one in found]).reshape(len(kinds), seeds, -1)
    checks: list[Check] = []
    said = []
    for gain, part in zip(GAINS, logs, strict=False):
        slopes = np.polyfit(layers, part.T, 1)[0]
        one = factor(slopes * np.log(10))
        checks.append(within(f"factor a layer, He times {gain:g}", gain, one.value, 0.05, one.low, one.high))
        rest = part - (slopes[:, None] * (layers - layers.mean()) + part.mean(axis=1, keepdims=True))
        left = mean(rest.var(axis=1) / part.var(axis=1))
        checks.append(less(f"variance the line leaves, He times {gain:g}", 0.01, left.value, left.low, left.high))
        said.append(f"{interval(one)} at He times {gain:g}")
    held = mean(np.ptp(logs[-1], axis=1))
    checks.append(less("decades with normalisation", 1, held.value, held.low, held.high))
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
    text = f"{', '.join(said)} a layer; {interval(held, 3)} decades with normalisation"
    return Finding(text, verdict(checks), tuple(checks), plot)


def _logs(gain: float | None, seed: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The layers looked at, and log10 of each one's standard deviation; a network under normalisation for None."""
    norm = "spatial" if gain is None else None
    drawn = Network.draw(parse(ARCHITECTURE, norm=norm, init=f"he(gain={gain or 1:g})"), seed)
    details = measure(calibrate(drawn, RASTER), "range", raster=RASTER, references=False)["range"].details
    layers, logs = details["layers"], details["log10_std"]
    assert isinstance(layers, tuple)
    assert isinstance(logs, tuple)
    return layers, logs
