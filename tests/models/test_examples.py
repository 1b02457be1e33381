"""The examples in the docstrings of the room run, and say what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

import netwarp

MODULES = sorted(path.stem for path in (Path(netwarp.__file__).parent / "models").glob("*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_say_what_they_say(module: str) -> None:
    found = importlib.import_module(f"netwarp.models.{module}")
    assert doctest.testmod(found).failed == 0


def test_there_are_examples() -> None:
    found = [importlib.import_module(f"netwarp.models.{module}") for module in MODULES]
    assert sum(doctest.testmod(one).attempted for one in found) > 10
