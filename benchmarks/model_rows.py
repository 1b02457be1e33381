"""Models of others: a ResNet-18 as a network, in a process of its own, with all that is imported; what it may take.

`python -m benchmarks.model_rows SIDE` does it once, and prints its numbers as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from benchmarks import overhead_rows
from benchmarks.tables import judged, table
from benchmarks.timing import say

Found = dict[str, Any]


@dataclass(frozen=True)
class ModelRow:
    """torchvision's ResNet-18, written by hand, at side x side: export, import and comparison with the module."""

    side: int
    seconds: float  # at most

    @property
    def name(self) -> str:
        return f"from-module-{self.side}"


ROWS = (ModelRow(32, 10), ModelRow(224, 30))


def row_names() -> list[str]:
    return [row.name for row in ROWS] + overhead_rows.row_names()


def run(wanted: Collection[str], budget: float) -> list[Found]:
    """The rows named, those of overhead_rows last; none where there is no PyTorch."""
    found: list[Found] = []
    for row in ROWS:
        if row.name in wanted and find_spec("torch"):
            say(row.name)
            command = [sys.executable, "-m", "benchmarks.model_rows", str(row.side)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append({"name": row.name, "at most": row.seconds} | json.loads(done.stdout))
    return found + overhead_rows.run(wanted, budget)


def once(side: int) -> Found:
    """Seconds, processor seconds, the points compared, and the largest difference."""
    import numpy as np
    import torch

    import netwarp as nw
    from tests.models.families_drawn import drawn
    from tests.models.families_straight import Basic, ResNet

    module = drawn(lambda: ResNet(Basic, [2, 2, 2, 2], 64, 1000))
    plane = nw.Slice(*np.random.default_rng(0).normal(size=(3, 3, side, side)))
    clock, processor = time.perf_counter(), time.process_time()
    network = nw.torch.from_module(module, torch.zeros(1, 3, side, side), plane)
    took = {"s": time.perf_counter() - clock, "processor s": time.process_time() - processor}
    agreement = network.source.agreement
    return took | {"points": agreement.points, "difference": agreement.difference}


def tables(found: list[Found]) -> str:
    """A table of each kind there is."""
    imported = [one for one in found if "points" in one]
    added = [one for one in found if "added" in one]
    both = (_imported(imported) if imported else "", overhead_rows.tables(added) if added else "")
    return "\n\n".join(table for table in both if table)


def _imported(found: list[Found]) -> str:
    rows = (
        (
            one["name"],
            f"{one['s']:.3g}",
            f"{one['processor s']:.3g}",
            judged(f"{one['at most']:g}", held=one["s"] <= one["at most"]),
            f"{one['points']:,}",
            f"{one['difference']:.1e}",
        )
        for one in found
    )
    title = "A ResNet-18 as a network: seconds, once, in a new process; exported, read, and compared with the module."
    return "\n".join(table(title, ("row", "s", "processor s", "at most", "points", "largest difference"), rows))


if __name__ == "__main__":
    print(json.dumps(once(int(sys.argv[1]))))
