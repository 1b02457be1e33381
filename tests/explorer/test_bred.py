"""Bred networks on the page: states and addresses that say a family, what is shared of them, and what is read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer.exhibited import Exhibited
from netwarp.explorer.facts import facts_of
from netwarp.explorer.offers import children, neighbours
from netwarp.explorer.opening import open_pane
from netwarp.explorer.pasted import page_of
from netwarp.explorer.reading import Files, StateError, pane_of_subject, read
from netwarp.explorer.sharing import share
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.orders.subject import read_subject

FAMILY = "9 4 0*1_5 2_7_0.5"
CHILD = Pane(arch="conv(4) * 2", bred=FAMILY)


def cancel() -> Cancellation:
    return Cancellation("later", 600)


def test_what_is_opened_is_the_child_and_no_seed_is_said() -> None:
    opened = open_pane(CHILD, Files(), cancel())
    network = nw.Network.bred(nw.parse("conv(4) * 2"), FAMILY)
    assert opened.field.network.source == network.source
    facts = facts_of(*reversed(read(CHILD, Files())))
    assert facts["seed"] is None
    assert "bred" in facts["changes"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("9 3_7", "no step 3"), ("seven", "must be a seed"), ("9", "says a seed alone"), ("1 " * 1001, "1,001")],
)
def test_a_family_that_is_none_is_refused_by_its_key(text: str, message: str) -> None:
    with pytest.raises(StateError, match=message) as refused:
        read(Pane(bred=text), Files())
    assert refused.value.key == "bred"


def test_all_that_is_shared_is_read_back() -> None:
    page = Page((CHILD, Pane(arch="conv(4) * 2", bred="", seed=3)))
    shared = share(page, Files())
    for text in (shared["cli"], shared["python"], shared["json"]):
        (first, *_) = page_of(text.splitlines()[0].encode() if text == shared["cli"] else text.encode(), Files()).panes
        assert (first.bred, first.arch) == (FAMILY, "conv(4) * 2")
    assert "--seed" not in shared["cli"].splitlines()[0]
    assert "--bred" not in shared["cli"].splitlines()[1]


def test_a_childs_picture_opens_as_its_family(tmp_path: Path) -> None:
    nw.draw(nw.Network.bred(nw.parse("conv(4) * 2"), FAMILY)).picture.save(tmp_path / "child.png")
    files = Files()
    pane = pane_of_subject(read_subject(str(tmp_path / "child.png")), files, None)
    assert (pane.arch, pane.bred) == ("conv(4) * 2", FAMILY)
    assert page_of((tmp_path / "child.png").read_bytes(), files).panes[0].bred == FAMILY
    # what no text says takes its weights along, as ever
    walked = nw.mutate(nw.Network.bred(nw.parse("conv(4) * 2"), FAMILY), seed=-3)
    nw.draw(walked).picture.save(tmp_path / "other.png")
    assert pane_of_subject(read_subject(str(tmp_path / "other.png")), files, None).arch.startswith("npz:")


def test_neighbours_leave_the_family_where_they_have_another_seed() -> None:
    found = neighbours(CHILD, Files(), cancel(), (30, 20))["offers"]
    said = {one["title"]: one["state"]["bred"] for one in found}
    assert said["next seed"] == said["another seed"] == ""
    assert said["one layer more"] == FAMILY


def test_children_are_drawn_in_order_and_a_wrong_one_refuses_all() -> None:
    panes = [Pane(arch="conv(4)", bred=f"9 0_{n}") for n in range(3)]
    offers = children(panes, Files(), cancel(), (30, 20))["offers"]
    assert [one["state"]["bred"] for one in offers] == ["9 0_0", "9 0_1", "9 0_2"]
    assert len({one["thumb"] for one in offers}) == 3
    with pytest.raises(StateError):
        children([*panes, Pane(bred="9 7_7")], Files(), cancel(), (30, 20))


def test_a_notebooks_child_has_no_seed_until_one_is_set() -> None:
    shown = Exhibited.of_pane(CHILD, Files())
    assert shown.controls["seed"] is None
    seeded = shown.changed({"seed": 3})
    assert (seeded.controls["seed"], seeded.pane.bred) == (3, "")
    deeper = shown.changed({"depth": 3})
    assert deeper.pane.bred == FAMILY
    # the first layers of the deeper one are the child's own
    one, two = shown.field.network.parameters, deeper.field.network.parameters
    assert np.array_equal(one["0.weight"], two["0.weight"])
