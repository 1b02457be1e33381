"""`netwarp decision`: which class of a network wins where, and how far several networks decide alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from netwarp.cli import completion
from netwarp.cli.groups import argument, flag, option
from netwarp.cli.options import ChangeOptions, Engine, FileOptions, Json, Seed, ViewOptions, WayOfY, tell
from netwarp.cli.screen import note, progress, show, show_json, show_table
from netwarp.cli.values import read_engine, read_list, read_seed, read_value
from netwarp.errors import InputError
from netwarp.files import check_place

NAME = "decision"
EXAMPLES = (
    "Examples:\n"
    "netwarp decision weights.npz --plane -3,3,-3,3 --out decision.png\n"
    "netwarp decision weights.npz --data points.csv --out points.svg\n"
    "netwarp decision weights.npz --one-class 2 --json\n"
    "netwarp decision first.npz second.npz    how far they agree\n"
    "netwarp decision decision.png --out large.png --size 1200x1200    draw it again\n"
)

NEW = ("data", "label")  # what a picture's recipe has, and other ones may take the place of


def run(
    changes: ChangeOptions,
    file: FileOptions,
    arch: Annotated[
        list[str],
        argument(
            "FILE [FILE]...",
            "A model: npz, onnx, pt2, safetensors or nnet. One decides, several are compared. Or its own picture.",
            completion.architectures,
        ),
    ],
    classes: Annotated[
        str | None, option("--classes", "A,B,...", "Names of the classes: the data's, or 0, 1, ... unless given.")
    ] = None,
    threshold: Annotated[
        str | None,
        option("--threshold", "V", "Where a single output is cut: 0, or 0.5 of a probability, unless given."),
    ] = None,
    one_class: Annotated[
        str | None, option("--one-class", "NAME", "Hold this class, a name or number, against the rest.")
    ] = None,
    seed: Seed = None,
    view: ViewOptions = ViewOptions(),
    engine: Engine = "auto",
    y: WayOfY = None,
    flat: Annotated[
        bool,
        flag("--flat", "Paint an area in one shade, also where its class is hardly ahead; without it a PNG shades."),
    ] = False,
    out: Annotated[
        Path | None, option("--out, -o", "FILE", "Write a .png, an .svg or a .json; of several, where they agree.")
    ] = None,
    json: Json = False,
) -> None:
    """Say which class of a network wins where: areas, boundaries, ties, and a picture.

    Of several outputs the largest wins; a single output is held against a threshold. Piecewise-linear networks are cut
    exactly where two classes tie, others are sampled at the pixels of --size. The points of --data are drawn on top. Of
    several networks: the share of the plane on which all agree, which every two do, and the intersection over union of
    every class's area.

    Its PNG and SVG carry a recipe: of such a picture, the options you leave out are as in its recipe.
    """
    from netwarp.models.decisions.decision import ENDINGS
    from netwarp.models.decisions.recipe import read_recipe
    from netwarp.orders.deciding import Question, decide, redecide
    from netwarp.picture.recipe import check_y

    check_place("--out", out, *ENDINGS)
    asked = Question(
        classes=None if classes is None else read_list(classes, "--classes", "cat,dog"),
        threshold=None if threshold is None else read_value(threshold, "--threshold"),
        one_class=one_class,
        data=file.points(),
    )
    seen, chosen = view.read(), read_engine(engine, None)
    recipe = read_recipe(arch[0]) if len(arch) == 1 else None
    look: dict[str, Any] = {} if y is None else {"y": check_y(y, "--y")}
    subjects = []
    if recipe is not None:
        said = {"seed": seed, "calibrate": view.calibrate, **asdict(changes), **asdict(file)}
        _check_unsaid(arch[0], said)
        with progress("decision") as report:
            place, (size, plane) = Path(arch[0]), (seen["size"], seen["plane"])
            found = redecide(place, recipe, asked, size=size, plane=plane, engine=chosen, progress=report)
        look = {"y": recipe.y} | look
        if out is not None and out.suffix.lower() == place.suffix.lower():
            # the other kind of picture has its own look
            look |= {"margin": recipe.margin, "axes": recipe.axes}
    else:
        subjects = [changes.of(file.complete(one, asked.data)) for one in arch]
        number = None if seed is None else read_seed(seed)
        with progress("decision") as report:
            found = decide(subjects, asked, seed=number, **seen, engine=chosen, progress=report)
    if flat:
        look["margin"] = False
    if out is not None:
        found.save(out, **look)
    for subject in subjects:
        tell(subject, view)
    if found.note:
        note(found.note if found.exact else f"sampled: {found.note}")
    if json:
        show_json(found.data() | ({} if out is None else {"file": str(out)}))
        return
    show(found.sentence())
    for titles, rows in found.tables():
        show_table(titles, rows, numbers=titles[1:])
    if out is not None:
        show(str(out))


def _check_unsaid(picture: str, said: Mapping[str, str | None]) -> None:
    """Errors: InputError naming options that a picture's recipe does not leave open."""
    given = ", ".join(f"--{name.replace('_', '-')}" for name, value in said.items() if value and name not in NEW)
    if given:
        raise InputError(f"{given}: the recipe of {picture!r} says it; leave it out, or decide the network's own file")
