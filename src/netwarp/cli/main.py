"""The `netwarp` command: its subcommands, and the one place where an error becomes a line and an exit status.

Exit status: 0 done, 1 the reader of a pipe went away, a claim's verdict is not the one on record, or runs of a study
failed, 2 refused or failed with one line on standard error, 3 stopped at the limit on regions (one line too), 75 a
study stopped with work left, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import warnings

import typer

from netwarp.cli.commands import add_commands, bare_shard, called_by
from netwarp.cli.logs import logged
from netwarp.cli.screen import complain
from netwarp.errors import LanguageError, NetwarpError, RegionLimitError

# UsageError lives in click or inside typer, depending on typer's version; its child here is public in both
_USAGE: type[Exception] = typer.BadParameter.__mro__[1]

EXAMPLES = (
    "Examples:\n"
    "netwarp figure                 draw depth against width, on one page\n"
    "netwarp draw 'conv(10) * 10'   draw ten layers of ten channels\n"
    "netwarp film 'conv(10) * 10' -o seeds.mp4   film it from seed to seed\n"
    "netwarp poster vgg --size 40000x30000 -o vgg.png   draw it as large as a wall\n"
    "netwarp explore                open the interactive web page\n"
    "netwarp site pages             write it as one file that needs no server\n"
    "netwarp regions 'conv(100)'    count its exact regions\n"
    "netwarp decision weights.npz   show which class of a classifier wins where\n"
    "netwarp measure 'conv(10) * 10'   measure it over 32 seeds\n"
    "netwarp study new depth        write a study of many networks, to run\n"
    "netwarp zoo                    list architectures that have a name\n"
    "netwarp info vgg               show its layers and parameters\n"
)


def application(called: str | None = None) -> typer.Typer:
    """The command line; where the name of the command that is `called` is given, the others are not loaded."""
    app = typer.Typer(
        name="netwarp",
        help="Show how complicated a function a neural network draws on a plane.",
        epilog=EXAMPLES,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    add_commands(app, called)
    app.callback()(_face)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from netwarp.version import VERSION

        typer.echo(f"netwarp {VERSION}")
        raise typer.Exit


def _face(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """The entry point: runs a command line, sys.argv's by default, and exits."""
    sys.exit(status_of(sys.argv[1:] if arguments is None else arguments))


def status_of(arguments: list[str]) -> int:
    """The exit status of a command line. Nothing but SystemExit leaves it, and no traceback is shown."""
    with warnings.catch_warnings():
        # numpy speaks of an overflow before netwarp refuses, by name, what overflowed
        warnings.simplefilter("ignore", RuntimeWarning)
        return _status_of(arguments)


def _status_of(arguments: list[str]) -> int:
    try:
        with logged():
            app = application(called_by(arguments))
            status = app(args=bare_shard(arguments) or ["--help"], prog_name="netwarp", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted")
        return 130
    except LanguageError as error:
        complain(error.message, error.pointer().splitlines())
    except RegionLimitError as error:
        complain(str(error))
        return 3
    except NetwarpError as error:
        complain(str(error))
    except _USAGE as error:
        complain(_usage(error))
    except BrokenPipeError:
        # the interpreter flushes standard output once more at exit: give it somewhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        complain(f"{error.filename or 'standard output'}: {error.strerror or error}")
    except MemoryError as error:
        complain(f"not enough memory ({error}); choose a smaller --size" if str(error) else "not enough memory")
    else:
        if status == 130:
            complain("interrupted")
        return status if isinstance(status, int) else 0
    return 2


def _usage(error: BaseException) -> str:
    # BadParameter's parent is UsageError, whose format_message and ctx are part of click's documented face
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "netwarp"
    return f"{message} (try: {path} --help)"
