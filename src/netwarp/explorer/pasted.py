"""What a person pastes or drops, in whichever form it was copied, as a Page again. Nothing of it is ever executed."""

from __future__ import annotations

import ast
import io
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import PurePath

from netwarp import checks
from netwarp.architecture.language import parse
from netwarp.architecture.tokens import BITS
from netwarp.errors import InputError, shown
from netwarp.explorer.address import PAGE, from_address
from netwarp.explorer.dropped import NAMELESS, is_model, pane_of_model, refused_text
from netwarp.explorer.facts import texts_of
from netwarp.explorer.lessons import Lesson
from netwarp.explorer.limits import DROP_BYTES, view_of
from netwarp.explorer.reading import Files, pane_of_recipe, pane_of_subject, read
from netwarp.explorer.redeciding import page_of_decision
from netwarp.explorer.seeds import seed_of
from netwarp.explorer.sliders import SLIDERS
from netwarp.explorer.state import DEFAULTS, KEYS, Page, Pane, check_contrast, check_way, known
from netwarp.models.decisions.recipe import DecisionRecipe
from netwarp.network.kinds import ENDINGS, HEAD
from netwarp.orders.subject import WRITTEN, change, subject_of_text
from netwarp.picture.carried import carrier_of, find_carried
from netwarp.picture.recipe import NO_RECIPE, Recipe
from netwarp.plane import Plane

DEEPEST = 1e-9
MAX_SCRIPT = 30_000
# an HTML file with its state: how the file begins, what stands before the JSON and what behind
PAGE_BEGINS, OPEN, CLOSE = "<!doctype html>", '<script type="application/json" id="state">', "</script>"
# options of the command line that say nothing about what is seen, and how many words they take
SILENT = {"-o": 1, "--out": 1, "--size": 1, "--samples": 1, "--dtype": 1, "--engine": 1, "--device": 1}
CHANGES = {"--act": "act", "--norm": "norm", "--scale": "scale", "--shift": "shift", "--init": "init"} | {
    "--inputs": "inputs",
    "--out-channels": "out",
}


def page_of(data: bytes, files: Files, name: str = NAMELESS) -> Page:
    """The Page of a PNG that netwarp drew, a model's file, or any of the texts the page gives to copy.

    Errors: InputError, LimitError; StateError where what it says is no network.
    """
    page = written_in(data, files, name)
    for pane in page.panes:
        read(pane, files)
    return page


def written_in(data: bytes, files: Files, name: str) -> Page:
    """`page_of` without asking whether the Page's networks can be read. Errors: InputError, LimitError."""
    if carrier_of(data[:HEAD]) is not None:
        carried = find_carried(io.BytesIO(data), "the picture")
        if carried is None:
            raise refused_text(data, name) or InputError(f"the picture: {NO_RECIPE}")
        decided = DecisionRecipe.from_json(carried)
        if decided is not None:
            return page_of_decision(decided, files)
        return Page((pane_of_recipe(Recipe.from_json(carried), files),))
    if is_model(data, name):
        return Page((pane_of_model(data, name, files),))
    text = data.decode("utf-8")
    found = inner(text)
    if found is text and (refused := refused_text(data, name)) is not None:
        raise refused
    return page_of_text(found, files)


def inner(text: str) -> str:
    """What is written in an HTML file that the explorer made: its state; else the text itself.

    Errors: InputError where a number of a character in it has thousands of digits.
    """
    if text.lstrip().startswith(PAGE_BEGINS):
        # each mark is looked for once, the second from behind the first: the time grows as the text does
        _, found, rest = text.partition(OPEN)
        inside, ended, _ = rest.partition(CLOSE)
        if found and ended:
            return _unescaped(inside)
    return text


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # &#1...1; of thousands of digits
        raise InputError("the file: a character in it has a number of thousands of digits; save it again") from None


def page_of_text(text: str, files: Files) -> Page:
    """The Page of an address, a JSON, a script, a command line, or an architecture. Errors: InputError."""
    text = text.strip()
    if text.startswith("{"):
        data = checks.parse_object(text, "the text", DROP_BYTES)
        if (decided := DecisionRecipe.from_json(text)) is not None:
            return page_of_decision(decided, files)
        if "lesson" in data:
            return Lesson.from_data(data).page()
        if "calibration" in data or "sheet" in data:
            return Page((pane_of_recipe(Recipe.from_data(data), files),))
        return Page.from_data(data)
    if re.match(r"(?:\$\s*)?(?:netwarp|python3?)\s", text):
        return _together(_of_words(one.lstrip("$ "), files) for one in _lines(text))
    if re.match(r"import netwarp|from netwarp", text):
        return _together(Page((_of_script(one),)) for one in _scripts(text))
    address = re.fullmatch(r"(?:https?://[^\s?#]+/?)?\?([^\s#]*)(?:#.*)?", text)
    if address:
        return from_address(address[1])
    if re.match(rf"(?:{'|'.join((*KEYS, *SLIDERS, *PAGE))})=\S*(?:&|$)", text):
        return from_address(text)
    if len(text) > DROP_BYTES // 100:
        raise InputError(f"the text: {len(text):,} characters, which is no architecture, address, JSON or command")
    return Page((Pane(arch=text),))


