"""What an order will cost, before it is filled."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from netwarp.fields.calibration import calibrate
from netwarp.orders.drawing import calibrator, check_size
from netwarp.orders.order import Order
from netwarp.plane import Raster
from netwarp.progress import Report, stage


@dataclass(frozen=True, slots=True)
class Guess:
    """What an order costs: `seconds` and `flops` (a multiply-add is 2) of all pictures, `bytes` of memory at once."""

    pictures: int
    raster: Raster
    seconds: float
    bytes: int
    flops: int
    note: str

    def data(self) -> dict[str, object]:
        return {
            "pictures": self.pictures,
            "size": [self.raster.columns, self.raster.rows],
            "seconds": self.seconds,
            "bytes": self.bytes,
            "flops": self.flops,
            "note": self.note,
        }

    def sentence(self) -> str:
        """One line for a person."""
        number = "" if self.pictures == 1 else f"{self.pictures} pictures of "
        size = f"{self.bytes / 2**30:.1f} GiB" if self.bytes >= 2**30 else f"{self.bytes / 2**20:,.0f} MiB"
        time = f"{self.seconds:.1f} s" if self.seconds >= 1 else f"{1e3 * self.seconds:.0f} ms"
        text = f"{number}{self.raster.columns} x {self.raster.rows}: about {time}, {size} of memory"
        return f"{text} ({self.note})" if self.note else text


def estimate(what: Order, *, progress: Report | None = None) -> Guess:
    """What the order will cost. Its first network is calibrated, nothing is sampled. Errors: NetwarpError."""
    network = what.subject.draw(what.seeds[0] or 0)
    check_size(what.raster, network, what.dtype)
    started = perf_counter()
    engine = calibrator(what.engine)
    field = calibrate(network, what.calibration, engine=engine, progress=stage(progress, "calibrating"))
    calibrating = perf_counter() - started
    view = field.estimate(what.raster, dtype=what.dtype)
    seconds, flops = calibrating + view.seconds, view.flops
    if what.tone is None and what.raster != what.calibration:
        fitting = field.estimate(what.calibration, dtype=what.dtype)
        seconds, flops = seconds + fitting.seconds, flops + fitting.flops
    held = 3 * what.raster.pixels * (len(what.seeds) if what.sheet else 1)
    times = len(what.seeds)
    note = view.note
    if engine != what.engine:
        note += f"; the native evaluator's time: that of {what.engine} depends on how many regions there are"
    return Guess(
        times, raster=what.raster, seconds=times * seconds, bytes=view.bytes + held, flops=times * flops, note=note
    )
