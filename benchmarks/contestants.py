"""Everyone who takes part in a row: netwarp, the naive way, and the rivals that are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec

import numpy as np

import netwarp as nw
from benchmarks.rivals.folded import AbsentError
from benchmarks.rows import SIZE, Row
from benchmarks.timing import Run, quickest
from netwarp.field.field import Field
from netwarp.network.network import Network

SEED = 7
# root mean square difference from float64, in the output's standard deviations: past this a rival computes something
# else; where float32 itself misses by as much, past three times what netwarp's float32 does
APART = 1e-3

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


def gather(row: Row, threads: int, wanted: Callable[[str], bool]) -> tuple[dict[str, Run], dict[str, str]]:
    """(runs by contestant, remarks by contestant). A remark says why one is absent or which variant is best."""
    raster = nw.Raster(columns=row.size[0], rows=row.size[1])
    network, field = draw(row)
    truth = field.sample(raster, dtype="float64")
    runs: dict[str, Run] = {"netwarp": lambda: field.sample(raster, dtype="float32")}
    if row.calibrates:
        runs["netwarp"] = lambda: network.calibrate(raster).sample(raster, dtype="float32")
    own = apart(runs["netwarp"](), truth)
    limit = max(APART, 3 * own)
    remarks = {"netwarp": f"misses float64 by {own:.0e} standard deviations"}
    pointwise = field.program.pointwise
    families: dict[str, Callable[[], Mapping[str, Run]]] = {"naive": lambda: naive(row, raster, network)}
    if not row.calibrates:
        families |= {name: _family(name, field, raster, threads) for name in RIVALS}
    for name, family in families.items():
        if not wanted(name):
            continue
        try:
            found = dict(family())
            # zero padding, or another raster, gives the naive network other statistics: nothing to compare then
            if name != "naive" or (pointwise and calibration(row) == raster):
                for variant in list(found):
                    if (gap := apart(found[variant](), truth)) > limit:
                        remarks[f"{name} {variant}"] = f"computes something else ({gap:.0e})"
                        del found[variant]
            if not found:
                raise AbsentError("computes something else")
            best = quickest(found) if len(found) > 1 else next(iter(found))
        except AbsentError as reason:
            remarks[name] = f"absent: {reason}"
            continue
        runs[name] = found[best]
        remarks[name] = best
    return runs, remarks


def naive(row: Row, raster: nw.Raster, network: Network) -> Mapping[str, Run]:
    if not find_spec("torch"):
        raise AbsentError("torch is not installed")
    module = import_module("benchmarks.rivals.naive")
    return module.runs(row, raster, network.state())


def _family(name: str, field: Field, raster: nw.Raster, threads: int) -> Callable[[], Mapping[str, Run]]:
    package, module, function, told = RIVALS[name]

    def make() -> Mapping[str, Run]:
        for needed in (package, "onnx") if module == "with_onnx" else (package,):
            if not find_spec(needed):
                raise AbsentError(f"{needed} is not installed")
        start = getattr(import_module(f"benchmarks.rivals.{module}"), function)
        return start(field.program, raster, threads) if told else start(field.program, raster)

    return make


def apart(out: object, truth: np.ndarray) -> float:
    """Root mean square difference from (k, rows, columns), in its standard deviations, whatever layout `out` has."""
    found = np.asarray(out)
    flat = truth.reshape(len(truth), -1)
    if found.shape[-1] == len(truth) and found.shape[-1] != truth.shape[-1]:
        found = np.moveaxis(found, -1, 0)
    return float(np.sqrt(np.mean((found.reshape(flat.shape) - flat) ** 2)) / flat.std())
