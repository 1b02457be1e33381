"""The pictures of a study's report: what the networks at the ends of main effects draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netwarp.architecture.language import parse
from netwarp.errors import InputError, NetwarpError
from netwarp.measures.measurements import number
from netwarp.network.network import Network
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import read_subject
from netwarp.pages.budget import PageBudget
from netwarp.pages.cards import data_uri
from netwarp.pages.parts import Thumbnail
from netwarp.pages.study_plots import in_short
from netwarp.picture.picture import Picture
from netwarp.picture.sheet import contact_sheet
from netwarp.plane import Raster
from netwarp.progress import Report
from netwarp.study.report.extremes import ChosenPoint, ChosenRun
from netwarp.study.runs import RunFrame

TEXT: Final = 300  # characters of an architecture that are shown
SIDE: Final = 128  # pixels of a thumbnail's longer side


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """The pictures of one point; `remark` says why there is none."""

    title: str
    text: str
    shown: tuple[Thumbnail, ...]
    remark: str


class Thumbnails:
    """Draws the networks of points, as many as the page has room for, and keeps their pictures for a sheet."""

    def __init__(self, frames: Mapping[str, RunFrame], files: Mapping[str, Path], factors: Sequence[str]) -> None:
        """`frames` by the raster's text, `files` of models by the source's, and the names of the factors that vary."""
        self._frames = frames
        self._files = files
        self._factors = factors
        self._pictures: list[Picture] = []
        self._captions: list[str] = []

    def rows(
        self,
        points: Sequence[ChosenPoint],
        varied: Sequence[int],
        measure: str,
        budget: PageBudget,
        progress: Report | None,
    ) -> Iterator[NetworkRow]:
        """A row a point."""
        for done, point in enumerate(points):
            if progress is not None:
                progress("drawing networks", done, len(points))
            title = ", ".join(
                f"{self._factors[place]} {in_short(point.values[place])}"
                for place in varied
                if point.values[place] is not None
            )
            text = in_short(point.network.source, TEXT)
            drawn, remark = self._drawn(point, title or text, measure)
            row = NetworkRow(title or "all networks", text, tuple(one for one, *_ in drawn), remark)
            if budget.take("".join(one.source for one in row.shown) + 2 * text + 600 * " ", "rows of pictures"):
                self._pictures += [picture for _, picture, _ in drawn]
                self._captions += [caption for *_, caption in drawn]
                yield row

    def sheet(self) -> Picture | None:
        """All pictures as one, three a row; None without a picture."""
        return contact_sheet(self._pictures, self._captions, columns=3) if self._pictures else None

    def _drawn(self, point: ChosenPoint, title: str, measure: str) -> tuple[list[tuple[Thumbnail, Picture, str]], str]:
        frame = self._frames.get(point.network.raster)
        if frame is None:
            return [], "the study names the raster of these runs no more"
        raster = _smaller(frame.raster)
        try:
            return [self._one(point, run, frame, raster, title, measure) for run in point.runs], ""
        except NetwarpError as error:
            return [], str(error)

    def _one(
        self, point: ChosenPoint, run: ChosenRun, frame: RunFrame, raster: Raster, title: str, measure: str
    ) -> tuple[Thumbnail, Picture, str]:
        network = self._network(point.network.source, run.seed)
        upright = "down" if run.seed is not None else "up"
        picture = draw_network(network, raster, calibration=frame.calibration, y=upright).picture
        seed = "" if run.seed is None else f", seed {run.seed}"
        alt = f"What the network of {title}{seed} draws: {run.what} {measure}, {number(run.value)}."
        what = "" if run.what == "only" else f"{run.what}: "
        caption = f"{what}{number(run.value)}{seed}"
        shown = Thumbnail(data_uri(picture), raster.columns, raster.rows, alt, caption)
        return shown, picture, f"{title}\n{caption}"

    def _network(self, source: str, seed: int | None) -> Network:
        if seed is not None:
            return Network.draw(parse(source), seed)
        path = self._files.get(source)
        if path is None or not path.is_file():
            raise InputError(f"its file, {path or source}, is not there")
        network = read_subject(str(path)).network
        if network is None:
            raise InputError(f"its file, {path}, is no model")
        return network


def _smaller(raster: Raster) -> Raster:
    """The raster's plane in thumbnails' pixels."""
    scale = SIDE / max(raster.columns, raster.rows)
    return Raster(max(2, round(raster.columns * scale)), max(2, round(raster.rows * scale)), raster.plane)
