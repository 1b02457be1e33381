"""Bounds: what surely fits is counted without an error, and the usual shapes are told from without being counted."""

import re

import pytest
from hypothesis import given

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.bounds import surely_fits
from netwarp.architecture.counts import PARAMETERS, count
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import Layer
from netwarp.errors import InputError, LimitError
from trees import trees


def fits(architecture: Architecture) -> bool:
    """Whether it surely does; an error is the very one of the count."""
    try:
        return surely_fits(architecture)
    except LimitError as error:
        with pytest.raises(LimitError, match=f"^{re.escape(str(error))}$"):
            count(architecture)
        return False


@given(trees())
def test_what_surely_fits_is_counted_without_an_error(tree: Layer) -> None:
    architecture = Architecture(tree, act="prelu")
    if fits(architecture):
        assert count(architecture).parameters <= PARAMETERS


@pytest.mark.parametrize(
    "text",
    [
        "conv(900) * 100",
        "conv(10, 3) * 9000",
        "residual(conv(20) * 2) * 1000",
        "(maxout(20, 3) >> depthwise(3) >> act() >> norm()) * 1000",
        "conv(5) >> residual(conv(8)) * 3",
    ],
)
def test_the_usual_shapes_are_known_to_fit(text: str) -> None:
    assert surely_fits(parse(text))
    count(parse(text))


@pytest.mark.parametrize(
    "text",
    ["conv(1000) * 101", "conv(1, 11) * 7000", "conv(1000001)", "conv(4, groups=4)", "conv(10000) >> conv(10000)"],
)
def test_what_does_not_fit_is_left_to_the_count(text: str) -> None:
    architecture = parse(text)
    assert not surely_fits(architecture)
    with pytest.raises(InputError):
        count(architecture)


def test_too_many_layers_are_refused_in_the_words_of_the_count() -> None:
    with pytest.raises(LimitError, match="architecture of 10,001 layers: at most 10,000 are allowed"):
        surely_fits(parse("conv(1) * 10001"))
