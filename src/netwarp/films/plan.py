"""What a film shows and when: what is walked from where to where, how many frames, and the place of each on the way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from netwarp import checks
from netwarp.errors import InputError, LimitError, nearest, shown

OVER = ("depth", "seed", "latent", "scale", "shift", "weight", "zoom", "step")
PATHS = ("line", "spline", "sine")
MOST_FRAMES = 1_000_000
MOST_RATE = 1_000
MAX_TEXT = 200_000  # characters of where a way begins or ends: latents may be many


@dataclass(frozen=True, slots=True)
class Timing:
    """`frames` at `rate` a second. `loop`: the frame after the last would be the first. `ease`: slow at the keys."""

    frames: int = 300
    rate: Fraction = Fraction(30)
    loop: bool = False
    ease: bool = False

    def __post_init__(self) -> None:
        checks.whole(self.frames, "film frames", 1, MOST_FRAMES, example="--frames 300")
        if not 0 < self.rate <= MOST_RATE:
            raise InputError(f"film rate={float(self.rate):g}: must be above 0 and at most {MOST_RATE} frames a second")

    def place(self, frame: int, length: int, *, around: bool = False, keyed: bool = False) -> Fraction:
        """Where a frame is on a way of `length` parts: 0 at its beginning, `length` at its end; exact.

        A loop goes `around`, from the end of the last part to the first, or there and back. The places of frame 0 and
        of frame `frames` of a loop are the same number. `ease` slows down at both ends, and of a way with keys, which
        is `keyed`, at every one of them.
        """
        if self.loop:
            turn = Fraction(frame % self.frames, self.frames)
            share = turn if around else min(2 * turn, 2 - 2 * turn)
        else:
            share = Fraction(frame, max(1, self.frames - 1))
        place = share * length
        if not self.ease:
            return place
        if keyed:
            part = place // 1
            return part + smooth(place - part)
        return smooth(share) * length


def smooth(share: Fraction) -> Fraction:
    """From 0 to 1 with a slope of 0 at both ends: 3 s^2 - 2 s^3."""
    return share * share * (3 - 2 * share)


@dataclass(frozen=True, slots=True)
class Way:
    """What is walked, `over`, and between which texts; None where the subject says it. Errors: InputError.

    seed: whole numbers. depth: numbers of layers. latent: seeds whose latents are taken, or the latents themselves.
    scale, shift: distributions, or the number of the architecture's own. weight: ARRAY[I,J]=NUMBER, then a number.
    zoom: widths of the plane, about `at`. step: numbers of the folder's files, from 1 on.
    """

    over: str
    start: str | None = None
    end: str | None = None
    path: str | None = None
    at: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.over not in OVER:
            raise InputError(
                f"--over {shown(self.over)}: must be one of {', '.join(OVER)}{nearest(str(self.over), OVER)}"
            )
        for name, text in (("--from", self.start), ("--to", self.end)):
            if text is not None:
                checks.string(text, name, MAX_TEXT)
        if self.path is not None and (self.path not in PATHS or self.over != "latent"):
            if self.over != "latent":
                raise InputError(f"--path {shown(self.path)}: only of --over latent; leave it out")
            raise InputError(f"--path {shown(self.path)}: must be {', '.join(PATHS)}{nearest(str(self.path), PATHS)}")
        if self.at is not None and self.over != "zoom":
            raise InputError("--at: is the point that --over zoom goes into; leave it out")


def read_rate(text: str) -> Fraction:
    """Frames a second: 30, 29.97 or 30000/1001. Errors: InputError."""
    try:
        rate = Fraction(text.strip()) if len(text) <= 40 else None
    except (ValueError, ZeroDivisionError):
        rate = None
    if rate is None or not 0 < rate <= MOST_RATE or rate.denominator > 1_000_000:
        raise InputError(f"--fps {shown(text)}: must be above 0 and at most {MOST_RATE}, as in 30, 29.97 or 30000/1001")
    return rate


def frames_of(seconds: float, rate: Fraction) -> int:
    """How many frames last so long, at least one. Errors: LimitError."""
    frames = round(seconds * rate)
    if frames > MOST_FRAMES:
        raise LimitError(f"--seconds {seconds:g}: {frames:,} frames, at most {MOST_FRAMES:,} are drawn")
    return max(1, frames)
