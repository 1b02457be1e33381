"""Views of the page without a server have all the pixels that are quick, whatever took the processor before."""

from __future__ import annotations

from web.conftest import Run


def test_a_view_that_is_sooner_there_than_expected_has_all_its_pixels(node: Run) -> None:
    for found in node("pace", ["conv(6) * 2", "conv(8, 3) * 3"]):
        assert found["expected"] >= 4
        assert (found["seen"], found["after"]) == (1, 1)
        # of one that is as slow as was expected there are as few as before
        assert found["slow"] == found["expected"]
