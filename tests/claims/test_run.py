"""Runs: verdicts beside those on record, data that JSON takes, errors that name the claim, Ctrl-C that stops."""

import json

import pytest

from claims.made import made
from netwarp.claims import registry
from netwarp.claims.registry import Finding, Progress
from netwarp.claims.running import Outcome, run
from netwarp.errors import InputError, NetwarpError, UnsupportedError


def test_only_a_verdict_that_is_not_on_record_differs() -> None:
    found = run(
        [
            made(1, "as-claimed"),
            made(2, "as-refuted", measured="refuted", recorded="refuted"),
            made(3, "broken", measured="refuted"),
            made(4, "mended", recorded="refuted"),
            made(5, "few-seeds", measured="not clear"),
            made(6, "open", measured="not clear", recorded="not clear"),
        ]
    )
    assert [one.claim.name for one in found.differing] == ["broken", "mended", "few-seeds"]
    assert found.sentence() == (
        "6 claims: 2 hold, 2 refuted, 2 not clear; not as on record: broken (refuted, not holds), mended (holds, not "
        "refuted), few-seeds (not clear, not holds)"
    )
    assert (
        run([made(2, measured="refuted", recorded="refuted")]).sentence()
        == "1 claim: 0 hold, 1 refuted, 0 not clear, as on record"
    )


def test_on_few_seeds_what_is_not_clear_speaks_against_nothing() -> None:
    chosen = [
        made(1, "short", measured="not clear"),
        made(2, "worse", measured="refuted"),
        made(3, "gone", measured="not clear", recorded="refuted"),
    ]
    assert [one.claim.name for one in run(chosen, quick=True).differing] == ["worse"]
    assert [one.claim.name for one in run(chosen).differing] == ["short", "worse", "gone"]


def test_data_are_json_and_whole() -> None:
    found = run([made(5)], quick=True)
    told = json.loads(json.dumps(found.data(), allow_nan=False))
    assert (told["quick"], told["differing"]) == (True, [])
    (one,) = told["claims"]
    assert (one["number"], one["name"], one["agrees"], one["note"]) == (5, "made-up", True, "quick")
    assert one["checks"][0]["measured"] == -1.25
    assert (one["basis"], one["verdict"], one["checks"][0]["verdict"]) == ("stated", "holds", "holds")
    # a gap of the plot is null, not a text that JSON has not
    assert one["plot"]["series"][0]["y"] == [1.0, 2.0, None]


def test_every_outcome_is_told_as_it_comes() -> None:
    told: list[str] = []
    stages: list[tuple[str, int, int]] = []

    def each(one: Outcome) -> None:
        told.append(one.claim.name)

    run(
        [made(1, "first"), made(2, "second")],
        progress=lambda what, done, total: stages.append((what, done, total)),
        each=each,
    )
    assert told == ["first", "second"]
    assert stages == [
        ("1 of 2: first", 0, 1),
        ("1 of 2: first", 1, 2),
        ("2 of 2: second", 0, 1),
        ("2 of 2: second", 1, 2),
    ]


def test_an_error_names_the_claim() -> None:
    def failing(quick: bool, progress: Progress) -> Finding:
        raise UnsupportedError("no such layer")

    with pytest.raises(NetwarpError, match=r"^claim 7, deep: no such layer$"):
        run([made(7, "deep", function=failing)])


def test_progress_may_stop_it() -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    told: list[Outcome] = []
    with pytest.raises(KeyboardInterrupt):
        run([made()], progress=stop, each=told.append)
    assert told == []


def test_claims_are_named_as_a_user_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [made(7, "seven"), made(2, "two"), made(9, "nine")]
    monkeypatch.setattr(registry, "claims", lambda: tuple(sorted(listed, key=lambda one: one.number)))
    for wanted, numbers in (
        ("seven", [7]),
        (7, [7]),
        (["nine", 2], [2, 9]),
        ([listed[2], "two"], [2, 9]),
        (None, [2, 7, 9]),
    ):
        assert [one.claim.number for one in run(wanted).entries] == numbers
    assert [one.claim.number for one in run(listed[:2]).entries] == [7, 2]
    with pytest.raises(InputError, match="there is none of that name or number"):
        run("sevn")
    with pytest.raises(InputError, match="claims: none is named"):
        run([])
