"""OpenField: a Pane's Field, calibrated, with the Tones and layers of it that were asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as made
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.counts import Counts, count, table
from netwarp.engine.work import flops
from netwarp.errors import InputError, UnsupportedError
from netwarp.explorer import fitting, folded, limits
from netwarp.explorer.facts import facts_of
from netwarp.explorer.folded import LayerData
from netwarp.explorer.opened import CountsData, FieldReply, RoomData, SliceData
from netwarp.explorer.reading import CALIBRATION, FILE, Files, StateError, read
from netwarp.explorer.scene import Scene, scene
from netwarp.explorer.slicing import slice_data
from netwarp.explorer.state import NETWORK, Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.fields.limits import positions
from netwarp.measures.specimen import Specimen
from netwarp.models.slices import AXES
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.planar import planar
from netwarp.network.program import Call, Conv, Program
from netwarp.network.tally import Tally, tally
from netwarp.orders.order import order, way_of_y
from netwarp.orders.subject import OwnWeights, Subject, is_function
from netwarp.picture import maps
from netwarp.picture.tone import DEFAULT_MAP, Tone, channels_of
from netwarp.plane import Plane, Raster
from netwarp.regions.stages import refuse

Key = tuple[object, ...]
Samples = NDArray[np.float32] | NDArray[np.float64]
# of a preview: from so many parameters on, that many times fewer columns and rows than the calibration raster has
COARSER = ((0, 5), (2_500, 8))
# numbers of a field's samples on the calibration raster that are kept: three channels of 600x400
KEPT = 3 * CALIBRATION.pixels


@dataclass(frozen=True, slots=True)
class PreviewPane(Pane):
    """A Pane while a hand moves: its Field is calibrated on fewer pixels, if that leaves it much the same function."""


@dataclass(eq=False)
class OpenField:
    """A Field that a session keeps. `pane` is canonical; `home` the samples on the calibration raster, if few enough.

    `pace` is how many seconds a point of the plane took when the Tone was fitted; `pace_of_views` is the least that one
    has taken since.
    """

    pane: Pane
    subject: Subject
    field: Field
    home: Samples | None
    counts: CountsData | None
    seconds: float
    pace: float
    scene: Scene
    slice: SliceData | None = None
    tones: dict[tuple[str, str], Tone] = made(default_factory=dict)
    layers: dict[int, Field] = made(default_factory=dict)
    pace_of_views: float = made(init=False)
    deep: tuple[Plane, tuple[float, float]] | None = None  # what a deep view of this plane took
    specimen: tuple[str, Plane, Specimen] | None = None  # of what was measured last: how it was shown, and where

    def __post_init__(self) -> None:
        self.pace_of_views = self.pace

    @property
    def bytes(self) -> int:
        """What it holds in memory, about."""
        numbers = sum(array.nbytes for array in self.field.network.parameters.values())
        samples = 0 if self.home is None else self.home.nbytes
        return 3 * numbers + samples + 100_000


def key_of(pane: Pane) -> Key:
    """Panes of equal keys have one Field; of a file whatever else its Pane says is the file's, but its slice."""
    if FILE.fullmatch(pane.arch.strip()):
        return (pane.arch.strip(), pane.slice.strip())
    return (isinstance(pane, PreviewPane), *(getattr(pane, name) for name in NETWORK))


