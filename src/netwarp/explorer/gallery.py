"""Where a visit begins: a dozen presets, each with one sentence on what to notice."""

from __future__ import annotations

from dataclasses import dataclass

from netwarp.architecture import zoo
from netwarp.architecture.language import parse
from netwarp.explorer.facts import texts_of
from netwarp.explorer.state import Page, Pane


@dataclass(frozen=True, slots=True)
class Preset:
    """A title, what to notice, and the Page that shows it; the first Pane stands for it where there is room for one."""

    title: str
    sentence: str
    page: Page


def _pane(text: str, seed: int = 0, **more: object) -> Pane:
    """The Pane of an architecture's text, or of a name of the zoo."""
    architecture = zoo.find(text).architecture if text in zoo.names() else parse(text)
    return Pane.from_data({**texts_of(architecture), "seed": seed, **more})


def presets() -> tuple[Preset, ...]:
    """The presets in order."""
    deep = _pane("conv(10) * 10", 9)
    listed: tuple[tuple[str, str, tuple[Pane, ...]], ...] = (
        (
            "Ten layers of ten, one of a hundred",
            "Both have a hundred units: see how much more ten layers of ten make of them than one layer of a hundred.",
            (deep, _pane("conv(100)", 9)),
        ),
        (
            "One layer of a hundred",
            "A hundred straight creases and nothing else: however far you zoom in, no new ones appear.",
            (_pane("conv(100)", 9, cells=True),),
        ),
        (
            "Creases that bend",
            "Every crease of a later layer bends where it crosses one of an earlier layer; click a cell for its map.",
            (_pane("conv(8) * 4", 3, cells=True),),
        ),
        (
            "Fifty layers",
            "Zoom in anywhere busy: detail goes on for many steps, and then, at last, one region is all there is.",
            (_pane("conv(10) * 50", 1),),
        ),
        (
            "Only smooth",
            "The same shape of network with tanh: nowhere a crease, yet folds as sharp as you care to zoom.",
            (_pane('Architecture(conv(10) * 10, act="tanh")', 9),),
        ),
        (
            "Waves upon waves",
            "A sine in every unit: turn the depth from one to five and watch one frequency become a spectrum.",
            (_pane('Architecture(conv(16) * 3, act="sin", norm=spatial(scale=4, shift=normal(2)))', 5),),
        ),
        (
            "Steps",
            "Units that are on or off: flat tiles whose number grows with every layer; their boundaries stay straight.",
            (_pane('Architecture(conv(12) * 4, act="step")', 2),),
        ),
        (
            "Kaleidoscope",
            "Absolute values fold the plane as paper is folded: look for the mirrors.",
            (_pane('Architecture(conv(6) * 8, act="abs")', 4),),
        ),
        (
            "Wallpaper",
            "Its inputs are waves of period one, so the picture tiles: zoom out and it repeats for ever.",
            (_pane('Architecture(conv(16) * 4, inputs="periodic(x) periodic(y)")', 7, w="3", h="2"),),
        ),
        (
            "Neural painting",
            "Three tanh layers that also see the radius and a latent vector: every seed is another painting.",
            (_pane("cppn", 8),),
        ),
        (
            "Windows",
            "Units that look at their neighbourhood blur what they read; beside it the same depth without windows.",
            (_pane("conv(10, 3) * 6", 9), _pane("conv(10) * 6", 9)),
        ),
        (
            "Shortcuts",
            "Each block adds to its own input: ten layers deep, yet far calmer, for the sum keeps what was there.",
            (_pane("residual(conv(10) * 2) * 5", 9), deep),
        ),
    )
    return tuple(Preset(title, sentence, Page(panes)) for title, sentence, panes in listed)
