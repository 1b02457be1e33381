"""Encoder: frames into a video file by PyAV, on a thread of its own beside the drawing, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, UnsupportedError
from netwarp.files import replacing
from netwarp.films.codecs import Codec
from netwarp.films.tagged import add_recipe
from netwarp.picture.pyav import av
from netwarp.picture.recipe import KEYWORD

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska", ".webm": "webm", ".webp": "webp", ".gif": "gif"}
FORMATS |= {".apng": "apng", ".png": "apng"}
# what FFmpeg calls BT.709 and limited range: matrix, primaries, transfer; MPEG range
BT709, LIMITED = 1, 1
AHEAD = 3  # frames that are drawn before they are encoded
# of FFmpeg's scaler: where a row is no whole number of its vectors it writes on into the next row, which another
# thread may have made before
THREADS = 1
_END = object()


def check_codec(codec: Codec) -> None:
    """Errors: UnsupportedError where this FFmpeg has no such encoder."""
    module = av()
    try:
        module.codec.Codec(codec.encoder, "w")
    except module.codec.codec.UnknownCodecError:
        there = "take another --codec, as h264"
        raise UnsupportedError(
            f"--codec {codec.name}: the FFmpeg of this PyAV has no {codec.encoder}; {there}"
        ) from None


@contextmanager
def encoding(
    path: Path, codec: Codec, size: tuple[int, int], rate: Fraction, recipe: str, *, pixels: str, palette: Any = None
) -> Iterator[Encoder]:
    """An Encoder whose file takes the name `path` when the block ends well, and leaves no trace when it does not.

    `recipe` is kept in the file. Errors: InputError where the system refuses to write.
    """
    with replacing(path) as stream:
        writer = Encoder(stream.name, path.suffix.lower(), codec, size, rate, recipe, pixels=pixels, palette=palette)
        try:
            yield writer
            writer.finish()
        except BaseException:
            writer.drop()
            raise
        if path.suffix.lower() in (".gif", ".webp", ".apng", ".png"):
            add_recipe(Path(stream.name), recipe)


class Encoder:
    """Takes frames, one after another; a thread encodes them and writes, some frames behind."""

    def __init__(
        self,
        file: str,
        ending: str,
        codec: Codec,
        size: tuple[int, int],
        rate: Fraction,
        recipe: str,
        *,
        pixels: str,
        palette: Image.Image | None,
    ) -> None:
        self.codec, self.pixels, self.palette = codec, pixels, palette
        # the index comes before the frames, so that a page plays what it has so far
        options = {"movflags": "use_metadata_tags+faststart"} if ending in (".mp4", ".mov") else {}
        if codec.name in ("gif", "webp"):
            options["loop"] = "0"
        if codec.name == "apng":
            options["plays"] = "0"
        self.container = av().open(file, "w", format=FORMATS[ending], options=options)
        if codec.half is not None:
            self.container.metadata[KEYWORD] = recipe
        self.stream = self.container.add_stream(codec.encoder, rate=rate, options=dict(codec.options))
        self.stream.width, self.stream.height = size
        self.stream.pix_fmt = pixels
        context = self.stream.codec_context
        if not codec.rgb:
            context.color_range, context.colorspace = LIMITED, BT709
            context.color_primaries, context.color_trc = BT709, BT709
        self.waiting: Queue[Any] = Queue(AHEAD)
        self.failure: BaseException | None = None
        self.dropped = False
        self.thread = Thread(target=self._work, name="netwarp-film", daemon=True)
        self.thread.start()

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """The next frame, (rows, columns, 3) uint8. Errors: OSError where an earlier one could not be written."""
        self._put(pixels)

    def finish(self) -> None:
        """Encodes what waits, and closes the file. Errors: OSError."""
        self._put(_END)
        self.thread.join()
        self._raise()
        self.container.close()

    def drop(self) -> None:
        """Ends the thread; what it wrote is nobody's."""
        self.dropped = True
        if self.thread.is_alive():
            # room for the end, also where the thread takes the frames meanwhile
            with suppress(Empty):
                while True:
                    self.waiting.get_nowait()
            self.waiting.put(_END)
            self.thread.join()
        with suppress(OSError):  # it is the disk that refused
            self.container.close()

    def _put(self, what: object) -> None:
        while True:
            self._raise()
            try:
                # not for ever: the thread may have failed with the queue full
                self.waiting.put(what, timeout=0.2)
            except Full:
                continue
            return

    def _raise(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _work(self) -> None:
        try:
            while (pixels := self.waiting.get()) is not _END:
                if self.dropped:
                    return
                for packet in self.stream.encode(self._frame(pixels)):
                    self.container.mux(packet)
            if not self.dropped:
                for packet in self.stream.encode():
                    self.container.mux(packet)
        except BaseException as error:  # noqa: BLE001  # raised where the frames come from
            self.failure = error if isinstance(error, OSError) else InputError(f"film: {error}")

    def _frame(self, pixels: NDArray[np.uint8]) -> Any:
        from av.video.reformatter import ColorRange, Colorspace

        module = av()
        if self.pixels == "pal8":
            assert self.palette is not None
            indices, colours = quantised(pixels, self.palette)
            return module.VideoFrame.from_ndarray((indices, colours), format="pal8")
        frame = module.VideoFrame.from_ndarray(pixels, format="rgb24")
        if self.codec.rgb:
            return frame if self.pixels == "rgb24" else frame.reformat(format=self.pixels, threads=THREADS)
        return frame.reformat(
            format=self.pixels,
            threads=THREADS,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )


def palette_of(frames: list[NDArray[np.uint8]]) -> Image.Image:
    """256 colours for a GIF, one palette for all frames: no flicker. From some frames, evenly spread over the film."""
    from PIL import Image

    together = np.concatenate([frame[::2, ::2] for frame in frames], axis=0)
    return Image.fromarray(together).quantize(256, method=Image.Quantize.MEDIANCUT)


def quantised(pixels: NDArray[np.uint8], palette: Image.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Indices (rows, columns), dithered by Floyd and Steinberg, and the palette (256, 4): alpha, red, green, blue."""
    from PIL import Image

    indices = np.asarray(Image.fromarray(pixels).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))
    table = np.zeros((256, 3), np.uint8)
    found = np.array(palette.getpalette() or [], np.uint8).reshape(-1, 3)
    table[: len(found)] = found
    return np.ascontiguousarray(indices), np.concatenate([np.full((256, 1), 255, np.uint8), table], axis=1)
