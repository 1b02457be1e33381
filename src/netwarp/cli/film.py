"""`netwarp film`: a network that changes, or a view that moves, as a video."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from netwarp.cli import completion
from netwarp.cli.groups import flag, option
from netwarp.cli.options import ColourOptions, Json, SubjectOptions, Text, ViewOptions, WayOfY, tell
from netwarp.cli.screen import progress, show, show_json
from netwarp.cli.values import read_positive, read_seed, read_size, read_whole, shown
from netwarp.errors import InputError

if TYPE_CHECKING:
    from netwarp.films.plan import Timing

NAME = "film"
EXAMPLES = (
    "Examples:\n"
    "netwarp film 'conv(10) * 10' --over seed --from 1 --to 4 --loop -o seeds.mp4\n"
    "netwarp film 'conv(10) * 10' --over depth --seconds 10 -o depth.mp4    layers appear one by one\n"
    "netwarp film 'conv(10) * 10' --over shift --from 0 --to 6 --ease -o shift.webm\n"
    "netwarp film cppn --over latent --loop -o walk.gif\n"
    "netwarp film warp.png --over zoom --at 0.1,0.2 --to 1e-9 -o zoom.mp4\n"
    "netwarp film snapshots/ --over step -o training.mp4    the NPZ files of a folder, in their order\n"
    "netwarp film seeds.mp4 --size 4k -o large.mp4          draw a film again, larger\n"
    "netwarp film seeds.mp4 --frame 17 -o frame.png         draw one frame of it\n"
)
# the largest of a film's proportions that these hold, where it has its own
SIZES = {"hd": (1280, 720), "fullhd": (1920, 1080), "4k": (3840, 2160), "8k": (7680, 4320)}


@dataclass(frozen=True, slots=True)
class WayOptions:
    """What changes, and from where to where."""

    over: Annotated[
        Text,
        option(
            "--over",
            "WHAT",
            "What changes: depth, seed, latent, scale, shift, weight, zoom or step; seed unless given.",
            completion.ways_of_films,
        ),
    ] = None
    start: Annotated[
        Text,
        option(
            "--from",
            "A",
            "Where it begins: a seed, a number of layers, latents 0.5,-1,2 or a seed that draws them, a number or a "
            "distribution of the norm, a weight '0.weight[3,1]=-2', a width of the plane, a number of a snapshot.",
        ),
    ] = None
    end: Annotated[Text, option("--to", "B", "Where it ends.")] = None
    path: Annotated[
        Text,
        option(
            "--path",
            "NAME",
            "How latents go from one to the next: line, spline or sine.",
            completion.paths_of_films,
        ),
    ] = None
    at: Annotated[
        Text, option("--at", "X,Y", "The point that a zoom goes into, decimals of any length; the plane's centre.")
    ] = None


@dataclass(frozen=True, slots=True)
class TimingOptions:
    """How many frames, how fast, and how they follow one another."""

    frames: Annotated[Text, option("--frames", "N", "How many frames: 300 unless given.")] = None
    seconds: Annotated[Text, option("--seconds", "S", "Or how long it lasts.")] = None
    fps: Annotated[Text, option("--fps", "RATE", "Frames a second: 30, 29.97 or 30000/1001.")] = None
    loop: Annotated[bool, flag("--loop", "End where it begins: the frame after the last would be the first.")] = False
    ease: Annotated[bool, flag("--ease", "Go slowly at both ends, and at every seed, depth, latent and step.")] = False

    def read(self) -> Timing:
        """Errors: InputError, LimitError."""
        from netwarp.films.plan import Timing, frames_of, read_rate

        rate = read_rate(self.fps or "30")
        if self.seconds is not None:
            if self.frames is not None:
                raise InputError("--frames and --seconds: say the same; give one of them")
            frames = frames_of(read_positive(self.seconds, "--seconds", "10"), rate)
        else:
            frames = read_whole(self.frames or "300", "--frames")
        return Timing(frames, rate, self.loop, self.ease)


@dataclass(frozen=True, slots=True)
class FileOfFilm:
    """How a film is kept."""

    codec: Annotated[
        Text,
        option(
            "--codec",
            "NAME",
            "h264, av1, prores, webp, gif, apng or png, a numbered picture a frame; by FILE's ending unless given.",
            completion.codecs,
        ),
    ] = None
    chroma: Annotated[
        Text, option("--chroma", "NUMBER", "444 keeps the colour of every pixel, as odd sizes do anyhow; else 420.")
    ] = None


def run(
    subject: SubjectOptions,
    out: Annotated[Path, option("-o, --out", "FILE", "The film to write: .mp4, .webm, .mov, .mkv, .gif, .webp, ...")],
    way: WayOptions = WayOptions(),
    timing: TimingOptions = TimingOptions(),
    seed: Annotated[Text, option("--seed", "N", "The seed of what does not change: 9 unless given.")] = None,
    view: ViewOptions = ViewOptions(),
    colours: ColourOptions = ColourOptions(),
    y: WayOfY = None,
    exact: Annotated[
        bool, flag("--exact", "Take the statistics of every frame on all pixels, not only of those at whole seeds.")
    ] = False,
    preview: Annotated[bool, flag("--preview", "A quick look: a quarter of the size, every second frame.")] = False,
    frame: Annotated[Text, option("--frame", "N", "Write only this frame, from 0 on, as a PNG.")] = None,
    file: FileOfFilm = FileOfFilm(),
    json: Json = False,
) -> None:
    """Draw a film: from seed to seed, layer by layer, through a latent space, into a point, along a training.

    A film carries its recipe. If ARCH is such a film it is drawn again, in another size or another format.
    """
    from netwarp.files import check_place
    from netwarp.films.film import again, check_file, film
    from netwarp.films.tagged import is_film

    old = Path(subject.arch) if is_film(Path(subject.arch)) else None
    size = None if view.size is None else _size(view.size)
    if frame is not None:
        check_place("--out", out, ".png")
    else:
        check_file(out, file.codec)
    with progress() as report:
        if old is not None:
            rest = {"seed": seed, "plane": view.plane, "calibrate": view.calibrate, **asdict(colours), "y": y}
            if given := _given((way, timing), **rest, exact=exact):
                raise InputError(f"{', '.join(given)}: {old.name!r} is a film, which says it; only --size may differ")
            made = again(old, size=size, within=view.size in SIZES)
        else:
            what = subject.arch if way.over == "step" else subject.read()
            seen = replace(view, size=None).read(None if isinstance(what, str) else what)
            made = film(
                what,
                way.over or "seed",
                way.start,
                way.end,
                timing=timing.read(),
                seed=None if seed is None else read_seed(seed),
                size=size or seen["size"],
                plane=seen["plane"],
                calibration=seen["calibration"],
                path=way.path,
                at=None if way.at is None else _point(way.at),
                exact=exact,
                colour=colours.read(),
                y=y,
                progress=report,
            )
            if not isinstance(what, str):
                tell(what, view)
        made = made.preview() if preview else made
        if frame is not None:
            made.frame(read_whole(frame, "--frame")).save(out)
            files: tuple[Path, ...] = (out,)
        else:
            files = made.save(out, file.codec, chroma=file.chroma, progress=report)
    if json:
        show_json({"files": [str(one) for one in files], **made.data()})
    else:
        show(made.sentence(files) if frame is None else str(out))


def _size(text: str) -> tuple[int, int]:
    return SIZES[text.lower()] if text.lower() in SIZES else read_size(text)


def _point(text: str) -> tuple[str, str]:
    parts = tuple(part.strip() for part in text.split(",", 2))
    if len(parts) != 2:
        raise InputError(f"--at {shown(text)}: needs two numbers X,Y, as in --at 0.1,0.2")
    return parts[0], parts[1]


def _given(groups: tuple[WayOptions, TimingOptions], **others: object) -> list[str]:
    """The options that are given, as --over."""
    names = {"start": "from", "end": "to"}
    parts = {field.name: getattr(group, field.name) for group in groups for field in fields(group)} | others
    return [f"--{names.get(name, name)}" for name, value in parts.items() if value not in (None, False)]
