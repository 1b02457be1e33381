"""regioncam (PyPI; a Rust library, float32): the activation regions of a ReLU network, on [-1, 1]^2."""

from __future__ import annotations

from collections.abc import Sequence

import regioncam

from benchmarks.region_rows import Layer


def tessellate(layers: Sequence[Layer]) -> regioncam.Regioncam:
    """The regions, with the values at every corner; ReLU after every layer but the last, as in netwarp."""
    found = regioncam.Regioncam(size=1)
    for number, (weight, bias) in enumerate(layers, 1):
        found.linear(weight, bias)
        if number < len(layers):
            found.relu()
    return found
