"""What is written in plain characters, as a page sets it: formulas with their signs, papers as links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# only these become links: what names a paper, in the characters that such names have
_PAPER = re.compile(r"\b(arXiv|doi):(\d[\d.]*\d(?:/[\w.()/-]*\w)?)")
_PLACE = {"arXiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}
# what a sign stands for, in the order they are read
_SIGNS = (
    (r"\bgrad ", "∇"),
    (r"\bsum(?=_| \|)", "∑"),
    (r"\bsqrt\(", "√("),
    (r"\bpi\b", "π"),
    (r"\bchi_", "χ_"),
    ("<=", "≤"),
    (">=", "≥"),
    ("!=", "≠"),
    (" - ", " − "),
)
# an exponent is a letter, a number, or what stands in brackets; an index is a word
_POWER = re.compile(r"\^(?:(\w+)|\(((?:[^()]|\([^()]*\))*)\))")
_INDEX = re.compile(r"(?<=[\w|∑])_(\w+)|\blog(2|10)\b")


def formula(text: str) -> Markup:
    """A measure's formula: nothing of it is read as HTML."""
    for plain, sign in _SIGNS:
        text = re.sub(plain, sign, text)
    # escaping leaves all of the characters that are looked for below as they are
    marked = _INDEX.sub(lambda one: f"log<sub>{one[2]}</sub>" if one[2] else f"<sub>{one[1]}</sub>", str(escape(text)))
    return Markup(_POWER.sub(lambda one: f"<sup>{one[1] or one[2]}</sup>", marked))


def linked(source: str) -> Markup:
    """The source with its arXiv numbers and DOIs as links."""
    parts: list[Markup] = []
    end = 0
    for match in _PAPER.finditer(source):
        parts += [escape(source[end : match.start()]), _link(match)]
        end = match.end()
    return Markup("").join([*parts, escape(source[end:])])


def _link(match: re.Match[str]) -> Markup:
    return Markup('<a href="{}{}">{}</a>').format(_PLACE[match[1]], match[2], match[0])
