"""What every test process gets: one thread a numerical library, so that two workers do not fight over two cores."""

import os

# before anything imports numpy: each library reads these once, when it loads. Tests of threading ask for their threads
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import pytest
from hypothesis import settings

# a first call may compile, so there is no deadline; CI repeats its examples, a developer's machine looks for new ones
settings.register_profile("netwarp", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("netwarp")


@pytest.fixture(scope="session", autouse=True)
def _kernels() -> None:
    """Compiled before the first test, as after a first command: what a command says must not depend on the cache."""
    from netwarp.compiled.ready import waiting

    found = waiting(("engine", "regions", "measures"))
    if found is not None:
        found.compile(lambda done, total: None)
