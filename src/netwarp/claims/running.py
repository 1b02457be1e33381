"""run: measures claims one after another and sets each verdict beside the one on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from math import isfinite
from time import perf_counter

from netwarp.claims.registry import Claim, Finding, Verdict, choose
from netwarp.errors import NetwarpError
from netwarp.progress import Report

# a claim, its number, or its name
Wanted = Claim | int | str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A Claim, what was measured for it, and how long that took."""

    claim: Claim
    finding: Finding
    seconds: float
    quick: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the verdict measured is the one on record, or none, being of few seeds (`quick`)."""
        found = self.finding.verdict
        return found == self.claim.recorded or (self.quick and found == "not clear")

    def data(self) -> dict[str, object]:
        """All of it as plain data, for JSON."""
        said = {part.name: getattr(self.claim, part.name) for part in fields(Claim) if part.name != "function"}
        finding = _finite({"measured": self.finding.measured, "verdict": self.finding.verdict} | asdict(self.finding))
        assert isinstance(finding, dict)
        said |= {"agrees": self.agrees, "seconds": round(self.seconds, 3)}
        return said | finding


def _finite(value: object) -> object:
    """Plain data with None for every number that JSON has not: the gaps of a plot."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was measured for every claim asked for; `quick` says on how much."""

    entries: tuple[Outcome, ...]
    quick: bool

    @property
    def differing(self) -> tuple[Outcome, ...]:
        """Those whose verdict is not the one on record."""
        return tuple(one for one in self.entries if not one.agrees)

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.entries)

    def sentence(self) -> str:
        """How many hold, are refuted, are not clear, and which verdicts are not those on record."""
        count = len(self.entries)
        said = (
            f"{count} claim{'' if count == 1 else 's'}: {self._count('holds')} hold, {self._count('refuted')} refuted, "
            f"{self._count('not clear')} not clear"
        )
        if not self.differing:
            return f"{said}, as on record"
        names = ", ".join(
            f"{one.claim.name} ({one.finding.verdict}, not {one.claim.recorded})" for one in self.differing
        )
        return f"{said}; not as on record: {names}"

    def _count(self, verdict: Verdict) -> int:
        return sum(one.finding.verdict == verdict for one in self.entries)

    def data(self) -> dict[str, object]:
        """All of it as plain data, for JSON."""
        return {
            "quick": self.quick,
            "seconds": round(self.seconds, 3),
            "differing": [one.claim.name for one in self.differing],
            "claims": [one.data() for one in self.entries],
        }


def run(
    wanted: Wanted | Sequence[Wanted] | None = None,
    *,
    quick: bool = False,
    progress: Report | None = None,
    each: Callable[[Outcome], None] | None = None,
) -> Outcomes:
    """Measures the claims of these names or numbers, all by default; Claims in the order given, others by number.

    `each` gets every Outcome as soon as there is one. `progress(what, done, total)` and `each` may raise, which
    cancels. Errors: NetwarpError naming the claim it stopped at.

    >>> outcome = nw.claims.run("counts-are-exact", quick=True).entries[0]
    >>> outcome.finding.verdict, outcome.agrees
    ('holds', True)
    >>> nw.claims.run([])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: claims: none is named; name some by number or name, or leave it out for all
    >>> nw.claims.run("counts")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: claim 'counts': there is none of that name or number (1 to ...
    """
    known = _chosen(wanted)
    found = []
    for place, one in enumerate(known, 1):
        stage = f"{place} of {len(known)}: {one.name}"

        def report(done: int, total: int, stage: str = stage) -> None:
            if progress is not None:
                progress(stage, done, total)

        report(0, 1)
        clock = perf_counter()
        try:
            finding = one.function(quick, report)
        except NetwarpError as error:
            raise NetwarpError(f"claim {one.number}, {one.name}: {error}") from error
        found.append(Outcome(one, finding, perf_counter() - clock, quick))
        if each is not None:
            each(found[-1])
    return Outcomes(tuple(found), quick)


def _chosen(wanted: Wanted | Sequence[Wanted] | None) -> tuple[Claim, ...]:
    listed = [wanted] if isinstance(wanted, Claim | int | str) else wanted
    claims = [one for one in listed or () if isinstance(one, Claim)]
    if listed is not None and len(claims) == len(listed) > 0:
        return tuple(claims)
    names = None if listed is None else [one.name if isinstance(one, Claim) else str(one) for one in listed]
    return choose(names)
