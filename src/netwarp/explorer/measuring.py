"""The measures beside a picture: taken on a small raster of the view, as many as the time given allows."""

from __future__ import annotations

from time import perf_counter

from netwarp.errors import NetwarpError
from netwarp.explorer.opening import OpenField
from netwarp.explorer.protocol import MeasureData, MeasuresReply
from netwarp.explorer.taps import nearly
from netwarp.explorer.work import Cancellation
from netwarp.fields.limits import positions
from netwarp.measures.measure import take
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import Measure, beside
from netwarp.measures.specimen import Specimen
from netwarp.plane import Plane, Raster

SIDES = 128, 64, 32
# what all measures take, in times of a sample
TIMES = 3.0
BUDGET = 2.5  # seconds
LATE = "no time was left for it; try netwarp measure"
# operations, as `effort` counts them, that exact regions may take here
REGIONS = 5e9


def measures(opened: OpenField, plane: Plane, cancel: Cancellation) -> MeasuresReply:
    """The answer to "measure": every measure with its references and what it means; absent ones say why."""
    clock = perf_counter()
    raster = _raster(opened, plane)
    specimen = Specimen(opened.field, raster, budget=REGIONS)
    found = []
    for one in beside():
        cancel.progress()
        late = perf_counter() - clock > BUDGET
        taken = Measurement(one.name, one.unit, None, LATE) if late else _take(one, specimen)
        found.append(_shown(one, taken))
    cancel.progress()
    # the same number that the measures' own notes read, kept by the field
    rounding = opened.field.rounding(raster, progress=cancel.progress).data()
    seconds = perf_counter() - clock
    size = [raster.columns, raster.rows]
    return {"kind": "measures", "measures": found, "size": size, "rounding": rounding, "seconds": seconds}


def _raster(opened: OpenField, plane: Plane) -> Raster:
    """As fine a raster of the view as the time allows. Of k x k networks its pixels lie on the kernels' taps."""
    program, tap = opened.field.program, opened.field.raster.pitch
    for side in SIDES:
        raster = nearly(program, plane, tap, side)
        if TIMES * opened.pace * positions(program, raster, tap) < BUDGET:
            break
    return raster


def _take(one: Measure, specimen: Specimen) -> Measurement:
    try:
        return take(one, specimen)
    except NetwarpError as error:
        return Measurement(one.name, one.unit, None, str(error))


def _shown(one: Measure, taken: Measurement) -> MeasureData:
    return {
        "name": one.name,
        "value": taken.value,
        "ramp": taken.ramp,
        "noise": taken.noise,
        "half": taken.half,
        "resolved": taken.resolved,
        "unit": one.unit,
        "meaning": one.definition,
        "shown": one.page,
        "reason": taken.reason,
        "note": taken.note,
    }
