"""Where the `netwarp` command begins: streams that can be written to, and signals, before anything else is imported.

Imports take most of the first half second, and Ctrl-C may come then too: it is one line and a status at any time.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

# of a signal that ends the command: what a shell gives it
STOPPED = 128


class Terminated(BaseException):
    """Raised in the main thread by SIGTERM and SIGHUP, so that all is cleaned up on the way out, as by Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> None:
    """The entry point: runs the command line and exits. Status 130 is Ctrl-C, 143 SIGTERM, 129 SIGHUP."""
    try:
        if not _streams():
            _leave(2)
        _listen()
        from netwarp.cli.main import status_of

        status = status_of(sys.argv[1:])
        _deaf()
    except KeyboardInterrupt:
        _say("interrupted")
        status = STOPPED + signal.SIGINT
    except Terminated as stopped:
        _say("terminated")
        status = STOPPED + stopped.number
    _leave(status)


def _streams() -> bool:
    """Makes standard error writable, and both able to show any character; False where there is no standard output.

    A file descriptor that is closed would be given to the next file that is opened, and be written over.
    """
    if sys.stderr is None:
        sys.stderr = open(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        _say("standard output is closed; write to a file, or to /dev/null")
        return False
    return True


def _listen() -> None:
    """Makes SIGTERM and SIGHUP raise Terminated, and these and Ctrl-C reach `main` whatever they come upon."""
    usual, timed = sys.unraisablehook, hasattr(signal, "setitimer")
    dropped: list[BaseException] = []

    def later(error: BaseException) -> None:
        dropped[:] = [error]
        signal.setitimer(signal.ITIMER_REAL, 0.02)

    def reach(error: BaseException, frame: FrameType | None) -> None:
        # while a class is made, Python turns what is raised into a RuntimeError, which packages catch when they import
        if timed and _importing(frame):
            later(error)
        else:
            raise error

    def stop(number: int, frame: FrameType | None) -> None:
        # a second one must not interrupt the cleaning up
        signal.signal(number, signal.SIG_IGN)
        reach(Terminated(number), frame)

    def hook(lost: sys.UnraisableHookArgs) -> None:
        # Python drops what is raised in a library's callback, or while an object is deleted: by then that has ended
        if isinstance(lost.exc_value, (KeyboardInterrupt, Terminated)):
            later(type(lost.exc_value)(*lost.exc_value.args))
        else:
            usual(lost)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # what was ignored before, as by nohup, stays ignored
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda _, frame: reach(KeyboardInterrupt(), frame))
    if timed:
        signal.signal(signal.SIGALRM, lambda _, frame: reach(dropped.pop(), frame) if dropped else None)
        sys.unraisablehook = hook


def _deaf() -> None:
    """All is done: no signal takes the status away while the interpreter ends.

    It gives each its usual action back then, by which Ctrl-C, and an alarm that `_listen` has set, kill the process.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def _importing(frame: FrameType | None) -> bool:
    """Whether `main`, or what it called, is importing a module there."""
    while frame is not None and frame.f_code is not main.__code__:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _say(what: str) -> None:
    try:
        sys.stderr.write(f"netwarp: {what}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody can be told


def _leave(status: int) -> None:
    """Exits; what cannot be written any more is no second error."""
    _deaf()
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if status >= STOPPED:
        # everything has been cleaned up; a thread that is still computing must not keep the command waiting
        if sys.stderr is not None:
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
