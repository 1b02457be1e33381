"""PyAV, the optional package that encodes and decodes video with FFmpeg: imported here, where it is used."""

from __future__ import annotations

import os
from types import ModuleType

from netwarp.errors import UnsupportedError


def av() -> ModuleType:
    """PyAV. Errors: UnsupportedError that says how to install it."""
    try:
        import av
    except ImportError:
        raise UnsupportedError('films need PyAV; install it: pip install "netwarp[film]"') from None
    av.logging.set_level(av.logging.PANIC)
    os.environ.setdefault("SVT_LOG", "0")  # its encoder writes to standard error otherwise
    return av
