"""The page of a family: a tree of the ancestors of one picture or of several, each with its picture and its recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from netwarp.errors import InputError
from netwarp.files import write
from netwarp.network.family import family_text
from netwarp.network.network import Network
from netwarp.network.source import Drawn, Made
from netwarp.orders.children import Look, order_of
from netwarp.orders.commands import command, draw_command
from netwarp.orders.drawing import Drawing, drawn
from netwarp.orders.family import Kin, how_text, kin_of
from netwarp.orders.order import order
from netwarp.orders.subject import Subject
from netwarp.pages.family_tree import Node, tree
from netwarp.pages.gallery import GalleryRow
from netwarp.pages.picks import Pick, pick
from netwarp.pages.rendering import render
from netwarp.progress import Report
from netwarp.version import VERSION

MOST: Final = 200  # of a family are shown, the nearest of kin


@dataclass(frozen=True, eq=False, slots=True)
class FamilyPicture:
    """A network of the page that was drawn already, and the file that its picture is called."""

    name: str
    network: Network
    drawing: Drawing


def family_page(out: Path, subject: Subject, *, again: str = "", progress: Report | None = None) -> Path:
    """Writes the page of a picture's family, one self-contained HTML file, and gives its path. Errors: NetwarpError."""
    network = subject.network
    if network is None or not isinstance(network.source, Made):
        why = "its weights are given" if network is not None and subject.seed() is None else "a seed draws it"
        raise InputError(
            f"{subject.name[:60]!r}: has no ancestors, {why}; give a picture that `netwarp breed` or a film made"
        )
    drawing = drawn(order(subject), None, progress=progress)
    child = FamilyPicture(subject.name, network, drawing)
    return families_page(out, [child], subject, again=again, progress=progress)


def families_page(
    out: Path, children: Sequence[FamilyPicture], like: Subject, *, again: str = "", progress: Report | None = None
) -> Path:
    """As `family_page`, of several pictures that were bred together, all of whose ancestors look as `like` does."""
    sources = [one.network.source for one in children if isinstance(one.network.source, Drawn | Made)]
    if len(sources) < len(children):
        raise InputError(
            f"--out {str(out)!r}: a page shows ancestors, and the weights of the parents are given; choose a folder"
        )
    kin, more = kin_of(sources, MOST)
    known = dict(enumerate(children))
    picks: list[Pick] = []
    for one in kin:
        if progress is not None:
            progress("drawing the family", one.number, len(kin))
        shown = known.get(one.number)
        picks.append(
            _pick(
                one, kin, _drawn(one, like) if shown is None else shown.drawing, None if shown is None else shown.name
            )
        )
    nodes = [
        Node(one.number, one.level, one.parents, each.anchor, each.source, each.caption)
        for one, each in zip(kin, picks, strict=True)
    ]
    depth = max(one.level for one in kin)
    born = len(children)
    shelves = [
        GalleryRow("children", "The picture" if born == 1 else "The children", "", "", tuple(picks[:born])),
        GalleryRow("ancestors", "Its ancestors" if born == 1 else "Their ancestors", "", "", tuple(picks[born:])),
    ]
    page = render(
        "family.html",
        {
            "version": VERSION,
            "title": f"The family of {children[0].name}" if born == 1 else "A family of pictures",
            "lede": (
                "A child has the weights of its parents, mixed and mutated. Choose any picture for how it was made, "
                "the command that draws it, and a larger one."
            ),
            "again": again or command("gallery", "child.png", "-o", out.name),
            "sentence": _sentence(len(kin) - born, depth, more),
            "tree": tree(nodes),
            "shelves": [one for one in shelves if one.picks],
        },
        styles=("figure.css", "page.css", "gallery.css"),
        scripts=("figure.js", "gallery.js"),
    )
    write(out, page.encode())
    return out


def _sentence(ancestors: int, generations: int, more: int) -> str:
    left = f" {more:,} more distant ones are left out." if more else ""
    said = f"{generations:,} generation{'' if generations == 1 else 's'}"
    many = f"{ancestors:,} ancestor{'' if ancestors == 1 else 's'}"
    return f"{many} in {said}: children on top, the networks that seeds drew at the bottom.{left}"


def _drawn(one: Kin, like: Subject) -> Drawing:
    source = one.source
    network = Network.made(source) if isinstance(source, Made) else Network.draw(source.architecture, source.seed)
    placed = order_of(network, like, Look(), "ancestor")
    return drawn(placed, None)


def _pick(one: Kin, kin: Sequence[Kin], drawing: Drawing, name: str | None) -> Pick:
    source, said = one.source, str(one.source.architecture)
    text = family_text(source)
    seed = source.seed if isinstance(source, Drawn) else None
    recipe = drawing.recipe
    how = how_text(source)
    called = name or (f"seed {seed}" if seed is not None and abs(seed) < 1e9 else f"ancestor {one.number}")
    made = (
        ""
        if text is None
        else draw_command(
            said,
            f"{'child' if seed is None else 'ancestor'}-{one.number}.png",
            None if seed is not None else {"bred": text},
            seed=seed,
            raster=recipe.raster,
            colour=None if recipe.tone.colour in ("lab", "viridis") else recipe.tone.colour,
        )
    )
    return replace(
        pick(
            drawing,
            anchor=f"kin-{one.number}",
            caption=called,
            alt=f"What the {called} of this family draws: {how}.",
            facts=(("made", how), ("architecture", said), *((("family", text),) if text and seed is None else ())),
            command=made or "netwarp draw, with the file of the picture",
            links=tuple((f"kin-{number}", _name(kin[number])) for number in one.parents),
        ),
    )


def _name(one: Kin) -> str:
    if isinstance(one.source, Drawn) and abs(one.source.seed) < 1e9:
        return f"seed {one.source.seed}"
    return f"ancestor {one.number}"
