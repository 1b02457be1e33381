"""`netwarp measure`: how complex, in numbers, with an interval over seeds."""

from __future__ import annotations

from netwarp.cli.options import Csv, Json, Measures, Seeds, SubjectOptions, ViewOptions, tell
from netwarp.cli.screen import progress, show, show_json, show_table
from netwarp.cli.values import read_measures, read_seed_set
from netwarp.files import check_place, write

NAME = "measure"
EXAMPLES = (
    "Examples:\n"
    "netwarp measure 'conv(10) * 10'\n"
    "netwarp measure vgg --measures total_variation,holes --seeds 64\n"
    "netwarp measure weights.npz --json      one network: values, no interval\n"
    "netwarp measure resnet --seeds 100..131 --csv resnet.csv\n"
    "In Python: nw.measure(field, names); nw.ensemble('conv(10) * 10', names)\n"
)


def run(
    subject: SubjectOptions,
    seeds: Seeds = "32",
    measures: Measures = None,
    view: ViewOptions = ViewOptions(size="256x256"),
    csv: Csv = None,
    json: Json = False,
) -> None:
    """Measure how complex a network's function is: for each measure the median over 32 seeds, with a 95% interval.

    Each interval is for its measure alone. It is not corrected for the number of measures; netwarp compare corrects.

    The columns ramp and noise show the same measure for a plain ramp and for white noise on the same raster. They are
    references, not limits: a value may lie beyond them. A value is resolved if half the resolution gives the same
    within 10%, and if its own error, where known, is as small. A measure that does not apply has no value but a reason.
    """
    from netwarp.study.ensemble import HEADER
    from netwarp.study.measuring import measured

    check_place("--csv", csv, ".csv")
    what = subject.read()
    with progress("exact") as report:
        found = measured(what, read_measures(measures), seeds=read_seed_set(seeds), **view.read(what), progress=report)
    if csv is not None:
        write(csv, found.csv().encode())
    tell(what, view)
    if json:
        show_json(found.data() | ({} if csv is None else {"csv": str(csv)}))
        return
    for sentence in found.sentences():
        show(sentence)
    titles = HEADER if found.seeds else ("measure", "unit", "value", *HEADER[3:])
    show_table(titles, found.rows(), numbers=titles[2:6], below=("unit",))
    for line in found.notes():
        show(line)
    if csv is not None:
        show(str(csv))
