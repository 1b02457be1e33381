"""measure: takes named measures of a Field on a Raster, each with its references and whether it is resolved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import instance
from netwarp.errors import InputError, UnsupportedError
from netwarp.fields.field import A_FIELD, Field
from netwarp.log import step
from netwarp.measures.measurements import Measurement, Measurements
from netwarp.measures.registry import Absent, Detail, Measure, Reading, find, names
from netwarp.measures.specimen import Specimen
from netwarp.plane import Plane, Raster, view
from netwarp.progress import Progress
from netwarp.renamed import renamed

SIDE = 256
# a value counts as resolved where half the resolution gives the same, and its own error, if known, is within this share
RESOLVED = 0.1
NOISE_SEED = 2016


def measure(
    field: Field,
    wanted: str | Sequence[str] | None = None,
    *,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    references: bool = True,
    progress: Progress | None = None,
    extremes: bool | None = None,
) -> Measurements:
    """The measures named in `wanted` (all by default, or "all") of `field` on a view, as Measurements.

    The view is `raster`, or `size` and `plane`: 256x256 on the Field's calibration plane unless said; it does not
    change the Field. Of all measures,
    those that do not apply are absent and say why; one asked for by name that does not apply is an error. A measure on
    a raster is also taken at half the resolution; with `references` also of a plain ramp and of white noise, between
    which a value need not lie. `extremes` is the former name of `references`, and warns.
    Errors: InputError for an unknown name, UnsupportedError naming the layer that is in the way.

    >>> field = nw.Network.draw(nw.parse("conv(10) * 10"), seed=7).calibrate(nw.Raster(60, 40))
    >>> found = nw.measure(field, ["mean_frequency", "lz_complexity"], size=(32, 32))
    >>> found["mean_frequency"].ramp < found["mean_frequency"].value < found["mean_frequency"].noise
    True
    >>> nw.measure(field, [])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: measures: none is named; name some, or say all
    >>> nw.measure(field, "mean_frequenzy")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: measure 'mean_frequenzy': there is none of that name; ... did you mean "mean_frequency"?
    """
    if extremes is not None:
        renamed("extremes", "references")
        references = extremes
    instance(field, Field, "measure field", A_FIELD)
    specimen = Specimen(field, view("measure", Raster(SIDE, SIDE, field.raster.plane), raster, size=size, plane=plane))
    chosen = choose(wanted)
    by_name = wanted is not None and wanted != "all"
    found = {}
    for done, one in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen))
        found[one.name] = take(one, specimen, strict=by_name, references=references)
    if progress is not None:
        progress(len(chosen), len(chosen))
    return Measurements(found, specimen.raster, specimen.rounding)


def choose(wanted: str | Sequence[str] | None) -> list[Measure]:
    """The measures of a name, of "all", of None (all) or of a list of names, each once. Errors: InputError."""
    if wanted is None or wanted == "all":
        return [find(name) for name in names()]
    right = 'a name or a list of names, as in ["total_variation", "holes"]'
    listed = [wanted] if isinstance(wanted, str) else list(instance(wanted, (list, tuple), "measures", right))
    if not listed:
        raise InputError("measures: none is named; name some, or say all")
    for one in listed:
        instance(one, str, "measure", "a name, as in total_variation")
    return [find(name) for name in dict.fromkeys(listed)]


def take(one: Measure, specimen: Specimen, *, strict: bool = False, references: bool = True) -> Measurement:
    """One measure of a Specimen. Errors: UnsupportedError where it does not apply and `strict` is set."""
    low, high = references_of(one, specimen.raster) if references else (None, None)
    try:
        with step(f"measure {one.name}"):
            reading = read(one, specimen)
    except UnsupportedError as error:
        if strict:
            raise UnsupportedError(f"measure {one.name} does not apply: {error}") from error
        return Measurement(one.name, one.unit, None, str(error), ramp=low, noise=high)
    except Absent as absent:
        return Measurement(one.name, one.unit, None, str(absent), ramp=low, noise=high)
    half, resolved = _resolution(one, specimen, reading) if one.on_raster else (None, None)
    found = one.name, one.unit, reading.value, "", half, resolved, low, high, reading.details
    return Measurement(*found, error=reading.error, note=reading.note)


def read(one: Measure, specimen: Specimen) -> Reading:
    """What the measure's function finds. Errors: Absent, UnsupportedError."""
    if one.on_raster and not _is_picture(specimen.raster):
        columns, rows = specimen.raster.columns, specimen.raster.rows
        raise Absent(f"a raster of {columns}x{rows} is no picture; a measure needs two columns and two rows at least")
    if one.needs != "samples":
        return _finite(one.function(specimen))
    return mean_of([_finite(one.function(_frozen(image))) for image in specimen.samples])


