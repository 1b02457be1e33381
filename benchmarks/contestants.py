"""Everyone who takes part in a row: netwarp, the naive way, and the rivals that are installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

import numpy as np

import netwarp as nw
from benchmarks.machine import sgemm
from benchmarks.processes import Entry
from benchmarks.rivals.folded import AbsentError
from benchmarks.rows import SIZE, Row
from benchmarks.threads import hold
from benchmarks.timing import Run, quickest
from netwarp.fields.field import Field
from netwarp.network.network import Network

SEED = 7
# root mean square difference from float64, in the output's standard deviations: past this a rival computes something
# else; where float32 itself misses by as much, past three times what netwarp's float32 does
APART = 1e-3
# the naive way has the weights before they are rounded to float32
NAIVE_APART = 1e-5
YARDSTICK = "sgemm"

# name -> package, module of rivals/, function, whether it is told the threads (the others are set once, in __main__)
RIVALS = {
    "torch": ("torch", "with_torch", "eager", False),
    "torch.compile": ("torch", "with_torch", "compiled", False),
    "jax.jit": ("jax", "with_jax", "variants", False),
    "onnxruntime": ("onnxruntime", "with_onnx", "onnxruntime", True),
    "openvino": ("openvino", "with_onnx", "openvino", True),
}


def draw(row: Row) -> tuple[Network, Field]:
    network = nw.Network.draw(nw.parse(row.text, act=row.act), seed=SEED)
    return network, network.calibrate(calibration(row))


def calibration(row: Row) -> nw.Raster:
    """The statistics' raster: the row's own where it is that small, as the naive way takes them from what it draws."""
    columns, rows = row.size if row.size[0] * row.size[1] < 2 * SIZE[0] * SIZE[1] else SIZE
    return nw.Raster(columns=columns, rows=rows)


def entries(row: Row, threads: int, wanted: Callable[[str], bool]) -> dict[str, Entry]:
    """Everyone who may take part in a row, by name; the yardstick, numpy's matrix product, among them."""
    names = ["netwarp", "naive", *(() if row.calibrates else RIVALS)]
    found = {name: Entry(enter, (row, name, threads)) for name in names if name == "netwarp" or wanted(name)}
    return found | {YARDSTICK: Entry(enter, (row, YARDSTICK, threads))}


def enter(row: Row, who: str, threads: int) -> tuple[Run, str]:
    """What `who` runs for the row, checked to compute the same function; and which of its variants that is.

    Errors: AbsentError where it is not installed, or computes something else.
    """
    if who == YARDSTICK:
        return sgemm()[0], ""
    hold(threads)
    raster = nw.Raster(columns=row.size[0], rows=row.size[1])
    network, field = draw(row)
    truth = field.sample(raster, dtype="float64")
    own = apart(field.sample(raster, dtype="float32"), truth)
    if who == "netwarp":
        remark = f"misses float64 by {own:.0e} standard deviations"
        if row.calibrates:
            return lambda: network.calibrate(raster).sample(raster, dtype="float32"), remark
        return lambda: field.sample(raster, dtype="float32"), remark
    if who == "naive":
        return _naive(row, raster, network)
    runs = dict(_family(who, field, raster, threads))
    limit = max(APART, 3 * own)
    gaps = {variant: apart(run(), truth) for variant, run in runs.items()}
    same = {variant: run for variant, run in runs.items() if gaps[variant] <= limit}
    if not same:
        raise AbsentError(f"computes something else ({min(gaps.values(), default=np.inf):.0e})")
    best = quickest(same) if len(same) > 1 else next(iter(same))
    return same[best], best


def _naive(row: Row, raster: nw.Raster, network: Network) -> tuple[Run, str]:
    """The naive way, timed in float32, and held to netwarp in float64 where it can be.

    Ten layers amplify what netwarp rounds once and the naive way does not, its folded weights, to a thousandth of the
    picture: so the same code of three layers is compared. Zero padding, or another raster, gives other statistics;
    then there is nothing to compare.
    """
    if not find_spec("torch"):
        raise AbsentError("torch is not installed")
    module = import_module("benchmarks.rivals.naive")
    shallow = replace(row, text=re.sub(r" \* \d+$", " * 3", row.text))
    other, field = draw(shallow)
    if field.program.pointwise and calibration(row) == raster:
        gap = apart(module.values(shallow, raster, other.state()), field.sample(raster, dtype="float64"))
        if gap > NAIVE_APART:
            raise AbsentError(f"computes something else ({gap:.0e} in float64)")
    ((variant, run),) = module.runs(row, raster, network.state()).items()
    return run, variant


def _family(name: str, field: Field, raster: nw.Raster, threads: int) -> Mapping[str, Run]:
    package, module, function, told = RIVALS[name]
    for needed in (package, "onnx") if module == "with_onnx" else (package,):
        if not find_spec(needed):
            raise AbsentError(f"{needed} is not installed")
    start = getattr(import_module(f"benchmarks.rivals.{module}"), function)
    found: Mapping[str, Run] = start(field.program, raster, threads) if told else start(field.program, raster)
    return found


def apart(out: object, truth: np.ndarray) -> float:
    """Root mean square difference from (k, rows, columns), in its standard deviations, whatever layout `out` has."""
    found = np.asarray(out)
    flat = truth.reshape(len(truth), -1)
    if found.shape[-1] == len(truth) and found.shape[-1] != truth.shape[-1]:
        found = np.moveaxis(found, -1, 0)
    return float(np.sqrt(np.mean((found.reshape(flat.shape) - flat) ** 2)) / flat.std())
