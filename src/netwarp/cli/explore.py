"""`netwarp explore`: the explorer in the browser."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument, flag, option
from netwarp.cli.options import ChangeOptions, FileOptions, Seed, WayOfY, tell
from netwarp.cli.screen import note, show
from netwarp.cli.values import read_seed, read_whole
from netwarp.errors import InputError

if TYPE_CHECKING:
    from netwarp.explorer.lessons import Lesson

NAME = "explore"
EXAMPLES = (
    "Examples:\n"
    "netwarp explore                       open the gallery\n"
    "netwarp explore 'conv(10) * 10'       begin with this network\n"
    "netwarp explore vgg --act tanh        begin with this one and another activation\n"
    "netwarp explore warp.png              begin with a picture drawn earlier\n"
    "netwarp explore weights.npz --port 0  begin with your own network; any free port\n"
    "netwarp explore a.onnx b.npz          compare two models\n"
    "netwarp explore a.npz --data a.csv    show the data's points too\n"
    "netwarp explore lesson.json           begin with a lesson that the page has saved\n"
    "netwarp explore a.npz --slice 'features(0, 1, at=(0, 0, 5))'  begin on this plane of its inputs\n"
)


def run(
    changes: ChangeOptions,
    file: FileOptions,
    arch: Annotated[
        list[str] | None,
        argument(
            "ARCH",
            "An architecture, a name from netwarp zoo, an older picture, a model's file; up to four, side by side. "
            "Or a lesson's file.",
            completion.architectures,
        ),
    ] = None,
    seed: Seed = None,
    y: WayOfY = None,
    port: Annotated[str, option("--port", "N", "The port; 0 takes any free one.")] = "8047",
    host: Annotated[
        str | None,
        option(
            "--host",
            "HOST",
            "Also let other machines in, at this address: visitors need a token, which is printed.",
        ),
    ] = None,
    site: Annotated[
        str | None,
        option(
            "--site",
            "URL",
            "Where the page is published without a server: Share gives addresses there. NETWARP_SITE says the same.",
        ),
    ] = None,
    no_browser: Annotated[bool, flag("--no-browser", "Print the address, but open no browser.")] = False,
) -> None:
    """Open a web page on this machine to change networks and zoom into their pictures."""
    from netwarp.explorer.serve import Place, check_extra, serve
    from netwarp.explorer.state import Pane
    from netwarp.picture.recipe import check_y

    check_extra()
    number = read_whole(port, "--port")
    if y is not None:
        check_y(y, "--y")
    data = file.points()
    lesson = _lesson(arch or [])
    if lesson is not None:
        given = [seed, y, *(getattr(changes, one.name) for one in fields(changes))]
        if data is not None or any(one is not None for one in given):
            raise InputError("a lesson says by itself what is shown; leave the other options out")
    named = [] if lesson is not None else arch or [Pane().arch]
    subjects = [changes.of(file.complete(one, data, begin=True)) for one in named]

    def ready(place: Place) -> None:
        if place.warning is not None:
            note(place.warning)
        for subject in subjects:
            tell(subject)
        show(f"{place.url}   (Ctrl-C ends)")
        import sys

        sys.stdout.flush()
        if not no_browser:
            import webbrowser

            webbrowser.open(place.url)

    serve(
        subjects,
        data=data,
        y=y,
        port=number,
        host=host,
        seed=None if seed is None else read_seed(seed),
        site=site or os.environ.get("NETWARP_SITE") or None,
        lesson=lesson,
        ready=ready,
    )


def _lesson(named: list[str]) -> Lesson | None:
    """The lesson of the one JSON file that is named. Errors: InputError, also for a lesson beside something else."""
    if not any(one.lower().endswith(".json") for one in named):
        return None
    from netwarp.explorer.lessons import read_lesson

    if len(named) > 1:
        raise InputError("a lesson is shown by itself; name no other network beside its file")
    return read_lesson(named[0])