def _together(pages: Iterable[Page]) -> Page:
    """The Page of all their panes, side by side. Errors: InputError where these are too many."""
    return Page(tuple(pane for page in pages for pane in page.panes))


def _lines(text: str) -> list[str]:
    """The commands of a text, where every line begins one; else the text, which may be one of several lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines if all(re.match(r"(?:\$\s*)?(?:netwarp|python3?)\s", line) for line in lines) else [text]


def _scripts(text: str) -> list[str]:
    """The parts of a script, each of which ends where it saves a picture that it makes of a network of its own."""
    parts = [""]
    for line in text.splitlines():
        parts[-1] += f"{line}\n"
        if re.match(r"[\w.]+\.save\(|nw\.paint\(.*\)\.save\(", line):
            parts.append("")
    found = [part for part in parts if part.strip()]
    own = all("parse(" in part or any(f"{name}(" in part for name in WRITTEN) for part in found)
    return found if own else [text]


def _of_words(text: str, files: Files) -> Page:
    """The Page of a command line."""
    if len(text) > MAX_SCRIPT:
        raise InputError(f"the command: {len(text):,} characters, at most {MAX_SCRIPT:,} are read")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InputError(f"the command: cannot be read ({error})") from None
    if words[0].startswith("python"):
        if len(words) != 3 or words[1] != "-c":
            raise InputError("the command: of Python only python -c SCRIPT is read")
        return Page((_of_script(words[2].replace("; ", "\n")),))
    return Page((_of_command(words[1:], files),))


def _of_command(words: list[str], files: Files) -> Pane:
    """The Pane of `draw ARCH --act ...`, whatever the command."""
    arch: list[str] = []
    options: dict[str, str] = {}
    flat = False
    rest = iter(words[1:])
    for word in rest:
        key, equals, value = word.partition("=")
        if not word.startswith("-"):
            arch.append(word)
        elif word == "--flat":
            flat = True
        elif key in SILENT:
            value = value or next(rest, "")
        elif key in CHANGES or key in ("--seed", "--bred", "--plane", "--colour", "--contrast", "--y"):
            options[key] = value if equals else next(rest, "")
        else:
            raise InputError(f"the command: {shown(key)} says nothing the explorer can show; leave it out")
    if len(arch) != 1:
        raise InputError("the command: needs one architecture, as in netwarp draw 'conv(10) * 10'")
    if PurePath(arch[0]).suffix.lower() in ENDINGS:
        raise InputError(f"the command: drop the file {shown(arch[0])} itself, it is not read from here")
    changes: dict[str, object] = {CHANGES[key]: value for key, value in options.items() if key in CHANGES}
    if "out" in changes:
        changes["out"] = _whole(str(changes["out"]), "--out-channels")
    written = re.match(r"\s*(\w+)\s*\(", arch[0])
    if written and written[1] in WRITTEN and not changes and "--seed" not in options:
        pane = Pane(arch=arch[0].strip())
        read(pane, files)
    else:
        subject = change(subject_of_text(arch[0]), **changes)  # type: ignore[arg-type]  # texts, as on a command line
        pane = pane_of_subject(subject, files, seed_of(options["--seed"]) if "--seed" in options else None)
    if "--bred" in options:
        pane = read(replace(pane, bred=options["--bred"]), files)[1]
    if words[0] == "decision":
        # y grows upwards in it unless told, in netwarp's own networks downwards
        ways = {"up": "up", "down": "auto"}
        options["--y"] = ways.get(options.get("--y", "up"), options.get("--y", ""))
        pane = replace(pane, show="classes" if flat else "margin")
    if "--plane" in options:
        ends = options["--plane"].split(",")
        if len(ends) != 4:
            raise InputError("the command: --plane needs four numbers X0,X1,Y0,Y1")
        pane = _seen(pane, Plane.between(*ends))
        # what draw does by itself where floats no longer tell pixels apart
        pane = replace(pane, tone="view" if float(pane.w) < DEEPEST else "whole")
    tone = check_contrast(options.get("--contrast", pane.tone), "tone")
    way = check_way(options.get("--y", pane.grows), "grows")
    return replace(pane, colour=options.get("--colour", pane.colour), tone=tone, grows=way)


def _whole(text: str, option: str) -> int:
    if not re.fullmatch(r"-?\d{1,16}", text, re.ASCII):
        raise InputError(f"the command: {option} {shown(text)}: must be one whole number")
    return int(text)


def _seen(pane: Pane, plane: Plane) -> Pane:
    return Pane.from_data(view_of(plane), pane.to_data())


def _of_script(text: str) -> Pane:
    """The Pane of a script such as `sharing.python` writes: the constants its calls are given."""
    if len(text) > MAX_SCRIPT:
        raise InputError(f"the script: {len(text):,} characters, at most {MAX_SCRIPT:,} are read")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError("the script: is no Python that can be read") from None
    # a raster that says no plane is of the unit square
    given = DEFAULTS | view_of(Plane())
    readers: dict[str, Callable[[list[object], dict[str, object]], dict[str, object]]] = {
        "parse": _parsed,
        "draw": lambda _, named: {"seed": named["seed"]} if "seed" in named else {},
        "bred": lambda plain, _: {"bred": plain[-1]} if plain else {},
        "decision": lambda _, __: {"show": "margin", "grows": "up"},
        "save": lambda _, named: _decided(named),
        "paint": lambda _, named: _grown(named),
        "Plane": _plane,
        "after": lambda plain, _: {"layer": plain[0]} if plain else {},
        "fit": lambda _, named: {key: named[key] for key in ("colour", "channel") if key in named},
    }
    shown: dict[str, object] = {}
    seen = False
    for name, call in _calls(tree):
        of_file = any(isinstance(one, str) for argument in call.args for one in _constant(argument))
        if name == "load" or (name in ("draw", "field") and of_file):
            raise InputError("the script: loads its network from a file; drop its NPZ")
        if name in WRITTEN:
            numbers = [value for one in call.args for value in _constant(one)]
            shown["arch"] = f"{name}({', '.join(str(value) for value in numbers)})"
            seen = True
        if name in readers:
            plain = [value for one in call.args for value in _constant(one)]
            named = {str(k.arg): value for k in call.keywords for value in _constant(k.value)}
            shown |= readers[name](plain, named)
            seen = seen or name == "parse"
        if name == "fit" and call.args and isinstance(call.args[0], ast.Name):
            given["tone"] = "view"
    if not seen:
        raise InputError('the script: calls no parse, as in nw.parse("conv(10) * 10")')
    if "layer" in shown:
        given["show"] = f"layer:{shown.pop('layer')}:channel:{shown.get('channel', 0)}"
    shown.pop("channel", None)
    return Pane.from_data(shown, given)


def _decided(named: dict[str, object]) -> dict[str, object]:
    """How a decision is saved: y grows upwards in it unless told, in netwarp's own networks downwards."""
    shown: dict[str, object] = {"show": "classes"} if named.get("margin") is False else {}
    return shown | ({} if "y" not in named else {"grows": "auto" if named["y"] == "down" else named["y"]})


