"""What every test process gets: one thread a numerical library, so that two workers do not fight over two cores."""

import os

# before anything imports numpy: each library reads these once, when it loads. Tests of threading ask for their threads
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from hypothesis import settings

# a first call may compile, so there is no deadline; CI repeats its examples, a developer's machine looks for new ones
settings.register_profile("netwarp", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("netwarp")
