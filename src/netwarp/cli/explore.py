"""`netwarp explore`: the explorer in the browser."""

from __future__ import annotations

from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument, flag, option
from netwarp.cli.options import ChangeOptions, FileOptions, Seed, SubjectOptions
from netwarp.cli.screen import note, show
from netwarp.cli.values import read_seed, read_whole

NAME = "explore"
EXAMPLES = (
    "Examples:\n"
    "netwarp explore                       play with networks, zoom for ever\n"
    "netwarp explore 'conv(10) * 10'       begin with this one\n"
    "netwarp explore vgg --act tanh        with another activation\n"
    "netwarp explore warp.png              go on from a picture drawn earlier\n"
    "netwarp explore weights.npz --port 0  a network of your own, any free port\n"
)


def run(
    changes: ChangeOptions,
    file: FileOptions,
    arch: Annotated[
        str | None,
        argument(
            "[ARCH]",
            "An architecture, a name of netwarp zoo, a PNG drawn earlier, a model's file.",
            completion.architectures,
        ),
    ] = None,
    seed: Seed = None,
    port: Annotated[str, option("--port", "N", "0 is any free one.")] = "8047",
    host: Annotated[
        str | None,
        option(
            "--host",
            "HOST",
            "Listen to a network too, not to this machine alone: a token is printed that visitors need.",
        ),
    ] = None,
    no_browser: Annotated[bool, flag("--no-browser", "Print the address, open nothing.")] = False,
) -> None:
    """Play with networks in the browser, and zoom for ever."""
    from netwarp.explorer.serve import Place, check_extra, serve
    from netwarp.explorer.state import Pane

    check_extra()
    number = read_whole(port, "--port")
    subject = SubjectOptions(Pane().arch if arch is None else arch, changes, file).read()

    def ready(place: Place) -> None:
        if place.warning is not None:
            note(place.warning)
        show(f"{place.url}   (Ctrl-C ends)")
        import sys

        sys.stdout.flush()
        if not no_browser:
            import webbrowser

            webbrowser.open(place.url)

    serve(subject, port=number, host=host, seed=None if seed is None else read_seed(seed), ready=ready)
