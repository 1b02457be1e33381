"""Claims made up for tests: what they measure is what the test says."""

from netwarp.claims.registry import Check, Claim, Finding, Function, Plot, Progress, Series, Verdict

PLOT = Plot(
    (
        Series("measured", (1.0, 2.0, 4.0), (1.0, 2.0, float("nan")), (0.5, 1.5, 1.0), (1.5, 2.5, 3.0)),
        Series("law", (1.0, 4.0), (1.0, 4.0), reference=True),
    ),
    "units",
    "regions",
    x_log=True,
    lines=(2.0,),
)


def made(
    number: int = 1,
    name: str = "made-up",
    *,
    measured: Verdict = "holds",
    recorded: Verdict = "holds",
    text: str = "1.5 (1.4 to 1.6)",
    plot: Plot | None = PLOT,
    function: Function | None = None,
) -> Claim:
    """A Claim whose measurement gives `measured`; `text` stands in every field of text."""

    def found(quick: bool, progress: Progress) -> Finding:
        progress(1, 2)
        checks = (Check(text, 1.5, -1.25, 1.0, 2000.0, measured), Check(text, text, 7, None, None, "holds"))
        return Finding(text, checks, plot, note="quick" if quick else "")

    return Claim(
        number, name, text, f"{text}, arXiv:1902.08129", "stated", text, text, text, recorded, function or found
    )
