"""FilmRecipe: all that is needed to draw a film again, as JSON in the film's own metadata, and that of one frame."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction

from netwarp import checks
from netwarp.errors import InputError
from netwarp.films.plan import MAX_TEXT, MOST_FRAMES, MOST_RATE, Timing, Way
from netwarp.picture.pngtext import MAX_TEXT as MAX_RECIPE
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.version import VERSION

MOST_TONES = 1_000


@dataclass(frozen=True, slots=True)
class FilmRecipe:
    """What a film was drawn from, and how.

    `picture` is the recipe of what it begins from: the network, the film's size and plane, the calibration Raster, the
    Tone. `exact` says that every frame is calibrated there; else frames between keys are on a coarser one, a
    `coarse`th of its pixels on each side. `first` is the recipe of its first frame, for readers who want a picture; it
    is found anew for a Film. `tones` are the film's, one for all frames, or several evenly spread over the
    way, between which each frame has its own. `steps` are the folder and files of a film of snapshots, as StepFolder
    writes them. Errors: InputError.
    """

    way: Way
    timing: Timing
    picture: Recipe
    tones: tuple[Tone, ...]
    exact: bool = False
    coarse: int = 4
    steps: dict[str, object] | None = None
    version: str = VERSION
    first: Recipe | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.tones) <= MOST_TONES:
            raise InputError(f"film tones: {len(self.tones)} of them, 1 to {MOST_TONES:,} are needed")
        if not self.tones[0].colour == self.tones[-1].colour == self.picture.tone.colour:
            raise InputError("film tones: are of several colours; one film has one")
        checks.whole(self.coarse, "film coarse", 1, 64)

    def to_data(self) -> dict[str, object]:
        way, timing = self.way, self.timing
        film = {
            "over": way.over,
            "from": way.start,
            "to": way.end,
            "path": way.path,
            "at": None if way.at is None else list(way.at),
            "frames": timing.frames,
            "rate": [timing.rate.numerator, timing.rate.denominator],
            "loop": timing.loop,
            "ease": timing.ease,
            "exact": self.exact,
            "coarse": self.coarse,
            "tones": [tone.to_data() for tone in self.tones],
            "steps": self.steps,
        }
        picture = self.picture.to_data()
        data: dict[str, object] = {"version": self.version, "film": film, "picture": picture}
        if self.first is not None:
            # what differs from the picture's; what only that says is null
            told = {**dict.fromkeys(picture), **self.first.to_data()}
            data["first"] = {name: value for name, value in told.items() if value != picture.get(name)}
        return data

    def to_json(self) -> str:
        """One line of ASCII."""
        return json.dumps(self.to_data(), allow_nan=False)

    @classmethod
    def from_data(cls, data: object) -> FilmRecipe:
        """The FilmRecipe of a JSON object. Errors: InputError."""
        fields = checks.mapping(data, "recipe")
        if "film" not in fields:
            raise InputError("recipe: is of no film; netwarp draw draws a picture again")
        film = checks.mapping(fields["film"], "recipe film")
        at = film.get("at")
        if at is not None:
            x, y = checks.items(at, "film at", 2, 2)
            at = (checks.string(x, "film at", 10_000), checks.string(y, "film at", 10_000))
        ends = [film.get(name) for name in ("from", "to")]
        start, end = (None if text is None else checks.string(text, "film ends", MAX_TEXT) for text in ends)
        way = Way(checks.string(film.get("over"), "film over", 20), start, end, film.get("path"), at)  # type: ignore[arg-type]
        numbers = checks.items(checks.get(film, "rate", "recipe film"), "film rate", 2, 2)
        numerator, denominator = (checks.whole(one, "film rate", 1, MOST_RATE * 1_000_000) for one in numbers)
        timing = Timing(
            checks.whole(checks.get(film, "frames", "recipe film"), "film frames", 1, MOST_FRAMES),
            Fraction(numerator, denominator),
            checks.flag(film.get("loop", False), "film loop"),
            checks.flag(film.get("ease", False), "film ease"),
        )
        steps = film.get("steps")
        tones = checks.items(checks.get(film, "tones", "recipe film"), "film tones", 1, MOST_TONES)
        return cls(
            way,
            timing,
            Recipe.from_data(checks.get(fields, "picture", "recipe")),
            tuple(map(Tone.from_data, tones)),
            exact=checks.flag(film.get("exact", False), "film exact"),
            coarse=checks.whole(film.get("coarse", 4), "film coarse", 1, 64),
            steps=None if steps is None else dict(checks.mapping(steps, "film steps")),
            version=checks.string(fields.get("version", "unknown"), "recipe version", 60),
        )

    @classmethod
    def from_json(cls, text: str) -> FilmRecipe:
        """The FilmRecipe of a JSON text of at most 2 MiB. Errors: InputError."""
        return cls.from_data(checks.parse_object(text, "recipe", MAX_RECIPE))


@dataclass(frozen=True, slots=True)
class FrameRecipe:
    """What a cross-faded frame was drawn from: the film, and the frame's number, from 0 on."""

    film: FilmRecipe
    frame: int

    def to_json(self) -> str:
        """One line of ASCII: the film's, and "frame" beside it."""
        return json.dumps({**self.film.to_data(), "frame": self.frame}, allow_nan=False)
