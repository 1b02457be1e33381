"""`netwarp compare`: which architecture is the more complex, on what, and how surely."""

from __future__ import annotations

from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument, option
from netwarp.cli.options import ChangeOptions, FileOptions, Folder, Json, Measures, Seeds, ViewOptions, tell
from netwarp.cli.screen import progress, show, show_json, show_table
from netwarp.cli.values import read_measures, read_seed_set

NAME = "compare"
EXAMPLES = (
    "Examples:\n"
    "netwarp compare 'conv(100)' 'conv(10) * 10'\n"
    "netwarp compare shallow deep --match parameters --out comparison\n"
    "netwarp compare vgg resnet --measures total_variation,holes --seeds 16\n"
    "netwarp compare first.npz second.npz    two models on one plane: no seeds, no intervals\n"
    "In Python: nw.compare('conv(100)', 'conv(10) * 10', seeds=64)\n"
)


def run(
    changes: ChangeOptions,
    file: FileOptions,
    arch: Annotated[
        list[str],
        argument(
            "ARCH ARCH [ARCH]...",
            "Architectures such as 'conv(10) * 10', or names from netwarp zoo; each is compared with the first.",
            completion.architectures,
        ),
    ],
    match: Annotated[
        str,
        option(
            "--match",
            "BUDGET",
            "units, parameters or flops: change the width of the later ones to match the first.",
            completion.budgets,
        ),
    ] = "none",
    seeds: Seeds = "64",
    measures: Measures = None,
    view: ViewOptions = ViewOptions(size="128x128"),
    family: Annotated[
        int | None,
        option(
            "--family",
            "N",
            "How many comparisons to correct for, if you make more than these; by default those of this command.",
        ),
    ] = None,
    out: Folder = None,
    json: Json = False,
) -> None:
    """Compare architectures over the same seeds: pictures, measures with intervals, and a verdict for each measure.

    The change is the median of the ratios, one ratio for each seed. All intervals of one command hold together with a
    probability of 95%; the verdict follows from the interval, so it is corrected for the number of comparisons. Cliff's
    delta tells how large the difference is relative to the spread, from -1 to 1.
    """
    from netwarp.errors import InputError
    from netwarp.pages.compare_page import again, save
    from netwarp.pages.folder import check
    from netwarp.study.compare import HEADER, compare_architectures
    from netwarp.study.models import compare_models

    if out is not None:
        check(out)
    data = file.points()
    subjects = [changes.of(file.complete(one, data)) for one in arch]
    if all(subject.network is not None for subject in subjects):
        if out is not None or match != "none":
            option = "--out" if out is not None else "--match"
            raise InputError(f"{option}: is for architectures over seeds; the weights of these models are given")
        with progress("exact") as report:
            models = compare_models(subjects, read_measures(measures), **view.read(), progress=report)
        for subject in subjects:
            tell(subject, view)
        if json:
            show_json(models.data())
            return
        for sentence in models.sentences():
            show(sentence)
        show("")
        show_table(models.header(), models.rows(), numbers=models.header()[2:-1], below=("unit",))
        for note in models.notes():
            show(note)
        return
    with progress("exact") as report:
        found = compare_architectures(
            subjects,
            measures=read_measures(measures),
            matched=None if match == "none" else match,
            seeds=read_seed_set(seeds),
            **view.read(),
            family=family,
            progress=report,
        )
        page = (
            None if out is None else save(found, out, command=again(found, measures, seeds, out.name), progress=report)
        )
    if json:
        show_json(found.data() | ({} if page is None else {"page": str(page)}))
        return
    for sentence in found.sentences():
        show(sentence)
    for later, contender in enumerate(found.contenders[1:]):
        show("")
        show(f"{contender.architecture} against {found.contenders[0].architecture}")
        show_table(HEADER, found.rows(later), numbers=HEADER[2:7], below=("unit",))
    for note in found.notes():
        show(note)
    show("")
    for later in range(len(found.contrasts)):
        show(found.verdict(later))
    if page is not None:
        show(str(page))
