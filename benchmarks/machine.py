"""What the numbers were measured on: processor, threads, versions, and a matrix product as the yardstick."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from benchmarks.timing import Run

PACKAGES = ("netwarp", "numpy", "numba", "llvmlite", "torch", "jax", "onnxruntime", "openvino", "regioncam")


def describe(threads: int) -> dict[str, object]:
    """Processor, cores, threads, system, and the version of every package that takes part."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "threads": threads,
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": {name: found for name in PACKAGES if (found := installed(name))},
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    facts = dict(reversed([line.replace("\t", "").split(":", 1) for line in lines if ":" in line]))
    flags = facts.get("flags", "").split()
    widest = next((name for name in ("avx512f", "avx2") if name in flags), "")
    return f"{facts.get('model name', platform.machine()).strip()} {widest}".strip()


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
