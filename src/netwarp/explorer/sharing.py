"""A Page in the forms a person copies: its address, JSON, the Python and the command lines that draw its Panes."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Context, Decimal
from pathlib import Path

from netwarp.architecture.architecture import Architecture
from netwarp.explorer import decision_files
from netwarp.explorer.address import to_address
from netwarp.explorer.beside import Beside
from netwarp.explorer.facts import y_of
from netwarp.explorer.limits import plane_of
from netwarp.explorer.protocol import ShareReply
from netwarp.explorer.reading import CALIBRATION, Files
from netwarp.explorer.state import Page, Pane
from netwarp.models.homes import home_of
from netwarp.network.family import family_text
from netwarp.orders import commands
from netwarp.orders.order import Order, order
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.picture.tone import DEFAULT_MAP, channels_of
from netwarp.plane import Plane

# views smaller than this say how they are fitted: below some depth that is another way by itself
DEEP = 1e-6
LETTERS = "abcd"  # of the panes, from the first


def share(page: Page, files: Files) -> ShareReply:
    """The answer to "share": the whole Page as address, JSON and Python, and as commands, a line for each picture."""
    # pictures side by side are files of their own
    letters = ("",) if len(page.panes) == 1 else tuple(f"-{letter}" for letter in LETTERS[: len(page.panes)])
    each = tuple(zip(page.panes, letters, strict=True))
    scripts = (python(pane, files, letter) for pane, letter in each)
    return {
        "kind": "share",
        "address": to_address(page),
        "json": json.dumps(page.to_data(short=True)),
        "python": commands.joined(*scripts),
        "cli": "\n".join(command_line(pane, files, letter) for pane, letter in each),
    }


def python(pane: Pane, files: Files, letter: str = "") -> str:
    """A script that draws the Pane as it is seen, into a file whose name ends in `letter`. Errors: as reading.read."""
    beside = replace(Beside.of(pane, files), letter=letter)
    subject, pane = beside.subject, beside.pane
    plane = plane_of(pane.x, pane.y, pane.w, pane.h)
    y = y_of(pane, subject)
    if pane.decides:
        look = _look(beside)
        if beside.text:
            # a decision that is told the slice marks its points
            return decision_files.python(
                beside.lines(), plane, look, f"{commands.literal(_named(subject, pane))}, slice"
            )
        return decision_files.python([*beside.lines(), *_network(beside)], plane, look)
    if subject.file is not None and pane.layer is None:
        return _of_file(beside, plane)
    lines = _network(beside)
    channel = ""
    if pane.layer is not None:
        lines.append(f"field = field.after({pane.layer[0]})")
        channel = f", channel={pane.layer[1]}"
    fit = f"colour={commands.literal(colour_of(pane, subject))}{channel}"
    whole = commands.raster_text(CALIBRATION, "" if plane == Plane() else "plane")
    if plane != Plane():
        lines.append(f"plane = {commands.plane_text(plane)}")
    if pane.tone == "whole":
        # a field of a file is calibrated where its pixels are square
        home = _calibration(order(subject).calibration.plane) if beside.text else ""
        lines.append(f"tone = nw.Tone.fit(field.sample({home}), {fit})")
    # so small a view is fitted on what its pixels add to its centre
    deep = pane.tone == "view" and min(plane.width, plane.height) < DEEP
    lines.append(f"samples = field.around({whole})[1]" if deep else f"samples = field.sample({whole})")
    if pane.tone == "view":
        lines.append(f"tone = nw.Tone.fit(samples, {fit})")
    return commands.script(*lines, commands.paint_line(_file(beside), y))


def _of_file(beside: Beside, plane: Plane) -> str:
    """The script of a file's picture: a file of any kind is read and drawn by one call."""
    pane, subject = beside.pane, beside.subject
    colour = colour_of(pane, subject)
    options = {
        "plane": None if plane == _draws(beside).raster.plane else commands.plane_text(plane),
        "calibration": None if _draws_home(beside) else _calibration(order(subject).calibration.plane),
        "colour": None if colour in ("lab", DEFAULT_MAP) else commands.literal(colour),
        "contrast": commands.literal(pane.tone) if _fitted(pane, plane) else None,
        "y": None if pane.grows == "auto" else commands.literal(pane.grows),
    }
    said = "".join(f", {name}={text}" for name, text in options.items() if text is not None)
    at = ", slice=slice" if beside.text else ""
    return commands.script(
        *beside.lines(),
        f"drawing = nw.draw({commands.literal(_named(subject, pane))}{at}{said})",
        f"drawing.picture.save({commands.literal(_file(beside))})",
    )


def _look(beside: Beside) -> decision_files.DecisionShare:
    pane, subject = beside.pane, beside.subject
    return decision_files.DecisionShare(
        _file(beside),
        margin=pane.show == "margin",
        y=y_of(pane, subject),
        arguments=beside.arguments(),
        called=tuple(beside.called()),
    )


