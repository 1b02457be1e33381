"""The registry of measures: one order, whatever was imported first."""

import subprocess
import sys

import pytest

from netwarp.measures import registry

ASK = "from netwarp.measures import registry, {family}; print(*registry.names())"


@pytest.mark.parametrize("family", ["registry", "regions", "compression"])
def test_the_order_does_not_depend_on_what_was_imported_first(family: str) -> None:
    said = subprocess.run([sys.executable, "-c", ASK.format(family=family)], capture_output=True, text=True, check=True)
    own = [name for name in registry.names() if registry.find(name).function.__module__.startswith("netwarp.")]
    assert said.stdout.split() == own
    homes = [registry.find(name).function.__module__.rsplit(".", 1)[1] for name in own]
    assert list(dict.fromkeys(homes)) == list(registry.FAMILIES)
