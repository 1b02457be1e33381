"""What the numbers were measured on: processor, threads, versions, and a matrix product as the yardstick."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from benchmarks.timing import Run
from netwarp.engine.threads import processors
from netwarp.study.running.work import processor

PACKAGES = ("netwarp", "numpy", "numba", "llvmlite", "torch", "jax", "onnxruntime", "openvino", "regioncam")


def describe(threads: int) -> dict[str, object]:
    """Processor, cores, threads, system, and the version of every package that takes part."""
    return {
        "processor": f"{processor()} {_widest_vectors()}".strip(),
        "cores": processors(),
        "threads": threads,
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": {name: found for name in PACKAGES if (found := installed(name))},
    }


def _widest_vectors() -> str:
    """What the processor calls its widest vectors; nothing where the system does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return next((name for name in ("avx512f", "avx2") if name in flags), "")


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def sgemm(size: int = 1500) -> tuple[Run, float]:
    """(numpy's float32 matrix product, its GFLOP): what this machine's best code does with multiply-adds."""
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, size, size), dtype=np.float32)
    out = np.empty_like(a)
    return lambda: np.matmul(a, b, out=out), 2e-9 * size**3
