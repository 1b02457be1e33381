"""What stands beside a model's file where its pane is taken away: the plane of its inputs, the data, names of classes.

A command line says all of it in options where it can; a script always does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from netwarp.errors import InputError
from netwarp.explorer.reading import Files, read
from netwarp.explorer.scene import Scene, scene
from netwarp.explorer.state import Pane
from netwarp.fields.calibration import calibrate
from netwarp.models.data import Data
from netwarp.models.slice_text import in_python, read_slice, without_data
from netwarp.models.slices import Slice
from netwarp.orders import commands
from netwarp.orders.order import way_of_y
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.plane import Raster

PLAIN = ("", "")


@dataclass(frozen=True, eq=False)
class Beside:
    """`subject` and `pane` are what is shown. `text` says the slice where the file does not, by numbers alone or by the
    data, and is empty elsewhere; `data` are those the server has, where they belong to the model; `letter` tells the
    picture's file from those of other panes."""

    subject: Subject
    pane: Pane
    text: str
    data: Data | None
    letter: str = ""

    @classmethod
    def of(cls, pane: Pane, files: Files) -> Beside:
        """Where the slice needs data that no file has, its text has numbers instead; where these are too many for a
        text, the subject's file is said not to be alone: the npz that the page downloads has the slice. Errors: as
        reading.read."""
        subject, pane = read(pane, files)
        data = files.data if way_of_y(subject) == "up" else None
        at, own = subject.slice, subject.source
        if at is None or not at.text or not isinstance(own, OwnWeights) or not own.alone:
            return cls(subject, pane, "", data)
        if data is not None and data.file and data.X.shape[1] == at.inputs:
            return cls(subject, pane, at.text, data)
        try:
            said = without_data(at.text, files.data)
            read_slice(said)
            return cls(subject, pane, said, data)
        except InputError:
            return cls(replace(subject, source=replace(own, alone=False)), pane, "", data)

    @property
    def file(self) -> Data | None:
        """The data, where they are of a file that a command can name."""
        return self.data if self.data is not None and self.data.file else None

    @property
    def fits(self) -> bool:
        """Whether the data's rows are inputs of the model."""
        at = self.subject.slice
        return self.data is not None and self.data.X.shape[1] == (2 if at is None else at.inputs)

    @cached_property
    def alone(self) -> Slice | None:
        """The slice of the text without any data; None without a text, and where it needs them."""
        try:
            return read_slice(self.text) if self.text else None
        except InputError:
            return None

    @cached_property
    def by_data(self) -> bool:
        """Whether the slice that is seen, or what its axes are called, is known only with the data."""
        at = self.subject.slice
        if not self.text or at is None:
            return False
        other = self.alone
        same = other is not None and all(np.array_equal(getattr(at, key), getattr(other, key)) for key in "uv")
        return not same or other is None or not np.array_equal(at.origin, other.origin) or other.scales != at.scales

    @cached_property
    def scene(self) -> Scene | None:
        """The names of the classes and the points; None without data."""
        if self.data is None or self.subject.network is None:
            return None
        # any field of it has its channels
        return scene(calibrate(self.subject.network, Raster(3, 2)), self.subject.slice, self.data)

    @property
    def points(self) -> bool:
        """Whether the data's points are seen."""
        return self.pane.points and self.scene is not None and self.scene.points is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes, as far as the data give them."""
        return self.scene.names if self.scene is not None and self.data is not None and self.data.classes else ()

    @property
    def marks(self) -> bool:
        """Whether the slice has points that are not seen."""
        return not self.pane.marks and self.subject.slice is not None and bool(self.subject.slice.marks)

    def options(self) -> dict[str, str | None] | None:
        """What `netwarp draw` and `netwarp decision` are told; None where no options say all of it."""
        if self.text and self.marks:
            return None
        found: dict[str, str | None] = {"slice": self.text or None}
        file = self.file
        by_file = file is not None and self.fits and (self.by_data or (self.pane.decides and self.points))
        if by_file:
            assert file is not None
            found |= {"data": Path(file.file).name, "label": file.label}
        if not self.pane.decides:
            return found if by_file or not self.by_data or file is None else None
        if by_file and not (self.points and self.scene is not None and not self.scene.note):
            return None  # the command would draw the points, or refuse them
        if by_file:
            return found
        if (self.points and file is not None) or self._axes_are_others():
            return None
        if self.names:
            found["classes"] = ",".join(self.names)
            if any("," in name or name != name.strip() or set(name) & set("()") for name in self.names):
                return None
        return found

    def _axes_are_others(self) -> bool:
        """Whether a command without the data calls x and y something else."""
        at = self.subject.slice
        if self.text or at is None:
            return self.by_data if self.text else self.axes != PLAIN
        return Slice(at.origin, at.u, at.v).scales != at.scales

    @property
    def axes(self) -> tuple[str, str]:
        """What x and y are called on the page; empty texts where that is plain."""
        if self.subject.slice is not None:
            return self.subject.slice.scales
        return PLAIN if self.scene is None else self.scene.axes

    def lines(self) -> list[str]:
        """Those of a script that make `data` and `slice`, as far as there are such."""
        found = []
        at, file = self.subject.slice, self.file
        read_by = file if file is not None and self.by_data else None
        if file is not None and (read_by is not None or (self.pane.decides and self.points)):
            label = "" if file.label is None else f", label={commands.literal(file.label)}"
            found.append(f"data = nw.read_data({commands.literal(Path(file.file).name)}{label})")
        if not self.text or at is None:
            return found
        found.append(f"slice = {in_python(self.text, read_by) if read_by is not None else f'nw.{self.text}'}")
        changed: dict[str, tuple[object, ...]] = {}
        if self.marks:
            changed = {"marks": (), "names": ()}
        elif at.names and at.names != tuple("abc")[: len(at.names)]:
            changed = {"names": at.names}
        if read_by is None and self.by_data:
            changed["axes"] = at.axes
        if changed:
            told = ", ".join(f"{name}={value!r}" for name, value in changed.items())
            found = ["from dataclasses import replace", *found, f"slice = replace(slice, {told})"]
        return found

    def arguments(self) -> str:
        """Those of nw.decision that are the points and the names of the classes, with a comma before each."""
        scene = self.scene
        points = self.points and self.file is not None
        labels = points and scene is not None and scene.points is not None and scene.points.labels is not None
        names = f", classes={self.names!r}" if self.names else ""
        return (", X=data.X" if points else "") + (", y=data.y" if labels else "") + names

    def called(self) -> list[str]:
        """The lines of a script that say of the decision `found` what x and y are, where no slice says it."""
        if self.text or self.axes == PLAIN:
            return []
        return ["from dataclasses import replace", f"found = replace(found, axes={self.axes!r})"]
