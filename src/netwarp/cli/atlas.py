"""`netwarp atlas`: maps over scale and shift, over depth and width, beside the theory."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument, option
from netwarp.cli.options import ChangeOptions, Csv, Folder, Init, Inputs, Json, Seeds, Size
from netwarp.cli.screen import progress, show, show_json, show_table
from netwarp.cli.values import read_seed_set, read_size, read_wholes, read_words
from netwarp.files import check_place, together, write

NAME = "atlas"
EXAMPLES = (
    "Examples:\n"
    "netwarp atlas --out atlas\n"
    "netwarp atlas --act sigmoid,tanh --scale 1,5,10 --shift '0,normal(2)'\n"
    "netwarp atlas 'conv(30) * 5' --measure mean_frequency --csv atlas.csv\n"
    "netwarp atlas --depth none --act 'relu,sin(30)' --seeds 16\n"
    "In Python: nw.atlas('conv(10) * 10', scales=..., shifts=...)\n"
)


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What is mapped, over what, and how closely it is looked at."""

    act: Annotated[str, option("--act", "LIST", "Activations.", completion.activations)] = "relu,sigmoid,tanh"
    scale: Annotated[
        str, option("--scale", "LIST", "Scales of the norm: numbers or 'normal(1, 1)'; none leaves these maps out.")
    ] = "0.5,1,2,3,5,10"
    shift: Annotated[str, option("--shift", "LIST", "Shifts of the norm: numbers or 'normal(2)'.")] = (
        "-2,0,2,normal(1),normal(2)"
    )
    depth: Annotated[
        str, option("--depth", "LIST", "How often the layers are repeated; none leaves these maps out.")
    ] = "1,2,4,8,16"
    width: Annotated[str, option("--width", "LIST", "Channels of the widest layer.")] = "4,8,16,32,64"
    measure: Annotated[
        str, option("--measure", "NAME", "The measure: a name from netwarp measures.", completion.measures)
    ] = "level_set_length"
    seeds: Seeds = "16"
    size: Size = "64x64"


def run(
    maps: MapOptions,
    arch: Annotated[
        str,
        argument(
            "[ARCH]", "An architecture such as 'conv(10) * 10' or a name from netwarp zoo.", completion.architectures
        ),
    ] = "conv(10) * 10",
    init: Init = None,
    inputs: Inputs = None,
    out: Folder = None,
    csv: Csv = None,
    json: Json = False,
) -> None:
    """Map a measure over scale and shift, and over depth and width, beside the growth that theory predicts.

    The growth factor is the number by which a layer multiplies the squared gradient. It is measured on the plane, and
    computed in closed form for wide layers over independent points. The two differ because neighbouring points of a
    plane are not independent, and because widths are finite.
    """
    from netwarp.orders.subject import read_subject
    from netwarp.pages.atlas_page import again, headings, rows, save
    from netwarp.pages.folder import check
    from netwarp.study.atlas import atlas

    check_place("--csv", csv, ".csv")
    if out is not None:
        check(out)
    acts = read_words(maps.act, "--act", "relu,tanh")
    scales, shifts = (
        () if text == "none" else read_words(text, option, "1,3,'normal(2)'")
        for text, option in ((maps.scale, "--scale"), (maps.shift, "--shift"))
    )
    sizes = {name: read_wholes(text, f"--{name}") for name, text in (("depth", maps.depth), ("width", maps.width))}
    with progress() as report:
        found = atlas(
            ChangeOptions(init=init, inputs=inputs).of(read_subject(arch)),
            activations=acts,
            scales=scales,
            shifts=shifts,
            depths=sizes["depth"],
            widths=sizes["width"],
            measure=maps.measure,
            seeds=read_seed_set(maps.seeds),
            size=read_size(maps.size),
            progress=report,
        )
        with together():
            page = (
                None if out is None else save(found, out, command=again(found, asdict(maps), out.name), progress=report)
            )
            if csv is not None:
                write(csv, found.csv().encode())
    files = {name: str(path) for name, path in (("page", page), ("csv", csv)) if path is not None}
    if json:
        show_json(found.data() | files)
        return
    for of in found.maps:
        show(f"{of.activation}: {of.axes[0]} and {of.axes[1]}")
        titles = headings(of, maps.measure)
        show_table(titles, rows([(of, cell) for row in of.cells for cell in row]), numbers=titles[2:])
        show("")
    for sentence in found.sentences():
        show(sentence)
    for path in files.values():
        show(path)
