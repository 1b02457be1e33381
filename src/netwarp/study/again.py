"""again: how one run of a study is measured once more, by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from netwarp.orders.commands import measure_command
from netwarp.study.runs import Run


def again(run: Run, measures: Sequence[str], files: Mapping[str, Path]) -> str:
    """The command that measures the network of a run as its study does.

    A model is named by its file in `files`, by the text of its source; by that text where the study names it no more.
    """
    network, frame = run.source.text, run.frame
    return measure_command(str(files.get(network, network)), measures, frame.raster, frame.calibration, seed=run.seed)
