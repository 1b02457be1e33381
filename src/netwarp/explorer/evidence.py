"""Evidence: measures of networks that no pane shows, as the same one of other seeds, or of other depths.

A page asks for many cases at once and gets the rows of the first ones, as many as a TURN has time for; it asks for the
others next, and so whatever else it asks for meanwhile waits no longer than one case takes. Each case is computed by
one thread, several cases at a time. A case's values are those of `measuring`, and of netwarp.measure: the same network,
calibration and raster give the same numbers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import perf_counter

from netwarp import checks
from netwarp.engine.threads import alone
from netwarp.errors import InputError, NetwarpError
from netwarp.explorer import limits, measuring
from netwarp.explorer.evidenced import CaseRow, EvidenceReply
from netwarp.explorer.opening import Key, calibrated_field, channel_of, drawn_network, key_of
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Pane
from netwarp.explorer.taps import nearly
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import Measure
from netwarp.measures.specimen import Specimen
from netwarp.orders.order import order
from netwarp.orders.subject import Subject
from netwarp.plane import Plane

MOST_CASES = 4096  # of one request
# after so many seconds an answer is sent
TURN = 0.15
# cases at a time, each of which needs memory of its own
TOGETHER = 4
# calibrated networks that a session keeps, so that the next measure of the same ones need not draw them again
KEPT = 256
KEPT_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class MeasuredNetwork:
    """A network's Pane, and the layer whose channels are measured; 0 for what the Pane shows."""

    pane: Pane
    layer: int = 0

    @classmethod
    def from_data(cls, data: object) -> MeasuredNetwork:
        """Errors: InputError."""
        given = checks.mapping(data, "case")
        pane = Pane.from_data(checks.get(given, "state", "case"))
        return cls(pane, checks.whole(given.get("layer", 0), "case layer", 0, limits.LAYERS))


@dataclass(frozen=True, slots=True)
class CalibratedNetwork:
    """A calibrated network that was asked for, and what it was read from."""

    subject: Subject
    pane: Pane
    field: Field

    @property
    def bytes(self) -> int:
        """What it holds in memory, about."""
        return 3 * sum(array.nbytes for array in self.field.network.parameters.values()) + 10_000


class Drawings:
    """The networks that evidence was taken of last, by the key of their Pane. Threads may ask at the same time."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Key, CalibratedNetwork] = OrderedDict()
        self.lock = Lock()

    def get(self, pane: Pane, files: Files, cancel: Cancellation) -> CalibratedNetwork:
        """Errors: as `opening.open_pane`."""
        key = key_of(pane)
        with self.lock:
            known = self.kept.get(key)
        found = known or _drawn(pane, files, cancel)
        with self.lock:
            self.kept[key] = found
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT or (len(self.kept) > 1 and self.bytes > KEPT_BYTES):
                self.kept.popitem(last=False)
        return found

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.kept.values())


def evidence(
    cases: Sequence[MeasuredNetwork],
    names: Sequence[str],
    plane: Plane,
    cancel: Cancellation,
    *,
    files: Files,
    drawings: Drawings,
    side: int = measuring.SIDES[0],
) -> EvidenceReply:
    """The answer to "evidence": a row for each of the first cases, at least one where there is one, in their order.

    `plane` is seen on about side x side pixels, as `measuring` sees it. Errors: InputError for a measure's name.
    """
    clock = perf_counter()
    known = {one.name: one for one in measuring.wanted_of(names)}
    wanted = [known[name] for name in dict.fromkeys(names or known)]
    rows: list[CaseRow] = []

    def row(case: MeasuredNetwork) -> CaseRow:
        cancel.progress()
        return _row(case, wanted, plane, cancel, files=files, drawings=drawings, side=side)

    while len(rows) < len(cases) and (not rows or perf_counter() - clock <= TURN):
        count = min(TOGETHER, cancel.share())
        rows += _together(row, cases[len(rows) : len(rows) + count])
    return {"kind": "evidence", "names": [one.name for one in wanted], "rows": rows, "seconds": perf_counter() - clock}


def _together(row: Callable[[MeasuredNetwork], CaseRow], cases: Sequence[MeasuredNetwork]) -> list[CaseRow]:
    """The rows of cases, which have a thread each. What one raises is raised once the others have ended."""

    def one(case: MeasuredNetwork) -> CaseRow:
        with alone():
            return row(case)

    if len(cases) == 1:
        return [row(cases[0])]
    # threads of their own: in the pool of engine.threads a picture would wait until a case has ended
    with ThreadPoolExecutor(len(cases), "netwarp-evidence") as pool:
        return list(pool.map(one, cases))


def cases_of(given: object) -> list[MeasuredNetwork]:
    """Those of a message. Errors: InputError."""
    return [MeasuredNetwork.from_data(one) for one in checks.items(given, "cases", 0, MOST_CASES)]


def _row(
    case: MeasuredNetwork,
    wanted: Sequence[Measure],
    plane: Plane,
    cancel: Cancellation,
    *,
    files: Files,
    drawings: Drawings,
    side: int,
) -> CaseRow:
    try:
        drawn = drawings.get(case.pane, files, cancel)
        field = _shown(drawn.field, case)
    except NetwarpError as error:
        return _refused(case, plane, str(error), len(wanted))
    raster = nearly(drawn.field.program, plane, drawn.field.raster.pitch, side)
    specimen = Specimen(field, raster, budget=measuring.REGIONS, details=False)
    taken: list[Measurement] = []
    for one in wanted:
        cancel.progress()
        taken.append(measuring.taken_of(one, specimen))
    architecture = drawn.subject.architecture
    home = drawn.field.raster
    return {
        "text": drawn.subject.title if architecture is None else str(architecture),
        "seed": None if drawn.subject.bred is not None else drawn.pane.seed,
        "size": [raster.columns, raster.rows],
        **limits.view_of(raster.plane),
        "calibration": [home.columns, home.rows],
        "values": [one.value for one in taken],
        "reasons": [one.reason for one in taken],
        "resolved": [one.resolved for one in taken],
        "rounding": field.rounding(raster, progress=cancel.progress).data()["sentence"],
    }


def _refused(case: MeasuredNetwork, plane: Plane, why: str, count: int) -> CaseRow:
    """The row of a network that cannot be drawn, or has no such layer."""
    return {
        "text": case.pane.arch,
        "seed": case.pane.seed,
        "size": [0, 0],
        **limits.view_of(plane),
        "calibration": [0, 0],
        "values": [None] * count,
        "reasons": [why] * count,
        "resolved": [None] * count,
        "rounding": None,
    }


def _shown(field: Field, case: MeasuredNetwork) -> Field:
    """All channels of a layer, one channel, or the output. Errors: InputError where there is no such layer."""
    if not case.layer:
        return channel_of(field, case.pane.show)
    if case.layer > field.layers:
        raise InputError(f"case layer={case.layer}: the network has the layers 1 to {field.layers}")
    return field.after(case.layer)


def _drawn(pane: Pane, files: Files, cancel: Cancellation) -> CalibratedNetwork:
    subject, pane = read(pane, files)
    raster = order(subject).calibration
    return CalibratedNetwork(
        subject, pane, calibrated_field(*drawn_network(subject, pane, raster, cancel), raster, cancel)
    )
