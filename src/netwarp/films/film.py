"""film: what is asked for as a Film, which draws its frames and writes itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from netwarp.errors import InputError, shown
from netwarp.files import check_place, replacing, together
from netwarp.films.codecs import Codec, codec_of, pixels_of
from netwarp.films.encode import check_codec, encoding, palette_of
from netwarp.films.fitting import coarse_of, fitted, spread_over
from netwarp.films.plan import Timing, Way
from netwarp.films.recipe import FilmRecipe
from netwarp.films.steps import StepFolder
from netwarp.films.studio import FilmFrame, Studio
from netwarp.films.tagged import read_recipe
from netwarp.films.walk import Walk
from netwarp.films.ways import walk_of
from netwarp.network.lineage import written
from netwarp.network.source import SEED
from netwarp.orders.order import way_of_y
from netwarp.orders.subject import Subject, subject_of_recipe
from netwarp.orders.what import What, as_subject
from netwarp.picture.colouring import Colouring
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import CONTRASTS, Recipe
from netwarp.picture.tone import Tone, channels_of
from netwarp.plane import Calibration, Plane, Raster, calibrated_on, squared
from netwarp.progress import Report, stage

PALETTE = 8  # frames that a GIF's palette is made from


@dataclass(frozen=True, eq=False)
class Film:
    """A film that can be drawn: its recipe, and what draws its frames.

    >>> film = nw.film("conv(10) * 3", over="seed", start=1, end=2, frames=4, size=(30, 20))
    >>> film
    Film(4 frames of 30x20)
    >>> film.frame(0).recipe.seed, film.frame(3).recipe.seed
    (1, 2)
    >>> film.frame(4)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: frame=4: must be from 0 to 3
    """

    recipe: FilmRecipe
    walk: Walk
    _studio: Studio = field(init=False, repr=False)

    def __post_init__(self) -> None:
        studio = Studio(self.recipe, self.walk)
        object.__setattr__(self, "recipe", replace(self.recipe, first=studio.first()))
        object.__setattr__(self, "_studio", studio)

    def __repr__(self) -> str:
        raster = self.recipe.picture.raster
        return f"Film({self.recipe.timing.frames} frames of {raster.columns}x{raster.rows})"

    def frame(self, number: int) -> Picture:
        """One frame, from 0 on, as a Picture that `netwarp draw` draws again; one that is cross-faded, `netwarp film`.

        Of a loop the frame after the last is the first. Errors: InputError for a number there is not; NetwarpError.
        """
        timing = self.recipe.timing
        if not 0 <= number < timing.frames + timing.loop:
            raise InputError(f"frame={number}: must be from 0 to {timing.frames - 1 + timing.loop}")
        return self._studio.picture(self._studio.frame(number))

    def preview(self) -> Film:
        """A quick look: a quarter of the columns and of the rows, every second frame."""
        timing, picture = self.recipe.timing, self.recipe.picture
        small = replace(timing, frames=max(1, (timing.frames + 1) // 2), rate=timing.rate / 2)
        raster = picture.raster
        columns, rows = (max(2, side // 4 // 2 * 2) for side in (raster.columns, raster.rows))
        seen = replace(picture, raster=replace(raster, columns=columns, rows=rows))
        return Film(replace(self.recipe, timing=small, picture=seen), self.walk)

    def data(self) -> dict[str, object]:
        """What it is, as a JSON object: its recipe without the bytes of weights."""
        told = self.recipe.to_data()
        picture = dict(self.recipe.picture.to_data())
        if self.recipe.picture.weights is not None:
            weights = self.recipe.picture.weights
            picture["weights"] = {"file": weights.file, "sha256": weights.sha256}
        timing = self.recipe.timing
        return {
            "frames": timing.frames,
            "rate": float(timing.rate),
            "seconds": float(timing.frames / timing.rate),
            "size": picture["size"],
            "recipe": {**told, "picture": picture},
        }

    def sentence(self, files: Sequence[Path]) -> str:
        """One line for a person: the file, or the first and the last of several."""
        timing, raster, way = self.recipe.timing, self.recipe.picture.raster, self.recipe.way
        names = str(files[0]) if len(files) == 1 else f"{files[0]} to {files[-1].name}"
        ends = " to ".join(shown(end, 30)[1:-1] for end in (way.start, way.end))
        parts = (
            f"{raster.columns} x {raster.rows}",
            f"{timing.frames:,} frame{'' if timing.frames == 1 else 's'}, {float(timing.frames / timing.rate):.3g} s",
            f"{way.over} {ends}",
        )
        return f"{names}  ({', '.join(parts)})"

    def save(
        self, path: str | Path, codec: str | None = None, *, chroma: str | None = None, progress: Report | None = None
    ) -> tuple[Path, ...]:
        """Writes the film, whole or not at all, and gives its files: one, or a numbered PNG a frame.

        The codec is that of the ending unless it is named: h264, av1, prores, webp, gif, apng or png. `chroma` "444"
        keeps the colour of every pixel, as is done for odd sizes anyhow. `progress(stage, done, total)` may raise to
        cancel. Errors: InputError; UnsupportedError where PyAV or the codec is missing.
        """
        file = Path(path)
        chosen = check_file(file, codec)
        raster = self.recipe.picture.raster
        pixels = pixels_of(chosen, raster.columns, raster.rows, chroma)
        report = stage(progress, "drawing")
        if chosen.name == "png":
            return self._save_pictures(file, self._told(report))
        self._save_video(file, chosen, pixels, self._told(report))
        return (file,)

    def _told(self, report: object) -> Iterator[FilmFrame]:
        count = self.recipe.timing.frames
        for done, frame in enumerate(self._studio.frames(), 1):
            yield frame
            if callable(report):
                report(done, count)

    def _save_video(self, file: Path, codec: Codec, pixels: str, frames: Iterator[FilmFrame]) -> None:
        raster, rate = self.recipe.picture.raster, self.recipe.timing.rate
        palette = None
        if codec.name == "gif":
            palette = palette_of(
                [self._studio.frame(n).pixels for n in spread_over(self.recipe.timing.frames, PALETTE)]
            )
        size = raster.columns, raster.rows
        with encoding(file, codec, size, rate, self.recipe.to_json(), pixels=pixels, palette=palette) as encoder:
            for frame in frames:
                encoder.add(frame.pixels)

    def _save_pictures(self, file: Path, frames: Iterator[FilmFrame]) -> tuple[Path, ...]:
        digits = len(str(self.recipe.timing.frames - 1))
        files = []
        with together():
            for frame in frames:
                one = file.with_name(f"{file.stem}-{frame.number:0{digits}}{file.suffix}")
                with replacing(one) as stream:
                    stream.write(self._studio.picture(frame).to_png())
                files.append(one)
        return tuple(files)


def check_file(path: Path, codec: str | None = None) -> Codec:
    """The codec that a film is written with. Errors: InputError, UnsupportedError, as far as they are known before."""
    chosen = codec_of(codec, path)
    check_place("--out", path, *chosen.endings)
    if chosen.name != "png":
        check_codec(chosen)
    return chosen


def film(
    what: What,
    over: str = "seed",
    start: object = None,
    end: object = None,
    *,
    timing: Timing | None = None,
    frames: int | None = None,
    seed: int | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    path: str | None = None,
    at: tuple[str, str] | None = None,
    exact: bool = False,
    colour: str | Colouring | None = None,
    contrast: str | None = None,
    y: str | None = None,
    progress: Report | None = None,
) -> Film:
    """The Film of a network that changes `over` something from `start` to `end`, or of a view of it that does.

    What is given is as for `nw.draw`; for `over` "step" it is a folder of NPZ files. `timing` says how many frames, how
    fast, whether it loops and eases; `frames` alone does too. Where nothing is said, it goes from the subject's own to
    what the command `netwarp film` says. One Tone is fitted on frames over the whole film. Errors: NetwarpError.

    >>> nw.film("conv(10) * 3", over="depth", frames=5, size=(30, 20)).frame(4).recipe.architecture
    'conv(10) * 3'
    >>> nw.film("conv(10) * 3", over="sede")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: --over 'sede': must be one of depth, seed, ...; did you mean "seed"?
    """
    fine = Colouring.of(colour)
    colour = fine.name
    first, last = (None if one is None else str(one) for one in (start, end))
    way = Way(over, first, last, path, at)
    timing = timing or Timing(frames=300 if frames is None else frames)
    steps = None
    if isinstance(what, str | Path) and over == "step" and Path(what).is_dir():
        steps = StepFolder.of(Path(what))
        steps.check()
        what = Path(what) / steps.files[0][0]
    elif isinstance(what, str | Path) and _is_folder(what):
        raise InputError(f"{str(what)!r}: is a folder; a film of the snapshots in it is --over step")
    subject = as_subject(what, "film")
    known = subject.seed()
    drawn = seed if seed is not None else SEED if known is None else known
    base = _begun(subject, drawn, size=size, plane=plane, calibration=calibration, contrast=contrast, y=y, way=way)
    walk = walk_of(subject, way, seed=drawn, loop=timing.loop, home=base.raster.plane, steps=steps)
    way = replace(way, start=walk.start, end=walk.end, path=getattr(walk, "path", None), at=_point(way, base))
    told = None if steps is None else steps.to_data()
    begun = FilmRecipe(way, timing, base, (base.tone,), exact=exact, steps=told)
    kept = subject.recipe.tone.colour if subject.recipe is not None and colour is None else colour or "auto"
    if channels_of(kept) == 3 and subject.channels != 3 and kept != "auto":
        kept = "auto"
    begun = replace(begun, coarse=coarse_of(begun, walk))
    dithers = fine.dither or (subject.recipe is not None and subject.recipe.tone.dither)
    tones = tuple(replace(tone, dither=dithers) for tone in fitted(begun, walk, kept, progress))
    return Film(replace(begun, tones=tones, picture=replace(base, tone=tones[0])), walk)


def again(file: str | Path, *, size: tuple[int, int] | None = None, within: bool = False) -> Film:
    """The film of a file that netwarp wrote, or of a frame of one; at another `size`, with the same colours.

    `within`: the largest of its proportions that such a size holds.

    Errors: InputError naming the file; UnsupportedError where a video needs PyAV.
    """
    path = Path(file)
    text = read_recipe(path)
    try:
        recipe = FilmRecipe.from_json(text)
        if size is not None:
            old = recipe.picture.raster
            if within:
                part = min(Fraction(size[0], old.columns), Fraction(size[1], old.rows))
                size = int(old.columns * part), int(old.rows * part)
            alike = size[0] * old.rows == size[1] * old.columns
            raster = Raster(*size, old.plane) if alike else squared("film", old.plane, size)
            recipe = replace(recipe, picture=replace(recipe.picture, raster=raster))
        way, picture = recipe.way, recipe.picture
        steps = None if recipe.steps is None else StepFolder.from_data(recipe.steps, path.parent)
        subject = subject_of_recipe(path, picture)
        seed = SEED if picture.seed is None else picture.seed
        walk = walk_of(subject, way, seed=seed, loop=recipe.timing.loop, home=picture.raster.plane, steps=steps)
    except InputError as error:
        raise InputError(f"file {str(path)!r}: {error}") from error
    return Film(recipe, walk)


def _is_folder(what: str | Path) -> bool:
    try:
        return Path(what).is_dir()
    except (OSError, ValueError):
        return False


def _begun(
    subject: Subject,
    seed: int,
    *,
    size: tuple[int, int] | None,
    plane: Plane | None,
    calibration: Calibration | None,
    contrast: str | None,
    y: str | None,
    way: Way,
) -> Recipe:
    """The recipe of what the film begins from, its Tone yet to be fitted."""
    recipe = subject.recipe
    if recipe is not None and recipe.layer is not None:
        raise InputError(
            f"{subject.name}: shows layer {recipe.layer}, and a film shows a network's outputs; "
            "give a picture of these, or the architecture"
        )
    own = Raster(plane=subject.plane or Plane()) if recipe is None else recipe.raster
    home = own.plane if plane is None else plane
    asked = (own.columns, own.rows) if size is None else size
    same = plane is None and recipe is not None and asked[0] * own.rows == asked[1] * own.columns
    raster = Raster(*asked, home) if same or plane is not None else squared("film", home, asked)
    usual = Raster(plane=raster.plane if subject.homeless else subject.plane or Plane())
    settled = calibrated_on(usual if recipe is None else recipe.calibration, calibration)
    if contrast not in (None, *CONTRASTS):
        raise InputError(f"--contrast {contrast!r}: must be {' or '.join(CONTRASTS)}")
    network = subject.draw(seed)
    return Recipe(
        architecture=network.text,
        seed=network.seed,
        raster=raster,
        calibration=settled,
        tone=Tone("gray", (0,), (0.0,), (1.0,)),
        weights=subject.weights,
        # in a zoom, colours of the whole plane would soon be one
        contrast=contrast or ("view" if way.over == "zoom" else "whole"),
        y=y or (way_of_y(subject) if recipe is None else recipe.y),
        made=written(network.source),
    )


def _point(way: Way, base: Recipe) -> tuple[str, str] | None:
    if way.over != "zoom" or way.at is not None:
        return way.at
    x, y = base.raster.plane.centre
    return (x if isinstance(x, str) else repr(x)), (y if isinstance(y, str) else repr(y))