def _draws(beside: Beside) -> Order:
    """What `draw` makes of the subject's file by itself, with no data beside it but the slice that a text says."""
    subject = beside.subject
    network = subject.network
    if network is None or subject.file is None:
        return order(subject)
    home = beside.alone.home if beside.alone is not None and not beside.by_data else None
    return order(replace(subject, plane=home or home_of(network)))


def _draws_home(beside: Beside) -> bool:
    # with data beside it, it is said: a command has them in another way than a script
    return not beside.by_data and _draws(beside).calibration == order(beside.subject).calibration


def _calibration(plane: Plane) -> str:
    return commands.raster_text(CALIBRATION, commands.plane_text(plane))


def _fitted(pane: Pane, plane: Plane) -> bool:
    """Whether the way that colours are fitted has to be said."""
    return pane.tone == "view" or min(plane.width, plane.height) < DEEP


def command_line(pane: Pane, files: Files, letter: str = "") -> str:
    """`netwarp draw ...` for a POSIX shell; the script on one line, where `draw` has no option for what is shown."""
    beside = replace(Beside.of(pane, files), letter=letter)
    subject, pane, told = beside.subject, beside.pane, beside.options()
    if pane.layer is not None or told is None:
        return commands.python_line(python(pane, files, letter))
    plane = plane_of(pane.x, pane.y, pane.w, pane.h)
    ends = (*_ends(pane.x, pane.w), *_ends(pane.y, pane.h))
    home = order(subject).calibration.plane
    calibrate = None if _draws_home(beside) else commands.calibration(CALIBRATION, home)
    if pane.decides:
        look = _look(beside)
        seeded = isinstance(subject.source, Architecture) and subject.bred is None
        options = {
            "bred": _family(subject, pane) or None,
            "seed": str(pane.seed or 0) if seeded else None,
            **told,
            "calibrate": calibrate,
            "plane": ",".join(ends),
        }
        return decision_files.command_line(_named(subject, pane), options, look)
    return commands.draw_command(
        _named(subject, pane),
        _file(beside),
        None if subject.bred is None else {"bred": _family(subject, pane)},
        seed=pane.number if isinstance(subject.source, Architecture) and subject.bred is None else None,
        plane=None if not beside.by_data and plane == _draws(beside).raster.plane else ",".join(ends),
        calibrate=calibrate,
        contrast=pane.tone if _fitted(pane, plane) else None,
        colour=None if colour_of(pane, subject) in ("lab", DEFAULT_MAP) else pane.colour,
        y=None if pane.grows == "auto" else pane.grows,
        of_model=told,
    )


def colour_of(pane: Pane, subject: Subject) -> str:
    """The colouring that the Pane's picture has."""
    three = subject.channels == 3 and pane.layer is None
    if pane.colour == "auto" or (channels_of(pane.colour) == 3 and not three):
        return "lab" if three else DEFAULT_MAP
    return pane.colour


def _file(beside: Beside) -> str:
    """A name for the Pane's picture."""
    return f"{beside.subject.stem(beside.pane.number or 0)}{beside.letter}.png"


def _network(beside: Beside) -> list[str]:
    subject, pane = beside.subject, beside.pane
    if isinstance(subject.source, Architecture):
        return commands.field_lines(str(subject.source), pane.number or 0, bred=_family(subject, pane))
    if subject.file is not None:
        if beside.text:
            return [*beside.lines(), f"field = nw.field({commands.literal(_named(subject, pane))}, slice)"]
        # any picture of it has its field: here a small one
        named, calibration = commands.literal(_named(subject, pane)), _calibration(order(subject).calibration.plane)
        return [f"field = nw.draw({named}, size=(3, 2), calibration={calibration}).field"]
    where = "" if subject.plane is None else commands.plane_text(subject.plane)
    return [f"field = nw.Network.{pane.arch.strip()}.calibrate({commands.raster_text(CALIBRATION, where)})"]


def _family(subject: Subject, pane: Pane) -> str:
    """The text of its family; empty where a seed draws it."""
    # of inputs z that were walked no family says its steps again
    return "" if subject.bred is None else family_text(subject.bred) or pane.bred.strip()


def _named(subject: Subject, pane: Pane) -> str:
    """What a command takes as ARCH: of a file that does not say all by itself, the npz that the page downloads."""
    match subject.source:
        case OwnWeights(alone=alone) if subject.file is not None:
            return subject.file if alone else f"{Path(subject.file).stem}.npz"
        case OwnWeights():
            return pane.arch.strip()
        case architecture:
            return str(architecture)


def _ends(centre: str, side: str) -> tuple[str, str]:
    """The two ends of a side, exactly."""
    exactly = Context(prec=20_000)
    half = exactly.divide(Decimal(side), Decimal(2))
    ends = exactly.subtract(Decimal(centre), half), exactly.add(Decimal(centre), half)
    return _text(ends[0]), _text(ends[1])


def _text(value: Decimal) -> str:
    """The shortest text of a decimal, all its digits kept."""
    found = value.normalize(Context(prec=20_000))
    return f"{found:f}" if -20 < found.adjusted() < 20 else str(found)
