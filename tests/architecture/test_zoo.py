"""The zoo: every entry readable, canonical, countable, sourced; and the known counts of some."""

import re

import pytest

from netwarp.architecture import zoo
from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import InputError

EXPECTED = {
    "shallow", "deep", "shallow-3x3", "deep-3x3", "nin", "vgg", "inception", "resnet", "preactivation", "densenet",
    "mobilenet", "maxout", "leaky", "average-pool", "max-pool", "gated", "cppn", "cppn-softplus", "cppn-residual",
    "cppn-mixed", "cppn-0.1", "siren", "fourier",
}  # fmt: skip


def test_everything_the_figure_shows_is_there() -> None:
    assert set(zoo.names()) == EXPECTED
    assert len(zoo.names()) == len(EXPECTED) == len(zoo.entries())


@pytest.mark.parametrize("name", zoo.names())
def test_an_entry_is_canonical_sourced_and_small(name: str) -> None:
    entry = zoo.find(name)
    assert str(entry.architecture) == entry.text
    assert parse(entry.text) == entry.architecture
    assert re.search(r"\b20\d\d\b", entry.source)
    assert entry.sentence.endswith(".")
    assert "\n" not in entry.source + entry.sentence
    assert count(entry.architecture).parameters < 50_000


@pytest.mark.parametrize(
    ("name", "layers", "units", "parameters"),
    [
        ("shallow", 1, 100, 703),
        ("deep", 10, 100, 1153),
        ("cppn", 4, 128, 35 * 32 + 3 * 32 * 32 + 4 * 32 + 3 * 32 + 3),
        ("cppn-0.1", 3, 96, 11 * 32 + 2 * 32 * 32 + 3 * 32 + 3 * 32 + 3),
        ("siren", 4, 256, 2 * 64 + 3 * 64 * 64 + 3 * 64 + 4 * 64 + 3),
        ("maxout", 5, 50, 30 * 2 + 4 * 300 + 5 * 60 + 33),
        ("resnet", 10, 160, 9 * (32 + 9 * 256) + 10 * 32 + 32 + 32 + 51),
    ],
)
def test_known_counts(name: str, layers: int, units: int, parameters: int) -> None:
    counts = count(zoo.find(name).architecture)
    assert (counts.layers, counts.units, counts.parameters) == (layers, units, parameters)


def test_the_weights_of_siren_are_its_papers() -> None:
    siren = zoo.find("siren").architecture
    assert siren.init.parameter == pytest.approx((6 / 64) ** 0.5 / 30, rel=1e-4)


def test_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"zoo 'resnett': no such name; did you mean \"resnet\"?"):
        zoo.find("resnett")
    with pytest.raises(InputError, match="zoo 'qqqq': no such name; `netwarp zoo` lists them"):
        zoo.find("qqqq")
