"""How many cells there may be: a descent stops past a limit, where memory ends, or where samples tell that it will."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from netwarp.errors import LimitError, RegionLimitError
from netwarp.fields.limits import SHARE, machine_bytes
from netwarp.regions.descent.forecast import Forecast
from netwarp.regions.stages import Stages

WORTH = 1_000_000  # cells times layers after which it is worth looking ahead: half a second or so


class CellCount:
    """Counts the cells that there are so far, of all threads; stops past the limit, or where that is foreseen."""

    def __init__(self, limit: int, stages: Stages, *, kept: bool = True) -> None:
        self.count, self.limit, self.stages = 1, limit, stages
        self.foresee: Callable[[int], Forecast | None] | None = None
        self.begun = WORTH // max(len(stages.stages), 1)
        k = stages.program.channels
        # bytes of a cell that is kept. It has some four sides: corners, numbers and what they are glued into; what of
        # them was cut; its map, pattern and error
        self.each = 4 * (24 + 8 + 4 + 40) + 160 + 48 * k + 16 * stages.words + 64 if kept else 0
        self.allowed = int(machine_bytes() * SHARE)
        self.lock = Lock()

    def __call__(self, more: int, number: int) -> None:
        with self.lock:
            self.count += more
            count, foresee = self.count, None
            if count > self.begun:
                foresee, self.foresee = self.foresee, None
        layer = self.stages.stages[number].number
        if count > self.limit:
            regions = "region" if self.limit == 1 else "regions"
            raise RegionLimitError(
                f"more than {self.limit:,} activation {regions}: {count:,} so far, at layer {layer}; "
                "raise the limit or choose a smaller plane",
                found=count,
                layer=layer,
            )
        if foresee is not None:
            self._look_ahead(count, foresee)
        if count * self.each > self.allowed:
            raise LimitError(
                f"{count:,} activation regions at layer {layer} would take {count * self.each / 2**30:.3g} GiB of "
                f"memory, at most {self.allowed / 2**30:.3g} GiB are used on this machine; choose a smaller plane"
            )

    def _look_ahead(self, count: int, foresee: Callable[[int], Forecast | None]) -> None:
        found = foresee(most := min(self.limit, self.allowed // self.each))
        if found is None:
            return
        layer, cells = self.stages.stages[found.stage].number, float(f"{found.cells:.2g}")
        if most < self.limit:
            raise LimitError(
                f"some {cells:,.0f} activation regions by layer {layer}, as samples tell, would take "
                f"{cells * self.each / 2**30:.3g} GiB of memory, at most {self.allowed / 2**30:.3g} GiB are used on "
                "this machine; choose a smaller plane"
            )
        raise RegionLimitError(
            f"more than {self.limit:,} activation regions: some {cells:,.0f} by layer {layer}, as samples tell; "
            "raise the limit or choose a smaller plane",
            found=count,
            layer=layer,
            expected=cells,
        )
