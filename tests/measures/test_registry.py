"""The registry of measures: one order, whatever was imported first."""

import subprocess
import sys

import pytest

from netwarp.errors import InputError
from netwarp.measures import registry

ASK = "from netwarp.measures import registry, {family}; print(*registry.names())"

# before anything has loaded netwarp's own measures; afterwards they are all there
TAKEN = """
from netwarp.errors import InputError
from netwarp.measures import registry
def mean_frequency(image):
    "One of netwarp's names."
try:
    registry.define(unit="1", source="here", formula="0")(mean_frequency)
except InputError as error:
    print(error)
print(registry.find("mean_frequency").unit)
"""


@pytest.mark.slow
@pytest.mark.parametrize("family", ["registry", "regions", "compression"])
def test_the_order_does_not_depend_on_what_was_imported_first(family: str) -> None:
    said = subprocess.run([sys.executable, "-c", ASK.format(family=family)], capture_output=True, text=True, check=True)
    own = [name for name in registry.names() if registry.find(name).function.__module__.startswith("netwarp.")]
    assert said.stdout.split() == own
    homes = [registry.find(name).function.__module__.rsplit(".", 1)[1] for name in own]
    assert list(dict.fromkeys(homes)) == list(registry.FAMILIES)


def test_a_name_of_netwarps_own_is_refused_where_it_is_given() -> None:
    said = subprocess.run([sys.executable, "-c", TAKEN], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        "measure 'mean_frequency': there is one of that name already; choose another name",
        "cycles a picture",
    ]


def test_the_page_shows_what_says_most_first_and_exact_regions_last() -> None:
    shown = registry.beside()
    assert [one.name for one in shown if one.page == "words"] == ["mean_frequency", "regions"]
    exact = [one.needs == "tessellation" for one in shown]
    assert any(exact)
    assert exact == sorted(exact)
    others = [one.page == "list" for one in shown if one.needs != "tessellation"]
    assert others == sorted(others)
    assert len(shown) == 14


def test_a_measure_has_a_version_and_says_what_it_may_not_be() -> None:
    assert {registry.find(name).version for name in registry.names()} == {1}
    said = {"unit": "", "source": "here", "formula": "0"}
    with pytest.raises(InputError, match=r"measure version=0: must be at least 1"):
        registry.define(**said, version=0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"measure page='top': must be one of '', 'list', 'short', 'words'"):
        registry.define(**said, page="top")  # type: ignore[arg-type]
