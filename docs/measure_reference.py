"""`make docs`: the reference of all measures, written from the registry into docs/measures.md between its two marks.

A test holds the page to the registry.
"""

from __future__ import annotations

from pathlib import Path

from netwarp.measures.registry import find, names

PAGE = Path(__file__).parent / "measures.md"
BEGIN, END = "<!-- made by make docs: begin -->", "<!-- made by make docs: end -->"


def reference() -> str:
    """The reference: a list of netwarp's own measures with links, then a section each."""
    own = [one for one in map(find, names()) if one.function.__module__.startswith("netwarp.")]
    lines = ["| measure | unit | Fields | definition |", "| --- | --- | --- | --- |"]
    for one in own:
        cells = (f"[`{one.name}`](#{one.name})", one.unit or "1", one.applies, one.definition)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    for one in own:
        lines += ["", f"### {one.name}", "", one.definition, "", f"- formula: `{one.formula}`"]
        lines += [f"- unit: {one.unit or '1, a pure number'}", f"- Fields: {one.applies}"]
        if one.on_raster:
            lines.append("- depends on the raster: also taken at half the resolution")
        if one.extra:
            lines.append(f"- needs the extra: `pip install 'netwarp[{one.extra}]'`; absent without it")
        lines.append(f"- source: {one.source}")
    return "\n".join(lines)


def written(page: str) -> str:
    """The page with the reference in its place. Errors: ValueError where a mark is missing."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE.name}: its marks are missing")
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


def build() -> Path:
    """Writes the page anew."""
    PAGE.write_text(written(PAGE.read_text()))
    return PAGE


if __name__ == "__main__":
    print(build())
