"""`netwarp info`: an architecture's layers in a table, or the operations of a model's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwarp.cli.options import Json, SubjectOptions
from netwarp.cli.screen import show, show_json, show_table

if TYPE_CHECKING:
    from netwarp.architecture.architecture import Architecture
    from netwarp.network.network import Network
    from netwarp.network.source import Source

NAME = "info"
EXAMPLES = (
    "Examples:\n"
    "netwarp info vgg\n"
    "netwarp info '(conv(16, 3) * 2 >> pool(\"max\", 2)) * 3'\n"
    "netwarp info old.png         show the network of a picture drawn earlier\n"
    "netwarp info resnet --json\n"
    "netwarp info child.png       show the family of a picture that was bred too\n"
    "netwarp info model.onnx      show the operations of a model\n"
)


def run(subject: SubjectOptions, json: Json = False) -> None:
    """Show an architecture's layers, their parameters and receptive fields, or the operations of a model's file."""
    found = subject.read(begin=True)  # what a model is made of does not depend on the plane it is looked at on
    if found.architecture is not None:
        source = None if found.network is None else found.network.source
        _layers(found.architecture, source, json)
    elif found.network is not None:
        _operations(found.title, found.network, json)


def _layers(architecture: Architecture, source: Source | None, json: bool) -> None:
    from netwarp.architecture.counts import count, table
    from netwarp.orders.family import LISTED, family_data, family_rows

    rows, totals = table(architecture), count(architecture)
    if json:
        show_json(
            {
                "architecture": str(architecture),
                "layers": totals.layers,
                "depth": totals.depth,
                "units": totals.units,
                "parameters": totals.parameters,
                "flops_per_pixel": totals.flops,
                "receptive_field": totals.field,
                "table": [
                    {
                        "layer": row.number,
                        "path": row.path,
                        "text": row.text,
                        "channels_in": row.inputs,
                        "channels_out": row.channels,
                        "kernel": row.kernel,
                        "parameters": row.parameters,
                        "receptive_field": row.field,
                        "flops_per_pixel": row.flops,
                    }
                    for row in rows
                ],
                **({} if source is None else {"family": family_data(source)}),
            }
        )
        return
    show(str(architecture))
    show_table(
        ("layer", "path", "what", "in", "out", "kernel", "parameters", "field", "FLOPs"),
        [
            (
                "" if row.number is None else str(row.number),
                row.path,
                row.text,
                f"{row.inputs:,}",
                f"{row.channels:,}",
                f"{row.kernel}x{row.kernel}",
                f"{row.parameters:,}",
                f"{row.field:,}",
                f"{row.flops:,}",
            )
            for row in rows
        ],
        numbers=("layer", "in", "out", "kernel", "parameters", "field", "FLOPs"),
    )
    show(
        f"{totals.layers:,} layers, {totals.units:,} units, depth {totals.depth:,}, {totals.parameters:,} parameters, "
        f"receptive field {totals.field:,} calibration pixels, {totals.flops:,} FLOPs a pixel"
    )
    if source is not None and (kin := family_rows(source)):
        show("")
        show_table(("family", "how it was made", "parents"), kin[:LISTED], numbers=("family",))
        if len(kin) > LISTED:
            show(f"and {len(kin) - LISTED:,} more, which --json lists")


def _operations(title: str, network: Network, json: bool) -> None:
    from netwarp.network.lower import lower
    from netwarp.network.tally import steps, tally

    program = lower(network)
    rows, totals = steps(program), tally(network, program)
    if json:
        show_json(
            {
                "architecture": None,
                "model": title,
                "layers": totals.layers,
                "depth": totals.depth,
                "units": totals.units,
                "parameters": totals.parameters,
                "operations": [
                    {
                        "layer": row.layer,
                        "what": row.what,
                        "channels_in": row.inputs,
                        "channels_out": row.channels,
                        "parameters": row.parameters,
                    }
                    for row in rows
                ],
            }
        )
        return
    show(title)
    show_table(
        ("operation", "layer", "what", "in", "out", "parameters"),
        [
            (str(n), row.layer, row.what, f"{row.inputs:,}", f"{row.channels:,}", f"{row.parameters:,}")
            for n, row in enumerate(rows)
        ],
        numbers=("operation", "in", "out", "parameters"),
    )
    show(
        f"{totals.layers:,} weighted layers, {totals.units:,} units, depth {totals.depth:,}, "
        f"{totals.parameters:,} parameters"
    )
