"""The measures beside a picture: taken on a small raster of the view, a few an answer until all are there."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from netwarp.errors import InputError, NetwarpError, nearest, shown
from netwarp.explorer.measured import MeasureData, MeasuresReply
from netwarp.explorer.opening import OpenField, open_pane, single_field
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
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
# after so many seconds an answer is sent, and the page asks for the rest
TURN = 0.4
# operations, as `effort` counts them, that exact regions may take here
REGIONS = 5e9


def measures(
    opened: OpenField, plane: Plane, names: Sequence[str], cancel: Cancellation, *, show: str = "output"
) -> MeasuresReply:
    """The answer to "measure": measures with their references and what they mean; absent ones say why.

    They are of what is shown: of a layer's channel its own. `names` are those to take, all of them where it is empty.
    At least one is taken, and as many as a TURN has time for; `rest` names the others, which are to be asked for next:
    they find what was computed for these. Errors: InputError.
    """
    clock = perf_counter()
    wanted = wanted_of(names)
    specimen = _specimen(opened, plane, show)
    raster = specimen.raster
    found: list[MeasureData] = []
    while wanted and (not found or perf_counter() - clock < TURN):
        cancel.progress()
        one = wanted.pop(0)
        found.append(_shown(one, taken_of(one, specimen)))
    cancel.progress()
    # the same number that the measures' own notes read, kept by the field
    rounding = specimen.field.rounding(raster, progress=cancel.progress).data()
    return {
        "kind": "measures",
        "measures": found,
        "rest": [one.name for one in wanted],
        "size": [raster.columns, raster.rows],
        "rounding": rounding,
        "seconds": perf_counter() - clock,
    }


def warm_up(cancel: Cancellation) -> None:
    """Takes every measure of a small network, so that the first page waits for no import and no kernel."""
    opened = open_pane(Pane(arch="conv(4) * 2"), Files(), cancel)
    rest: Sequence[str] = ()
    while rest := measures(opened, Plane(), rest, cancel)["rest"]:
        pass


def wanted_of(names: Sequence[str]) -> list[Measure]:
    """The measures of these names, in the page's order. Errors: InputError."""
    all_of = beside()
    if not names:
        return all_of
    known = [one.name for one in all_of]
    for name in names:
        if name not in known:
            raise InputError(f"measure names={shown(name)}: there is none of that name here{nearest(name, known)}")
    return [one for one in all_of if one.name in names]


def _specimen(opened: OpenField, plane: Plane, show: str) -> Specimen:
    """Of a view: the one of the answer before, with all that it has computed, where that was of this view."""
    if opened.specimen is not None:
        shown, of, last = opened.specimen
        # of k x k networks the raster's plane is another, by less than a tap
        if (shown, of) == (show, plane):
            return last
    specimen = Specimen(single_field(opened, show), _raster(opened, plane), budget=REGIONS)
    opened.specimen = show, plane, specimen
    return specimen


def _raster(opened: OpenField, plane: Plane) -> Raster:
    """As fine a raster of the view as the time allows. Of k x k networks its pixels lie on the kernels' taps."""
    program, tap = opened.field.program, opened.field.raster.pitch
    for side in SIDES:
        raster = nearly(program, plane, tap, side)
        if TIMES * opened.pace * positions(program, raster, tap) < BUDGET:
            break
    return raster


def taken_of(one: Measure, specimen: Specimen) -> Measurement:
    """One measure; where it cannot be taken, the reason alone."""
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
