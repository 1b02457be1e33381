"""evaluate: what one network shows; the body of every loop over seeds but the claims' own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from netwarp.architecture.architecture import Architecture
from netwarp.fields.calibration import calibrate
from netwarp.fields.rounding import Rounding
from netwarp.measures.measure import take
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import find
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Raster

# what seeds are drawn of; a Network has its weights already, and is the same for every seed
Source = Architecture | Network


@dataclass(frozen=True, slots=True)
class Row:
    """One network's measurements by name, and how far rounding puts what was measured off. Plain data: it pickles."""

    seed: int
    measurements: Mapping[str, Measurement]
    rounding: Rounding


def evaluate(
    source: Source,
    seed: int,
    raster: Raster,
    calibration: Raster,
    measures: Sequence[str],
    *,
    strict: Collection[str] = (),
    exact: bool = True,
    details: bool = True,
) -> Row:
    """The `measures` of the network of a seed, calibrated on `calibration` and seen on `raster`.

    Pure: the same arguments give the same Row in any thread or process. A measure that does not apply is absent and
    says why; one that is in `strict` too is an error. Without `exact` values that could be of exact cells are of
    pixels, as those of networks that have none; without `details` what only the measures' details need is left out.
    Errors: UnsupportedError; as `calibrate`.
    """
    network = Network.draw(source, seed) if isinstance(source, Architecture) else source
    specimen = Specimen(calibrate(network, calibration), raster, exact=exact, details=details)
    taken = {name: take(find(name), specimen, strict=name in strict) for name in measures}
    return Row(seed, taken, specimen.rounding)
