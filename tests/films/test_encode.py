"""The files of films: colours that come back, sizes that are odd, and the recipe in every kind of file."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from netwarp.errors import InputError
from netwarp.films.codecs import CODECS, codec_of, pixels_of
from netwarp.films.encode import encoding
from netwarp.films.film import again, film
from netwarp.films.plan import Timing
from netwarp.films.tagged import is_film, read_recipe
from netwarp.plane import Raster

FLATS = [
    (0, 0, 0),
    (255, 255, 255),
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (128, 64, 200),
    (30, 200, 90),
    (250, 128, 7),
]
VIDEOS = [(".mp4", None), (".webm", None), (".mov", None), (".mkv", None), (".mp4", "444"), (".mov", "444")]


def written(path: Path, frames: list[NDArray[np.uint8]], chroma: str | None = None) -> Path:
    rows, columns, _ = frames[0].shape
    codec = codec_of(None, path)
    pixels = pixels_of(codec, columns, rows, chroma)
    with encoding(path, codec, (columns, rows), Fraction(30), "{}", pixels=pixels) as encoder:
        for frame in frames:
            encoder.add(frame)
    return path


def flat(colour: tuple[int, int, int], columns: int = 64, rows: int = 48) -> NDArray[np.uint8]:
    return np.broadcast_to(np.array(colour, np.uint8), (rows, columns, 3)).copy()


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    """By the tags, as a player reads them: BT.709 in limited range."""
    with av.open(str(path)) as container:
        found = []
        for frame in container.decode(video=0):
            assert (frame.colorspace, frame.color_range) == (Colorspace.ITU709, ColorRange.MPEG)
            # by planes: of 4:2:2 FFmpeg's short way to rgb24 is off by 3 of its own
            back = frame.reformat(
                format="gbrp",
                src_colorspace=Colorspace.ITU709,
                src_color_range=ColorRange.MPEG,
                dst_color_range=ColorRange.JPEG,
                threads=1,
            )
            found.append(back.to_ndarray())
    return found


@pytest.mark.parametrize(("ending", "chroma"), VIDEOS)
def test_flat_colours_come_back_within_two(ending: str, chroma: str | None, tmp_path: Path) -> None:
    found = decoded(written(tmp_path / f"flat{ending}", [flat(colour) for colour in FLATS], chroma))
    assert len(found) == len(FLATS)
    for colour, frame in zip(FLATS, found, strict=True):
        assert np.abs(frame.astype(int) - colour).max() <= 2, colour


@pytest.mark.parametrize("ending", [".mp4", ".webm", ".mov"])
def test_a_video_says_its_colours(ending: str, tmp_path: Path) -> None:
    with av.open(str(written(tmp_path / f"tags{ending}", [flat((9, 99, 199))] * 2))) as container:
        context = container.streams.video[0].codec_context
        tags = context.colorspace, context.color_primaries, context.color_trc, context.color_range
    assert tags == (1, 1, 1, 1)


@pytest.mark.parametrize("ending", [".mp4", ".mov"])
def test_the_index_comes_before_the_frames(ending: str, tmp_path: Path) -> None:
    data = written(tmp_path / f"film{ending}", [flat((200, 100, 50))] * 3).read_bytes()
    boxes, at = [], 0
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        boxes.append(name)
        at += int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size
    assert boxes.index(b"moov") < boxes.index(b"mdat")


def test_the_colour_of_single_pixels_stays_with_444(tmp_path: Path) -> None:
    stripes = flat((255, 0, 0))
    stripes[:, ::2] = (0, 0, 255)
    lost, kept = (
        np.abs(decoded(written(tmp_path / f"{chroma}.mp4", [stripes] * 2, chroma))[0].astype(int) - stripes).mean()
        for chroma in ("420", "444")
    )
    assert kept < 8 < lost


@pytest.mark.parametrize("ending", [".mp4", ".mov"])
@pytest.mark.parametrize("size", [(65, 48), (64, 47), (65, 47), (33, 200), (1281, 720)])
def test_odd_sizes_keep_every_pixel(ending: str, size: tuple[int, int], tmp_path: Path) -> None:
    found = decoded(written(tmp_path / f"odd{ending}", [flat((30, 200, 90), *size)] * 2))
    assert found[0].shape == (size[1], size[0], 3)
    assert np.abs(found[0].astype(int) - (30, 200, 90)).max() <= 2


@pytest.mark.parametrize(
    ("name", "size", "chroma", "message"),
    [
        ("av1", (65, 48), None, "65x48 is odd"),
        ("av1", (64, 48), "444", "--chroma 444"),
        ("h264", (65, 48), "420", "needs an even size, not 65x48"),
        ("h264", (64, 48), "422", "must be 420 or 444"),
        ("h264", (16_386, 48), None, "at most 16,384 columns and rows, not 16386x48"),
        ("webp", (64, 16_384), None, "at most 16,383 columns and rows, not 64x16384"),
    ],
)
def test_pixels_that_a_codec_has_not(name: str, size: tuple[int, int], chroma: str | None, message: str) -> None:
    codec = next(one for one in CODECS if one.name == name)
    with pytest.raises(InputError, match=message):
        pixels_of(codec, *size, chroma)


@pytest.mark.parametrize(
    ("codec", "file", "message"),
    [
        (None, "film.avi", "must end in one of .apng, .gif"),
        ("h265", "film.mp4", 'did you mean "h264"'),
        ("prores", "film.mp4", "prores is written into .mov or .mkv"),
    ],
)
def test_codecs_that_are_not_there(codec: str | None, file: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        codec_of(codec, Path(file))


@pytest.mark.parametrize("ending", [".mp4", ".webm", ".mov", ".mkv", ".gif", ".webp", ".apng"])
def test_every_kind_of_file_carries_the_recipe(ending: str, tmp_path: Path) -> None:
    made = film("conv(4) * 2", size=(64, 48), calibration=Raster(40, 30), timing=Timing(5, Fraction(10), loop=True))
    path = tmp_path / f"film{ending}"
    assert made.save(path) == (path,)
    assert is_film(path)
    assert read_recipe(path) == made.recipe.to_json()
    assert again(path).recipe == made.recipe
    if ending in (".mp4", ".webm", ".mov", ".mkv"):
        assert len(decoded(path)) == 5
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def frames_of(path: Path) -> list[NDArray[np.uint8]]:
    with Image.open(path) as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize(("ending", "most"), [(".apng", 0), (".webp", 40), (".gif", 40)])
def test_pictures_that_move_are_read_by_others(ending: str, most: int, tmp_path: Path) -> None:
    made = film("conv(4) * 2", size=(64, 48), calibration=Raster(40, 30), timing=Timing(5, Fraction(10)))
    made.save(tmp_path / f"film{ending}")
    found = frames_of(tmp_path / f"film{ending}")
    assert len(found) == 5
    for number, frame in enumerate(found):
        off = np.abs(frame.astype(int) - made.frame(number).pixels)
        assert off.mean() <= most / 5, number
        assert np.percentile(off, 99) <= most, number
    with Image.open(tmp_path / f"film{ending}") as image:
        assert image.info["loop"] == 0
        image.seek(1)
        image.load()
        assert image.info["duration"] == 100


def test_a_picture_a_frame_says_how_its_network_was_made(tmp_path: Path) -> None:
    made = film("conv(4) * 2", "depth", size=(30, 20), calibration=Raster(40, 30), frames=11)
    files = made.save(tmp_path / "depth.png")
    assert [one.name for one in files] == [f"depth-{n:02}.png" for n in range(11)]
    for number, one in enumerate(files):
        with Image.open(one) as image:
            assert np.array_equal(np.asarray(image), made.frame(number).pixels)
        # a depth by itself is a picture, two that are cross-faded are the film's
        assert is_film(one) == (0 < number < 10)
    assert again(files[5]).recipe == made.recipe


def test_a_gif_has_one_palette(tmp_path: Path) -> None:
    made: Any = film("conv(4) * 2", size=(64, 48), calibration=Raster(40, 30), frames=6)
    made.save(tmp_path / "film.gif")
    colours = {tuple(one) for frame in frames_of(tmp_path / "film.gif") for one in frame.reshape(-1, 3)}
    assert len(colours) <= 256
