"""No pattern takes more time than a text's length allows: every regular expression of the source, by its structure.

A pattern that backtracks is quadratic where what stands between two unbounded repeats may be found at many places of
one run of characters, or where a search begins with one: from every place it reads to the end of the run, and fails. It
is exponential where one stands within another.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import combinations
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "netwarp"
# these look for a beginning at every place of a text; the others begin where it does
SEARCHES = {"search", "sub", "subn", "findall", "finditer", "split"}
CALLS = SEARCHES | {"match", "fullmatch", "compile"}
# of our own texts: formulas, a registry, a plot
TRUSTED = {"explorer/typeset.py", "pages/claims.py", "pages/plot_svg.py"}
LETTERS = [chr(n) for n in range(256)]


def patterns() -> Iterator[tuple[str, str, bool]]:
    """Where, the pattern, and whether it may be searched for."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        source = file.read_text()
        if "import re\n" not in source:
            continue
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            if not isinstance(node.func.value, ast.Name) or node.func.value.id != "re" or node.func.attr not in CALLS:
                continue
            text = written(node.args[0], name)
            searched = node.func.attr in SEARCHES
            if node.func.attr == "compile":
                assigned = [a for a in ast.walk(tree) if isinstance(a, ast.Assign) and a.value is node]
                bound = assigned[0].targets[0] if assigned else None
                called = [
                    use.func.attr
                    for use in ast.walk(tree)
                    if isinstance(use, ast.Call)
                    and isinstance(use.func, ast.Attribute)
                    and isinstance(bound, ast.Name)
                    and isinstance(use.func.value, ast.Name)
                    and use.func.value.id == bound.id
                ]
                searched = bool(set(called) & SEARCHES)
            if name not in TRUSTED:
                yield f"{name}:{node.lineno}", text, searched


def written(pattern: ast.expr, name: str) -> str:
    """The text of a pattern in the module of this file name: constants of the module that stand in it put in."""
    if isinstance(pattern, ast.JoinedStr):
        return "".join(written(part, name) for part in pattern.values)
    if isinstance(pattern, ast.FormattedValue | ast.Name):
        inner = pattern.value if isinstance(pattern, ast.FormattedValue) else pattern
        module = import_module("netwarp." + name.removesuffix(".py").replace("/", "."))
        # what else is put in are names of the language: letters
        return str(vars(module).get(inner.id, "abc")) if isinstance(inner, ast.Name) else "abc"
    found = ast.literal_eval(pattern)
    return found if isinstance(found, str) else found.decode("latin-1")


def letters(item: Any) -> set[str]:
    """The characters that one item of a pattern may take, of the first 256."""
    code, value = item
    if code in (codes.LITERAL, codes.NOT_LITERAL):
        return {c for c in LETTERS if (ord(c) == value) == (code is codes.LITERAL)}
    if code is codes.ANY:
        return set(LETTERS)
    if code is codes.IN:
        found = set().union(*(taken(*part) for part in value if part[0] is not codes.NEGATE))
        return set(LETTERS) - found if value[0][0] is codes.NEGATE else found
    if code is codes.SUBPATTERN:
        return set().union(*(letters(one) for one in value[3]))
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return set().union(*(letters(one) for one in value[2]))
    if code is codes.BRANCH:
        return set().union(*(letters(one) for branch in value[1] for one in branch))
    return set()


@cache
def taken(code: Any, value: Any) -> set[str]:
    if code is codes.LITERAL:
        return {chr(value)}
    if code is codes.RANGE:
        return {c for c in LETTERS if value[0] <= ord(c) <= value[1]}
    kind = {codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w"}[value]
    return {c for c in LETTERS if re.fullmatch(kind, c)}


def unbounded(item: Any) -> bool:
    return item[0] in (codes.MAX_REPEAT, codes.MIN_REPEAT) and item[1][1] == codes.MAXREPEAT


def optional(item: Any) -> bool:
    """Whether it may be nothing."""
    if item[0] in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return item[1][0] == 0 or all(optional(one) for one in item[1][2])
    if item[0] is codes.SUBPATTERN:
        return all(optional(one) for one in item[1][3])
    if item[0] is codes.BRANCH:
        return any(all(optional(one) for one in branch) for branch in item[1][1])
    return item[0] is codes.AT


def sequences(items: Any) -> Iterator[list[Any]]:
    """The pattern as sequences of items, groups and options opened; of what is repeated, also by itself."""
    flat: list[list[Any]] = [[]]
    for item in items:
        code, value = item
        if code is codes.SUBPATTERN:
            inner = list(sequences(value[3]))
        elif code is codes.BRANCH:
            inner = [one for branch in value[1] for one in sequences(branch)]
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and not unbounded(item):
            inner = [*sequences(value[2]), *([[]] if value[0] == 0 else [])]
        else:
            inner = [[item]]
        flat = [one + other for one in flat for other in inner]
    yield from flat


def faults(pattern: str, searched: bool) -> list[str]:
    found = []
    for items in sequences(parser.parse(pattern)):
        runs = [(n, item) for n, item in enumerate(items) if unbounded(item)]
        for _, item in runs:
            if any(unbounded(one) for inner in sequences(item[1][2]) for one in inner):
                found.append("a repeat within a repeat")
        for (a, one), (b, other) in combinations(runs, 2):
            run = letters(one)
            # what stands between them may be found at many places of the first one's run
            if run & letters(other) and all(optional(item) or run & letters(item) for item in items[a + 1 : b]):
                found.append("two repeats that may share a run")
        if searched and runs and runs[0][0] == 0 and len(items) > 1:
            found.append("a search that begins with a repeat")
    return found


@pytest.mark.parametrize(
    ("pattern", "searched", "fault"),
    [
        (r"^\s*<svg[^\0]*?<metadata>(\{.*?\})</metadata>", False, "share a run"),
        (r"[^a]*\{.*\}", False, "share a run"),
        (r"[^{]*\{.*\}", False, ""),
        (r"\d+\.?\d*", False, "share a run"),
        (r"\s*\*\s*", True, "begins with"),
        (r"\s*\*\s*", False, ""),
        (r"(a+)+b", False, "within"),
        (r"[^a-z0-9]+", True, ""),
        (r"\d+(?:\.\d*)?|\.\d+", False, ""),
        (r"(?:x*|y)z?x+", False, "share a run"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_seen(pattern: str, searched: bool, fault: str) -> None:
    found = faults(pattern, searched)
    assert (fault in " ".join(found)) if fault else not found, found


def test_no_pattern_of_the_source_is_slow() -> None:
    looked = list(patterns())
    assert len(looked) > 30
    assert [
        (where, pattern, found) for where, pattern, searched in looked if (found := faults(pattern, searched))
    ] == []
