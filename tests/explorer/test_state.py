"""The state's written forms: shared vectors that the page's script reads too, round trips, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import InputError
from netwarp.explorer.address import from_address, to_address
from netwarp.explorer.state import Page, Pane

VECTORS = json.loads((Path(__file__).parent / "states.json").read_text())
# addresses as the first version wrote them, and what they show: never to be changed
OLD = json.loads((Path(__file__).parent / "states-1.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["address"][:40] or "default")
def test_an_address_and_a_state_are_each_others(vector: dict[str, Any]) -> None:
    page = from_address(vector["address"])
    assert page.to_data() == vector["state"]
    assert to_address(Page.from_data(vector["state"])) == vector["address"]
    assert Page.from_data(json.loads(json.dumps(page.to_data(short=True)))) == page


@pytest.mark.parametrize("vector", [one for one in OLD if one["address"]], ids=lambda vector: vector["address"][:40])
def test_an_old_address_shows_what_it_showed(vector: dict[str, Any]) -> None:
    assert from_address(vector["address"]).to_data() == vector["state"]


def test_an_old_json_shows_what_it_showed() -> None:
    assert Page.from_data({"panes": [{}]}).panes[0].seed == Page.from_data({"act": "sin"}).panes[0].seed == 0
    assert Page.from_data({"panes": [{}]}).panes[0].w == "1"
    assert Page.from_data({"v": 2, "panes": [{}]}) == Page()


def test_the_version_the_architecture_the_norm_and_the_seed_are_always_said() -> None:
    assert [pair.split("=")[0] for pair in to_address(Page()).split("&")] == ["v", "arch", "norm", "seed"]
    assert set(Page().to_data(short=True)["panes"][0]) == {"arch", "norm", "seed"}  # type: ignore[index]
    assert from_address("?") == from_address("") == from_address("token=secret") == Page()


def test_sliders_say_numbers_of_the_texts() -> None:
    found = from_address("v=2&arch=conv(4)&depth=5&width=7&scale=2.5&p1.shift=1").panes
    assert (found[0].arch, found[0].norm) == ("conv(7) * 5", "spatial(scale=2.5, shift=normal(2))")
    assert found[1].norm == "spatial(scale=2.5, shift=normal(1))"
    assert from_address("v=2&depth=1").panes[0].arch == "conv(10)"
    assert from_address("norm=spatial()&shift=3").panes[0].norm == "spatial(scale=1, shift=normal(3))"


@pytest.mark.parametrize(
    ("said", "sides"),
    [
        ("v=2&w=0.01", ("0.01", "0.0066666666666666667")),
        ("v=2&w=3e-30", ("3e-30", "2e-30")),
        ("v=2&h=4", ("6", "4")),
        ("v=2&h=1e-240", ("1.5e-240", "1e-240")),
        ("v=2&w=1&h=1", ("1", "1")),
        ("v=2", ("1.5", "1")),
        ("w=0.01", ("0.01", "1")),
        ("h=4", ("1", "4")),
    ],
)
def test_one_side_of_a_view_says_the_other_but_in_the_first_version(said: str, sides: tuple[str, str]) -> None:
    pane = from_address(said).panes[0]
    assert (pane.w, pane.h) == sides
    state = {key: value if key != "v" else int(value) for key, value in (one.split("=") for one in said.split("&"))}
    assert Page.from_data(state) == Page.from_data({"v": state.pop("v", 1), "panes": [state]}) == Page((pane,))
    assert from_address("v=2&h=4&p1.w=3").panes[1].h == "2"


def test_a_pane_by_itself_and_panes_after_the_first() -> None:
    assert Page.from_data({"v": 2, "seed": 7}) == Page((Pane(seed=7),))
    both = Page.from_data({"panes": [{"seed": 7, "act": "sin"}, {"act": "relu"}]})
    assert both.panes[1] == replace(both.panes[0], act="relu")
    assert len(from_address("seed=7&p2.act=sin").panes) == 3


panes = st.builds(
    Pane,
    arch=st.text(max_size=60),
    seed=st.one_of(st.integers(-(2**256), 2**256), st.sampled_from(["rose", "Ros\u00e9 12"])),
    x=st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False)
    .map(str)
    .filter(lambda text: len(text) < 2000),
    show=st.sampled_from(["output", "layer:1:channel:0", "layer:12:channel:345"]),
    cells=st.booleans(),
)


@given(st.lists(panes, min_size=1, max_size=4), st.booleans())
def test_any_page_survives_its_address(several: list[Pane], embed: bool) -> None:
    page = Page(tuple(several), ("seed",), (), embed)
    assert from_address(to_address(page)) == page


@pytest.mark.parametrize(
    ("address", "needle"),
    [
        ("sed=1", 'did you mean "seed"'),
        ("p4.seed=1", "p4.seed"),
        ("p1.panes=2", "p1.panes"),
        ("__class__=1", "__class__"),
        ("seed=1&seed=2", "twice"),
        ("seed=1.5", "whole number"),
        ("seed=" + "9" * 78, r"to 2\^256 either way"),
        ("seed=0..15", "or a word of at most 100 characters"),
        ("x=nan", "decimal"),
        ("x=1e999999", "exponent"),
        ("x=1e400", r"from -1e\+15 to 1e\+15"),
        ("v=2&w=1e16", r"at most 1e\+15"),
        ("x=" + "1" * 2001, "characters"),
        ("w=0", "positive"),
        ("w=-1", "positive"),
        ("w=0e5", "positive"),
        ("h=Infinity", "decimal"),
        ("tone=both", "whole or view"),
        ("show=layer:0:channel:0", "layer:2:channel:0"),
        ("show=../../etc/passwd", "layer:2:channel:0"),
        ("cells=yes", "0 or 1"),
        ("panes=5", "panes"),
        ("panes=1&p1.seed=3", "panes"),
        ("hide=<script>", "names of controls"),
        ("embed=2", "0 or 1"),
        ("v=3", "1 to 2"),
        ("v=two", "1 to 2"),
        ("depth=0", "whole number from 1"),
        ("depth=3.5", "whole number from 1"),
        ("width=99999", "whole number from 1"),
        ("arch=conv(3)%3E%3Econv(4)&depth=3", "no single depth"),
        ("arch=conv(3)%3E%3Econv(4)&width=3", "no single width"),
        ("scale=-1", "must be a number"),
        ("scale=1e9", "plain digits"),
        ("norm=none&scale=1", "nothing is normalised"),
        ("norm=spatial(scale=uniform(1,2))&shift=1", "no single number"),
        ("arch=%ff", "cannot be read"),
        ("&".join(f"k{n}=1" for n in range(200)), "cannot be read"),
        ("arch=" + "a" * 70_000, "characters"),
    ],
)
def test_what_is_no_address_is_refused_in_one_line(address: str, needle: str) -> None:
    with pytest.raises(InputError, match=needle.replace("?", r"\?")) as found:
        from_address(address)
    assert "\n" not in str(found.value)
    assert len(str(found.value)) < 300


@pytest.mark.parametrize(
    "data",
    [None, [], "x", {"panes": []}, {"panes": [{}] * 5}, {"panes": {}}, {"panes": [1]}, {"panes": [{}], "evil": 1}],
)
def test_what_is_no_page_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        Page.from_data(data)


@pytest.mark.parametrize("pane", [{"seed": True}, {"seed": 1.0}, {"x": 1}, {"cells": 1}, {"out": 0}, {"arch": None}])
def test_a_pane_keeps_its_kinds(pane: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Pane.from_data(pane)