def mean_of(readings: Sequence[Reading]) -> Reading:
    """The mean over channels; numbers among the details likewise, element by element where they match in length."""
    details: dict[str, Detail] = {}
    for key, first in readings[0].details.items():
        all_of = [one.details[key] for one in readings if key in one.details]
        if isinstance(first, str) or len({len(one) for one in all_of if isinstance(one, tuple)}) > 1:
            details[key] = first
        elif isinstance(first, tuple):
            details[key] = tuple(float(value) for value in np.mean(np.array(all_of), axis=0))
        else:
            details[key] = float(np.mean(np.array(all_of)))
    errors = [one.error for one in readings if one.error is not None]
    return Reading(
        float(np.mean([one.value for one in readings])),
        details,
        error=float(np.mean(errors)) if errors else None,
        exact=all(one.exact for one in readings),
        note=next((one.note for one in readings if one.note), ""),
    )


@lru_cache(maxsize=256)
def references_of(one: Measure, raster: Raster) -> tuple[float | None, float | None]:
    """The measure of a plain ramp and of white noise, which are references and no ends; None where it has no value."""
    if one.on_raster and not _is_picture(raster):
        return None, None
    if one.references is not None:
        low, high = (value if value is not None and isfinite(value) else None for value in one.references(raster))
        return low, high
    if one.needs != "samples":
        return None, None
    found: list[float | None] = []
    for image in (ramp(raster), noise(raster)):
        try:
            found.append(_finite(one.function(_frozen(image))).value)
        except Absent:
            found.append(None)
    return found[0], found[1]


def ramp(raster: Raster) -> NDArray[np.float64]:
    """(rows, columns): x, standardised. The plainest function there is."""
    image = np.broadcast_to(Raster(raster.columns, raster.rows, Plane()).xs(), (raster.rows, raster.columns))
    return np.ascontiguousarray(image / (image.std() or 1.0))


def noise(raster: Raster) -> NDArray[np.float64]:
    """(rows, columns): independent Gaussian pixels, standardised; always the same ones."""
    image: NDArray[np.float64] = np.random.RandomState(np.random.PCG64(NOISE_SEED)).standard_normal(
        (raster.rows, raster.columns)
    )
    image -= image.mean()
    image /= image.std() or 1.0
    return image


def _resolution(one: Measure, specimen: Specimen, reading: Reading) -> tuple[float | None, bool]:
    """The value at half the resolution, and whether the raster resolves it."""
    half: float | None = reading.value
    if not reading.exact:
        try:
            half = read(one, specimen.half).value
        except (Absent, UnsupportedError):
            half = None
    within = RESOLVED * abs(reading.value)
    known = reading.error is None or reading.error <= within
    return half, half is not None and known and abs(reading.value - half) <= within


def _is_picture(raster: Raster) -> bool:
    """Whether it has neighbours in both directions, which contours, slopes and words need."""
    return min(raster.columns, raster.rows) >= 2


def _frozen(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """The image, but read-only: what one measure wrote into it the next would measure."""
    seen = image.view()
    seen.flags.writeable = False
    return seen


def _finite(found: float | Reading) -> Reading:
    try:
        reading = found if isinstance(found, Reading) else Reading(float(found))
    except (TypeError, ValueError):
        raise InputError(f"a measure's function gives a float or a Reading, not {type(found).__name__}") from None
    if not isfinite(reading.value):
        raise Absent(f"the value is {reading.value}, no finite number")
    return reading
