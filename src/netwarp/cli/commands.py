"""The subcommands of `netwarp`, by name; a command line loads the one it calls, since a start pays for every import."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

import typer

from netwarp.cli.groups import grouped
from netwarp.cli.logs import profiled

# name, which is its module's in netwarp.cli too: what it does, in the words of the first paragraph of its help
COMMANDS = {
    "draw": "Draw the picture of a network: its outputs at every point of the plane, as colours.",
    "film": "Draw a film: from seed to seed, layer by layer, through a latent space, into a point, along a training.",
    "poster": "Draw a picture of any size, by bands of rows straight into the file, in at most 512 MiB of memory.",
    "gallery": "Write contact sheets as a page: a row an architecture, a picture a seed, each with its recipe.",
    "breed": "Breed pictures: mutants of one, or crosses of two, each a picture that can be bred again.",
    "explore": "Open a web page on this machine to change networks and zoom into their pictures.",
    "site": "Write the interactive page as one file that needs no server and no network.",
    "figure": (
        "Draw one page of pictures: depth against width, other structures, scale and shift, why networks are "
        "normalised."
    ),
    "regions": "Count, measure and draw the exact regions of a piecewise-linear network.",
    "decision": "Say which class of a network wins where: areas, boundaries, ties, and a picture.",
    "measure": (
        "Measure how complex a network's function is: for each measure the median over 32 seeds, with a 95% interval."
    ),
    "measures": "List the measures: definition, unit, formula, source, and the Fields each applies to.",
    "compare": (
        "Compare architectures over the same seeds: pictures, measures with intervals, and a verdict for each measure."
    ),
    "atlas": "Map a measure over scale and shift, and over depth and width, beside the growth that theory predicts.",
    "claims": "Measure again what papers claim about random networks, one claim after another.",
    "zoo": "List the architectures that have a name, with their size and source.",
    "info": (
        "Show an architecture's layers, their parameters and receptive fields, or the operations of a model's file."
    ),
}
STUDY = "study"
STUDIES = "Declare thousands of networks in a file, run them anywhere, lose nothing, read the answer."
OF_STUDIES = ("new", "run", "status", "failures", "export", "report", "merge", "check", "diff")


def add_commands(app: typer.Typer, called: str | None = None) -> None:
    """Adds every command to `app`; where one is `called`, the others have their names and a line of help alone."""
    for name, says in COMMANDS.items():
        if called in {None, name}:
            _add(app, import_module(f"netwarp.cli.{name}"))
        else:
            app.command(name, help=says)(_not_called)
    study = typer.Typer(name=STUDY, help=STUDIES, rich_markup_mode="rich", no_args_is_help=True)
    if called in {None, STUDY}:
        for name in OF_STUDIES:
            _add(study, import_module(f"netwarp.cli.studies.{name}"))
    else:
        study.command("new")(_not_called)
    app.add_typer(study)


def called_by(arguments: list[str]) -> str | None:
    """The name of the command that a command line calls, "" where it calls none; None for the shell's completion."""
    if "_NETWARP_COMPLETE" in os.environ:
        return None
    return next((word for word in arguments if not word.startswith("-")), "")


def bare_shard(arguments: list[str]) -> list[str]:
    """The arguments with a value for a `--shard` that has none: an option of typer's always takes one."""
    if arguments[:2] != ["study", "run"]:
        return arguments
    found = []
    for place, word in enumerate(arguments):
        found.append(word)
        after = arguments[place + 1 : place + 2]
        # of a word too long for a file's name Path.exists raises
        there = after and os.path.exists(after[0])  # noqa: PTH110  # see above
        if word == "--shard" and (not after or after[0].startswith("-") or there):
            found.append("slurm")
    return found


def _add(app: typer.Typer, command: ModuleType) -> None:
    app.command(command.NAME, epilog=command.EXAMPLES)(profiled(grouped(command.run)))


def _not_called() -> None:
    raise AssertionError("a command that was called is loaded")
