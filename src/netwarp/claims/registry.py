"""Claim, Finding and the one registry of claims: what the literature says, stated above what measures it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from netwarp.errors import InputError, nearest
from netwarp.progress import Progress

Verdict = Literal["holds", "refuted", "not clear"]
# whose a statement is, and in words
Basis = Literal["stated", "follows", "extension"]
BASES: dict[Basis, str] = {
    "stated": "the paper's own statement",
    "follows": "follows from the paper's statement",
    "extension": "our extension of the paper",
}

# one module a paper, by the number of its first claim
FAMILIES = (
    "yang2019", "poole2016", "schoenholz2017", "hanin2021", "hanin2019", "arrangements", "note2016", "teney2024",
    "rahaman2019", "mingard2019", "heaviside", "ranges", "hanin2018", "haninnica2020", "sitzmann2020",
    "raghu2017", "balduzzi2017", "daneshmand2020", "balestriero2022", "valleperez2019", "serra2018",
    "tseran2021", "lu2019", "chosaul2009", "matthews2018",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One number a claim stands on. `expected` is a number or a condition in words; `low` and `high` its interval,
    None where there is none (an exact count). The intervals of all checks of one claim hold together with 95%.

    `verdict`: "holds" where the whole interval is within the claim's tolerance, "refuted" where the whole interval is
    outside, and "not clear" where it is on both sides: other seeds might decide either way."""

    what: str
    expected: float | str
    measured: float
    low: float | None
    high: float | None
    verdict: Verdict

    @property
    def holds(self) -> bool:
        return self.verdict == "holds"


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, y) under one name; `low` and `high` are the ends of their intervals; a `reference` is theory's."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A small plot as data: whoever shows it draws it. `lines` are horizontal references, in units of y."""

    series: tuple[Series, ...]
    x_label: str
    y_label: str
    x_log: bool = False
    y_log: bool = False
    lines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured: a sentence with the interval, and what it rests on."""

    measured: str
    checks: tuple[Check, ...]
    plot: Plot | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """refuted, where one check is; else not clear, where one is not; else holds."""
        found = {one.verdict for one in self.checks}
        if "refuted" in found:
            return "refuted"
        return "not clear" if "not clear" in found else "holds"


Function = Callable[[bool, Progress], Finding]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the literature that is measured again.

    `function(quick, progress)` measures it: with `quick` on less (fewer seeds, smaller networks) by the same rule.
    `recorded` is the verdict on record, of a measurement in full. `basis` says whose the statement is: the paper's own,
    what follows from it, or an extension of it. `expected` and `tolerance` are said in words, beside their numbers in
    Checks.
    """

    number: int
    name: str
    statement: str
    source: str
    basis: Basis
    setup: str
    expected: str
    tolerance: str
    recorded: Verdict
    function: Function


_known: dict[int, Claim] = {}


def claim(
    *,
    number: int,
    name: str,
    statement: str,
    source: str,
    basis: Basis,
    setup: str,
    expected: str,
    tolerance: str,
    recorded: Verdict = "holds",
) -> Callable[[Function], Function]:
    """Registers the function below it as the measurement of a claim, and gives it back unchanged.

    `name` is lower-case words joined by hyphens, `number` its place among the claims: both are one claim's only.
    Errors: InputError.
    """

    def register(function: Function) -> Function:
        if not all(word.isalnum() and word == word.lower() for word in name.split("-")):
            raise InputError(f"claim {name!r}: a claim's name is lower-case words and hyphens, as in kinks-equal-units")
        made = Claim(
            number=number,
            name=name,
            statement=statement,
            source=source,
            basis=basis,
            setup=setup,
            expected=expected,
            tolerance=tolerance,
            recorded=recorded,
            function=function,
        )
        if any(number == one.number or name == one.name for one in _known.values()):
            raise InputError(f"claim {number}, {name!r}: there is one of that number or name already")
        _known[number] = made
        return function

    return register


def claims() -> tuple[Claim, ...]:
    """All of netwarp's claims, by number."""
    for family in FAMILIES:
        import_module(f"netwarp.claims.{family}")
    return tuple(_known[number] for number in sorted(_known))


def choose(wanted: str | Sequence[str] | None = None, among: Sequence[Claim] | None = None) -> tuple[Claim, ...]:
    """The claims of these names or numbers, each once, by number; all of them for None. Errors: InputError.

    >>> [claim.name for claim in nw.claims.choose(["7", "counts-are-exact"])]
    ['kinks-equal-units', 'counts-are-exact']
    >>> nw.claims.choose([])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: claims: none is named; name some by number or name, or leave it out for all
    >>> nw.claims.choose(["counts"])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: claim 'counts': there is none of that name or number (1 to ...
    """
    known = claims() if among is None else tuple(among)
    if wanted is None:
        return known
    listed = [wanted] if isinstance(wanted, str) else wanted
    found = {one.number: one for one in (_find(text.strip(), known) for text in listed)}
    if not found:
        raise InputError("claims: none is named; name some by number or name, or leave it out for all")
    return tuple(found[number] for number in sorted(found))


def _find(text: str, known: Sequence[Claim]) -> Claim:
    for one in known:
        if text in (one.name, str(one.number)):
            return one
    numbers = f"1 to {max((one.number for one in known), default=0)}"
    raise InputError(
        f"claim {text[:60]!r}: there is none of that name or number ({numbers}); see `netwarp claims --list`"
        + nearest(text, [one.name for one in known])
    )