def open_pane(pane: Pane, files: Files, cancel: Cancellation) -> OpenField:
    """Draws and calibrates. Errors: StateError with the place in a text; LimitError with the estimate; NetwarpError.

    Raises MoveToBackground in the lane "now" where that takes long.
    """
    clock = perf_counter()
    check_colour(pane)
    preview = isinstance(pane, PreviewPane)
    subject, pane = read(pane, files)
    raster = order(subject).calibration
    network, program = drawn_network(subject, pane, raster, cancel)
    if isinstance(subject.source, OwnWeights):
        said = None if is_function(network) else _counts(tally(network, program))
    else:
        said = _counts(count(subject.source))
        # kernels that read several pixels are another function on another raster
        if preview and program.pointwise:
            fewer = max(times for least, times in COARSER if said["parameters"] >= least)
            raster = replace(raster, columns=raster.columns // fewer, rows=raster.rows // fewer)
    found = calibrated_field(network, program, raster, cancel)
    calibrated = perf_counter()
    home = found.sample(raster, progress=cancel.progress)
    pace = (perf_counter() - calibrated) / positions(found.program, raster, raster.pitch)
    # data are what a model reads: netwarp's own networks, as those of the gallery, have nothing to do with them
    data = files.data if way_of_y(subject) == "up" else None
    opened = OpenField(pane, subject, found, home, said, 0.0, pace, scene(found, subject.slice, data))
    opened.slice = slice_data(subject, data)
    opened.tones["output", _colour(pane.colour, found.channels)] = Tone.fit(home, _colour(pane.colour, found.channels))
    if home.size > KEPT:
        opened.home = None
    opened.seconds = perf_counter() - clock
    return opened


def drawn_network(subject: Subject, pane: Pane, raster: Raster, cancel: Cancellation) -> tuple[Network, Program]:
    """The network that a Pane says, lowered. Errors: LimitError where `raster` would take too long; NetwarpError.

    Raises MoveToBackground in the lane "now" where that takes long.
    """
    match subject.source:
        case OwnWeights(network, _):
            program = lower(network)
            seconds = limits.seconds_of(flops(planar(program)) * raster.pixels)
            limits.check_seconds(seconds, "this network", limits.SECONDS)
        case architecture:
            cancel.require_short(fitting.check(architecture, raster), limits.LIGHT_SECONDS)
            network = subject.draw(pane.number or 0)
            program = lower(network)
    return network, program


def calibrated_field(network: Network, program: Program, raster: Raster, cancel: Cancellation) -> Field:
    """Errors: LimitError where memory would not do; NetwarpError."""
    limits.check_program(program, raster)
    cancel.progress()
    return calibrate(network, raster, progress=cancel.progress)


def tone_of(opened: OpenField, show: str, colour: str, cancel: Cancellation) -> Tone:
    """The Tone of what is shown, fitted on the calibration raster. Errors: InputError; NotFiniteError."""
    shown = shown_field(opened, show)
    colour = _colour(colour, shown.channels if show == "output" else 1)
    known = opened.tones.get((show, colour))
    if known is not None:
        return known
    if show == "output" and opened.home is not None:
        samples: Samples = opened.home
    else:
        samples = shown.sample(progress=cancel.progress)
    layer = replace(Pane(), show=show).layer
    tone = Tone.fit(samples, colour, channel=None if layer is None else layer[1])
    opened.tones[show, colour] = tone
    return tone


def shown_field(opened: OpenField, show: str) -> Field:
    """The Field whose channels the Tone picks from: the output's, or a layer's. Errors: InputError."""
    layer = replace(Pane(), show=show).layer
    if layer is None:
        return opened.field
    number, _ = layer
    if number not in opened.layers:
        opened.layers[number] = opened.field.after(number)
    _check_channel(opened.layers[number], show, layer)
    return opened.layers[number]


def single_field(opened: OpenField, show: str) -> Field:
    """The function that is looked at: one channel of a layer by itself, or all outputs. Errors: InputError."""
    return _picked(shown_field(opened, show), replace(Pane(), show=show).layer)


def channel_of(field: Field, show: str) -> Field:
    """As `single_field`, of a Field that no pane has opened. Errors: InputError where there is no such layer."""
    layer = replace(Pane(), show=show).layer
    if layer is None:
        return field
    if layer[0] > field.layers:
        raise InputError(f"show={show}: the network has the layers 1 to {field.layers}")
    found = field.after(layer[0])
    _check_channel(found, show, layer)
    return _picked(found, layer)


def _check_channel(found: Field, show: str, layer: tuple[int, int]) -> None:
    number, channel = layer
    if channel >= found.channels:
        raise InputError(f"show={show}: layer {number} has the channels 0 to {found.channels - 1}")


def _picked(shown: Field, layer: tuple[int, int] | None) -> Field:
    """One channel of a layer's Field by itself; the output's as it is."""
    if layer is None:
        return shown
    program = shown.program
    weight = np.zeros((1, program.channels, 1, 1))
    weight[0, layer[1]] = 1.0
    last = len(program.operations) - 1
    picked = replace(program, operations=(*program.operations, Conv((last,), weight, np.zeros(1), layer="channel")))
    return replace(shown, program=picked, _known={}, _rounding={})


# what the only layer of a model that is called is, whatever its file is called
THE_MODEL = "the whole model"


def layers_of(opened: OpenField) -> list[LayerData]:
    """Name and channels of every layer, the first layer's first."""
    program, architecture = opened.field.program, opened.subject.architecture
    rows = () if architecture is None else [row for row in table(architecture) if row.number is not None]
    operations = [program.operations[value] for value in program.layers]
    names = [row.text for row in rows] or [THE_MODEL if isinstance(one, Call) else one.layer for one in operations]
    return [
        {"name": name, "channels": program.operations[value].channels}
        for name, value in zip(names, program.layers, strict=False)
    ]


def described(opened: OpenField, pane: Pane, cancel: Cancellation) -> FieldReply:
    """The answer to "open": everything the page wants to know of the Field."""
    program, found = opened.field.program, opened.field
    tone = tone_of(opened, "output", pane.colour, cancel)
    return {
        "kind": "field",
        "facts": facts_of(opened.pane, opened.subject),
        "text": opened.subject.title,
        "counts": opened.counts,
        "layers": layers_of(opened),
        "tone": folded.tone_data(tone),
        "pointwise": program.pointwise,
        "piecewise_linear": piecewise_linear(program),
        "precision": found.precision(),
        "gpu": None if folded.obstacle(found) is not None else folded.fold(found, tone),
        "preview": opened.field.raster != order(opened.subject).calibration,
        "seconds": opened.seconds,
        # a pixel, on the calibration's own plane
        "pace": opened.pace * positions(program, found.raster, found.raster.pitch) / found.raster.pixels,
        "state": opened.pane.network_data(),
        "room": _room(opened),
        "evaluated": None,
        "slice": opened.slice,
        "axes": _axes(opened),
        "up": way_of_y(opened.subject) == "up",
        "classes": opened.scene.classes(),
        "points": 0 if opened.scene.points is None else len(opened.scene.points),
    }


def _axes(opened: OpenField) -> list[str]:
    """What x and y are called, where it is not x and y."""
    if opened.slice is not None:
        return opened.slice["axes"]
    return [] if opened.scene.axes in (("", ""), AXES) else list(opened.scene.axes)


def check_colour(pane: Pane) -> None:
    """Errors: StateError where the Pane's colours are none."""
    if pane.colour == "auto":
        return
    try:
        maps.check_colour(pane.colour)
    except InputError as error:
        raise StateError("colour", error) from None


def _room(opened: OpenField) -> RoomData | None:
    """How far its sliders may go; None where it has none."""
    source = opened.subject.source
    return None if isinstance(source, OwnWeights) else fitting.room(source, opened.field.raster)


def _counts(of: Counts | Tally) -> CountsData:
    return {"layers": of.layers, "units": of.units, "parameters": of.parameters, "depth": of.depth}


def _colour(colour: str, channels: int) -> str:
    """The colouring asked for, or a map where it shows another number of channels than there are."""
    needed = channels_of(colour)
    if colour == "auto" or (needed == 3 and channels != 3):
        return "lab" if channels == 3 else DEFAULT_MAP
    return colour


def piecewise_linear(program: Program) -> bool:
    try:
        refuse(program)
    except UnsupportedError:
        return False
    return True
