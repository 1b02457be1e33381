"""The page of claims: what the literature says, what was measured for it, and both verdicts, with a small plot each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf
from pathlib import Path

from markupsafe import Markup

from netwarp.claims.registry import BASES, Check, Claim, Plot
from netwarp.claims.running import Outcome, Outcomes
from netwarp.explorer.typeset import linked
from netwarp.orders.commands import command
from netwarp.pages.folder import built
from netwarp.pages.plots import line_plot
from netwarp.pages.rendering import render
from netwarp.version import VERSION

COLUMNS = ("what", "expected", "measured", "interval", "verdict")


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One claim on the page."""

    anchor: str
    outcome: Outcome
    basis: str
    source: Markup
    plot: Markup | None
    rows: tuple[tuple[str, ...], ...]
    seconds: str


def save(found: Outcomes, out: Path, *, command: str) -> Path:
    """Writes the folder `out`, index.html and claims.json, whole or not at all; gives the path of the page.

    `command` is what made it. Errors: InputError where it cannot be written.
    """
    with built(out) as folder:
        text = json.dumps(found.data(), indent=1, allow_nan=False, ensure_ascii=False)
        (folder / "claims.json").write_text(text, encoding="utf-8")
        (folder / "index.html").write_text(page(found, command=command), encoding="utf-8")
    return out / "index.html"


def page(found: Outcomes, *, command: str) -> str:
    """The HTML. Every text of a claim is escaped."""
    return render(
        "claims.html",
        {
            "version": VERSION,
            "title": "What the literature says, measured again",
            "lede": (
                "Statements about random networks, each with its source, set-up and tolerance, and what was measured "
                f"for it. {found.sentence()}."
            ),
            "shown": [_shown(one) for one in found.entries],
            "columns": COLUMNS,
            "set_up": "Measured with --quick, on less than in full." if found.quick else "Measured in full.",
            "seconds": f"{found.seconds:,.0f}",
            "again": command,
        },
        styles=("figure.css", "page.css", "claims.css"),
    )


def again(only: str | None, quick: bool, out: str = "claims") -> str:
    """The command line, quoted for a POSIX shell, that makes the page once more."""
    return command("claims", *(["--quick"] if quick else []), *(["--only", only] if only else []), "--out", out)


def listing(claims: Sequence[Claim]) -> list[tuple[str, ...]]:
    """(number, name, statement, source, whose the statement is, verdict on record) of each, for a table."""
    return [(str(one.number), one.name, one.statement, one.source, BASES[one.basis], one.recorded) for one in claims]


def rows(found: Outcomes) -> list[tuple[str, ...]]:
    """(number, name, measured, verdict, verdict on record, seconds) of each, for a table."""
    return [
        (
            str(one.claim.number),
            one.claim.name,
            one.finding.measured + _unclear(one.finding.checks),
            one.finding.verdict,
            one.claim.recorded,
            f"{one.seconds:.1f}",
        )
        for one in found.entries
    ]


def _unclear(checks: Sequence[Check]) -> str:
    """How many of the checks these seeds do not decide; nothing where none is."""
    found = sum(one.verdict == "not clear" for one in checks)
    return f"; {found} of {len(checks)} checks not clear at these seeds" if found else ""


def _shown(one: Outcome) -> ShownClaim:
    anchor = f"claim-{one.claim.number}"
    plot = None if one.finding.plot is None else _plot(one.finding.plot, f"plot-{one.claim.number}", one)
    checks = tuple(_row(check) for check in one.finding.checks)
    return ShownClaim(anchor, one, BASES[one.claim.basis], linked(one.claim.source), plot, checks, f"{one.seconds:.1f}")


def _plot(plot: Plot, name: str, one: Outcome) -> Markup:
    return line_plot(
        [series for series in plot.series if not series.reference],
        name=name,
        title=f"{one.claim.name}: {plot.y_label} over {plot.x_label}",
        description=one.finding.measured,
        x_label=plot.x_label,
        y_label=plot.y_label,
        x_log=plot.x_log,
        y_log=plot.y_log,
        lines=plot.lines,
        curves=[series for series in plot.series if series.reference],
    )


def _row(check: Check) -> tuple[str, ...]:
    expected = check.expected if isinstance(check.expected, str) else _number(check.expected)
    interval = "" if check.low is None or check.high is None else f"{_number(check.low)} to {_number(check.high)}"
    return (
        check.what,
        expected,
        _number(check.measured),
        interval,
        check.verdict,
    )


def _number(value: float) -> str:
    if isinf(value):
        return "∞" if value > 0 else "−∞"
    whole = value == round(value) and abs(value) < 1e12
    return (f"{value:,.0f}" if whole else f"{value:.4g}").replace("-", "−")
