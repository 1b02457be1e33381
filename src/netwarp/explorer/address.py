"""A Page as the query of an address, and back. The page's script keeps to the same rules.

v says the version, and with it what the rest leaves unsaid; without it an address is of the first version, and shows
what it showed then. Pane 0 says its architecture, norm and seed and what else differs from the defaults, panes 1 to 3
(keys "p1.act", ...) what differs from pane 0. Order: v, the panes' keys as a Pane has them, panes (their number, where
there are several), hide, lock, embed, note and step (of a lesson). Values are encoded as forms are: letters, digits and
*-._ stay, a space is +, all else is percent-encoded UTF-8. depth, width, scale and shift are read too: see sliders.
Of w and h one alone says the other too: see state.proportioned.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote_plus

from netwarp.errors import InputError, LimitError, nearest, shown
from netwarp.explorer.sliders import SLIDERS, slid
from netwarp.explorer.state import ALWAYS, DEFAULTS, FLAGS, KEYS, MAX_PANES, VERSION, Page, Pane, defaults, proportioned

MAX_ADDRESS = 65_536
PAGE = ("v", "panes", "hide", "lock", "embed", "note", "step")
MAX_KEYS = MAX_PANES * (len(KEYS) + len(SLIDERS)) + len(PAGE) + 1
WHOLE = ("out", "seed")
NO_SEED = "none"  # of a network whose weights are given


def to_address(page: Page) -> str:
    """The query, without a question mark."""
    first, pairs = page.panes[0].to_data(), [("v", str(VERSION))]
    for n, pane in enumerate(page.panes):
        said = pane.to_data(DEFAULTS, ALWAYS) if n == 0 else pane.to_data(first)
        for key, value in said.items():
            text = NO_SEED if value is None else str(int(value)) if isinstance(value, bool) else str(value)
            pairs.append((key if n == 0 else f"p{n}.{key}", text))
    if len(page.panes) > 1:
        pairs.append(("panes", str(len(page.panes))))
    pairs += [(key, ",".join(names)) for key, names in (("hide", page.hide), ("lock", page.lock)) if names]
    if page.embed:
        pairs.append(("embed", "1"))
    if page.note:
        pairs += [("note", page.note), ("step", str(page.step))]
    return "&".join(f"{key}={encoded(value)}" for key, value in pairs)


def encoded(text: str) -> str:
    """A value as a form encodes it."""
    return quote_plus(text, safe="*").replace("~", "%7E")


def from_address(text: str) -> Page:
    """The Page of a query, with or without its question mark. Errors: InputError naming the key; LimitError."""
    query = text.removeprefix("?")
    if len(query) > MAX_ADDRESS:
        raise LimitError(f"address: {len(query):,} characters, at most {MAX_ADDRESS:,} are read")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_KEYS, errors="strict")
    except ValueError as error:
        raise InputError(f"address: cannot be read ({str(error)[:80]})") from None
    # a token says who may come in, not what is shown
    pairs = [(name, value) for name, value in pairs if name != "token"]
    given: list[dict[str, object]] = [{} for _ in range(MAX_PANES)]
    page: dict[str, str] = {}
    slides: list[dict[str, str]] = [{} for _ in range(MAX_PANES)]
    for name, value in pairs:
        found = re.fullmatch(r"(?:p([1-3])\.)?([a-z_]+)", name)
        number, key = (int(found[1] or 0), found[2]) if found else (0, name)
        if key in KEYS and found:
            into: dict[str, object] = given[number]
        elif key in SLIDERS and found:
            into = slides[number]  # type: ignore[assignment]  # texts all of them
        elif key in PAGE and number == 0:
            into = page  # type: ignore[assignment]  # texts all of them
        else:
            hint = nearest(key, (*KEYS, *SLIDERS, *PAGE))
            raise InputError(f"address: has no key {shown(name)}{hint}")
        if key in into:
            raise InputError(f"address: {name} is there twice")
        into[key] = _value(key, value)
    count = _count(page.get("panes"), [own | slide for own, slide in zip(given, slides, strict=True)])
    # an address that says nothing is none of any version
    version = _version(page.get("v", "1")) if pairs else VERSION
    views = [proportioned(own, version) for own in given]
    first = _pane(views[0], defaults(version), slides[0])
    panes = (first, *(_pane(views[n], first.to_data(), slides[n]) for n in range(1, count)))
    hide, lock = (tuple(name for name in page.get(key, "").split(",") if name) for key in ("hide", "lock"))
    step = page.get("step", "1")
    if not re.fullmatch(r"\d{1,6}", step, re.ASCII):
        raise InputError(f"address: step={shown(step)}: must be a whole number")
    return Page(panes, hide, lock, _flag("embed", page.get("embed", "0")), page.get("note", ""), int(step))


def _version(text: str) -> object:
    return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else text


def _pane(given: dict[str, object], base: dict[str, object], slides: dict[str, str]) -> Pane:
    pane = Pane.from_data(given, base)
    for key, text in slides.items():
        pane = slid(pane, key, text)
    return pane


def _value(key: str, text: str) -> object:
    if key in FLAGS:
        return _flag(key, text)
    if key not in WHOLE:
        return text
    if (key, text) == ("seed", NO_SEED):
        return None
    if key == "seed":
        return text
    if not re.fullmatch(r"-?\d{1,16}", text, re.ASCII):
        raise InputError(f"address: {key}={shown(text)}: must be a whole number")
    return int(text)


def _flag(key: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise InputError(f"address: {key}={shown(text)}: must be 0 or 1")
    return text == "1"


def _count(said: str | None, given: list[dict[str, object]]) -> int:
    """How many panes there are: as many as are said, or as have a key of their own."""
    least = max(n for n in range(MAX_PANES) if n == 0 or given[n]) + 1
    if said is None:
        return least
    if said not in ("1", "2", "3", "4") or int(said) < least:
        raise InputError(f"address: panes={shown(said)}: must be {least} to {MAX_PANES}")
    return int(said)