def _grown(named: dict[str, object]) -> dict[str, object]:
    return {"grows": named["y"]} if "y" in named else {}


def _constant(node: ast.expr) -> list[object]:
    """The number or text that is written there, if it is one."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if not isinstance(node, ast.Constant):
        return []
    number = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    if isinstance(node.value, int) and node.value.bit_length() > BITS:
        raise InputError(f"the script: {shown(node.value)}: a number too large")
    return [sign * node.value] if number else [node.value]  # type: ignore[operator]  # a number, as was seen


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a method, but for those that say what `calibrate` is to be given: its plane is not the view's."""
    waiting = [tree]
    for node in waiting:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node
            if node.func.attr == "calibrate":
                waiting.append(node.func)
                continue
        waiting += ast.iter_child_nodes(node)


def _parsed(plain: list[object], named: dict[str, object]) -> dict[str, object]:
    if not plain or not isinstance(plain[0], str):
        raise InputError('the script: parse needs a text, as in nw.parse("conv(10) * 10")')
    known(named, ("act", "norm", "init", "inputs", "out", "out_act"), "the script: parse")
    return texts_of(parse(plain[0], **named))  # type: ignore[arg-type]  # parse checks what it is given


def _plane(plain: list[object], named: dict[str, object]) -> dict[str, object]:
    names = ("x", "y", "width", "height")
    values = dict(zip(names, plain, strict=False)) | {key: named[key] for key in names if key in named}
    return dict(view_of(Plane(**values)))  # type: ignore[arg-type]  # Plane checks what it is given
