"""The same number of threads for every contestant, set before its library is loaded."""

from __future__ import annotations

import os
import warnings


def hold(threads: int) -> None:
    """For this process and those it starts: most libraries read this once, when they load."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NETWARP_THREADS"):
        os.environ[name] = str(threads)
    os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen=true intra_op_parallelism_threads={threads}"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    # openvino forks once while it loads, before any of jax's threads matter
    warnings.filterwarnings("ignore", "os.fork", RuntimeWarning)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
