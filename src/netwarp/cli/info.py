"""`netwarp info`: an architecture's layers in a table."""

from __future__ import annotations

from netwarp.cli.options import Json, SubjectOptions
from netwarp.cli.screen import show, show_json, show_table

NAME = "info"
EXAMPLES = (
    "Examples:\n"
    "netwarp info vgg\n"
    "netwarp info '(conv(16, 3) * 2 >> pool(\"max\", 2)) * 3'\n"
    "netwarp info old.png         show the network of a picture drawn earlier\n"
    "netwarp info resnet --json\n"
)


def run(subject: SubjectOptions, json: Json = False) -> None:
    """Show an architecture's layers: shapes, parameters, receptive fields, and floating-point operations a pixel."""
    from netwarp.architecture.counts import count, table
    from netwarp.errors import UnsupportedError

    architecture = subject.read().architecture
    if architecture is None:
        raise UnsupportedError(
            f"{subject.arch}: weights without an architecture, which have no layer table; draw shows them"
        )
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
