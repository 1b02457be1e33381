"""What would take more memory than a browser has is refused before it begins, with its size."""

from __future__ import annotations

from tests.web.node import needs_node, run


@needs_node
def test_a_network_whose_calibration_holds_too_much_is_refused() -> None:
    found = run("memory", ["conv(1100) >> conv(4)", "conv(24) >> conv(4)"])
    assert found == [
        "calibrating this network would hold some 2.1 GB at once, at most 2 are given; make it narrower",
        "",
    ]
