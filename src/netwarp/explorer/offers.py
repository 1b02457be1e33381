"""Pictures to go on from: the gallery, the nine neighbours of the present one, and a surprise."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from netwarp.activations.registry import FACES
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Conv, Repeat
from netwarp.architecture.specs import Constant, Normal, Spatial
from netwarp.checks import plain
from netwarp.errors import NetwarpError
from netwarp.explorer.address import to_address
from netwarp.explorer.facts import texts_of, y_of
from netwarp.explorer.gallery import presets
from netwarp.explorer.offered import Offer, OffersReply, SurpriseReply
from netwarp.explorer.opening import PreviewPane, open_pane, tone_of
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Pane
from netwarp.explorer.views import plane_in, thumbnail
from netwarp.explorer.work import Cancellation
from netwarp.network.source import SEED, SEEDS
from netwarp.orders.subject import OwnWeights
from netwarp.picture.picture import Picture

# of a thumbnail: no fewer than a card shows, also where two screen pixels stand for one
COLUMNS, ROWS = 360, 240
NEIGHBOURS = 9
CHILDREN = 9  # of one request, the parent's own picture among them
CARD_PIXELS = 1 << 20  # of one card, on the finest of screens
ACTIVATIONS = tuple(text for _, text in sorted(one.offered for one in FACES.values() if one.offered is not None))


def thumb(pane: Pane, files: Files, cancel: Cancellation, size: tuple[int, int] = (COLUMNS, ROWS)) -> str:
    """A small PNG of a Pane as a data: address; empty where it cannot be drawn."""
    try:
        opened = open_pane(pane, files, cancel)
        tone = tone_of(opened, pane.show, pane.colour, cancel)
        plane = plane_in({"x": pane.x, "y": pane.y, "w": pane.w, "h": pane.h})
        pixels = thumbnail(opened.field, tone, plane, *size)
        if y_of(pane, opened.subject) == "up":
            pixels = pixels[::-1]
    except NetwarpError:
        return ""
    return "data:image/png;base64," + base64.b64encode(Picture(pixels).to_png()).decode("ascii")


def gallery(cancel: Cancellation) -> OffersReply:
    """The presets with their thumbnails, which are drawn once."""
    return {"kind": "gallery", "offers": [_offer(n, cancel) for n in range(len(presets()))]}


def _offer(number: int, cancel: Cancellation) -> Offer:
    known = _drawn.get(number)
    if known is None:
        one = presets()[number]
        first = one.page.panes[0]
        known = {
            "title": one.title,
            "sentence": one.sentence,
            "state": first.to_data(),
            "address": to_address(one.page),
            "thumb": thumb(first, Files(), cancel),
        }
        _drawn[number] = known
    return known


_drawn: dict[int, Offer] = {}


def neighbours(pane: Pane, files: Files, cancel: Cancellation, size: tuple[int, int] = (COLUMNS, ROWS)) -> OffersReply:
    """Nine states that each differ in one thing, with thumbnails; fewer of networks whose weights are given.

    The thumbnails' networks are calibrated as previews are: on nine full rasters all time would go into calibration.
    """
    offers: list[Offer] = []
    for title, one in _changes(pane, files):
        cancel.progress()
        picture = thumb(PreviewPane.from_data(one.to_data()), files, cancel, size)
        if picture:
            offers.append({"title": title, "state": one.to_data(), "thumb": picture})
        if len(offers) == NEIGHBOURS:
            break
    return {"kind": "neighbours", "offers": offers}


def children(panes: Sequence[Pane], files: Files, cancel: Cancellation, size: tuple[int, int]) -> OffersReply:
    """The pictures of these, one after another: those that cannot be drawn have none. Errors: as reading.read."""
    offers: list[Offer] = []
    for one in panes:
        cancel.progress()
        read(one, files)
        offers.append({"title": "", "state": one.to_data(), "thumb": thumb(one, files, cancel, size)})
    return {"kind": "children", "offers": offers}


def _changes(pane: Pane, files: Files) -> Iterator[tuple[str, Pane]]:
    subject, pane = read(pane, files)
    architecture = subject.source
    if isinstance(architecture, OwnWeights):
        return
    seed = SEED if pane.number is None else pane.number
    yield "next seed", _seeded(pane, seed + 1)
    yield "another seed", _seeded(pane, (seed * 6_364_136_223 + 1_442_695) % 1_000_003)
    for title, changed in _reshaped(architecture):
        yield title, Pane.from_data(texts_of(changed), pane.to_data())
    yield "seed before", _seeded(pane, seed - 1)
    for other in (11, 23, 42, 77):
        yield f"seed {other}", _seeded(pane, other)


def _seeded(pane: Pane, seed: int) -> Pane:
    return replace(pane, seed=max(-SEEDS, min(SEEDS, seed)), bred="")


def _reshaped(architecture: Architecture) -> Iterator[tuple[str, Architecture]]:
    tree = architecture.tree
    body, times = (tree.part, tree.times) if isinstance(tree, Repeat) else (tree, 1)
    yield "one layer more", replace(architecture, tree=body * (times + 1))
    if times > 1:
        yield "one layer less", replace(architecture, tree=body * (times - 1))
    if isinstance(body, Conv):
        wide = replace(body, channels=max(body.channels + 1, round(body.channels * 1.5)))
        yield "half as wide again", replace(architecture, tree=wide * times if times > 1 else wide)
    own = str(architecture.act)
    at = ACTIVATIONS.index(own) if own in ACTIVATIONS else -1
    for step in (1, 2):
        other = ACTIVATIONS[(at + step) % len(ACTIVATIONS)]
        yield f"with {other}", replace(architecture, act=other)  # type: ignore[arg-type]
    norm = architecture.norm
    if isinstance(norm, Spatial) and isinstance(norm.scale, Constant) and isinstance(norm.shift, Normal):
        scale, shift = Constant(norm.scale.value * 1.5), Normal(norm.shift.mean, norm.shift.std / 2)
        yield f"scale {plain(scale.value)}", replace(architecture, norm=replace(norm, scale=scale))
        yield f"shift {shift}", replace(architecture, norm=replace(norm, shift=shift))


@lru_cache(maxsize=1)
def _trees() -> tuple[str, ...]:
    return (
        "conv({w}) * {d}", "conv({w}) * {d}", "conv({w}) * {d}", "residual(conv({w}) * 2) * {d}",
        "dense(conv({w})) * {d}", "gated(conv({w})) * {d}", "maxout({w}, 3) * {d}",
        "parallel(conv({w}), conv({w})) * {d}",
    )  # fmt: skip


def surprise(entropy: int) -> SurpriseReply:
    """A state nobody has chosen: networks that look like something, each kind about equally often."""
    random = np.random.RandomState(np.random.PCG64(entropy))
    tree = _trees()[random.randint(len(_trees()))].format(w=random.randint(6, 24), d=random.randint(2, 9))
    act = ACTIVATIONS[random.randint(len(ACTIVATIONS))]
    scale, shift = round(float(random.uniform(1.0, 4.0)), 1), round(float(random.uniform(0.3, 2.5)), 1)
    inputs = ("x y", "x y", "x y", "x y r", "periodic(x) periodic(y)", "fourier(8, 2)")[random.randint(6)]
    norm = f"spatial(scale={plain(scale)}, shift=normal({plain(shift)}))"
    pane = Pane(arch=tree, act=act, norm=norm, inputs=inputs, seed=int(random.randint(1_000_000)))
    return {"kind": "surprise", "state": read(pane, Files())[1].to_data()}
