"""The npz reader: what it reads, and what it refuses in one line that names the array."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import InputError, LimitError, NetwarpError
from netwarp.network import npz


def saved(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


ARRAYS = {
    "f": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "h": np.arange(3, dtype=np.float16),
    "big": np.arange(3, dtype=">f8"),
    "i": np.array([[1, -2]]),
    "empty": np.empty((0, 3)),
    "text": np.array("conv(3)"),
    "scalar": np.float32(2.5),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_wrote(save: object, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    save(path, **ARRAYS)  # type: ignore[operator]
    for source in (path, str(path)):
        found = npz.read(source)
        assert list(found) == list(ARRAYS)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(found[name], array)
            assert found[name].shape == np.shape(array)


def test_what_it_wrote_itself(tmp_path: Path) -> None:
    path = tmp_path / "weights"  # no ending is added
    npz.write(path, {"a": np.arange(3.0)})
    npz.write(path, {"a": np.arange(4.0)})
    assert [one.name for one in tmp_path.iterdir()] == ["weights"]
    assert npz.read(path)["a"].tolist() == [0, 1, 2, 3]
    stream = io.BytesIO()
    npz.write(stream, {"a": np.arange(4.0)})
    assert stream.getvalue() == path.read_bytes()


def test_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "a.npz"
    npz.write(path, {"a": np.arange(3.0)})
    monkeypatch.setattr(np, "savez", broken)
    with pytest.raises(KeyboardInterrupt):
        npz.write(path, {"a": np.arange(4.0)})
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]
    assert npz.read(path)["a"].tolist() == [0, 1, 2]
    with pytest.raises(InputError, match="does not exist; make it first"):
        npz.write(tmp_path / "nowhere" / "a.npz", {})


def refused(content: bytes, message: str, kind: type[InputError] = InputError) -> None:
    with pytest.raises(kind, match=message) as caught:
        npz.read(io.BytesIO(content))
    assert "\n" not in str(caught.value)


def test_pickles_are_never_loaded() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return pytest.fail, ("unpickled",)

    stream = io.BytesIO()
    np.savez(stream, good=np.zeros(2), bad=np.array([Bomb()], dtype=object))
    refused(stream.getvalue(), "'bad' holds pickled objects")


def test_bombs_are_refused_by_what_they_declare() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", npy(np.zeros(4)))
    content = bytearray(stream.getvalue())
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 2**30 + 1)
    refused(bytes(content), "declares 1 GiB of arrays, at most 1 GiB", LimitError)


def test_a_lie_about_the_size_inflates_no_further() -> None:
    """16 MiB of zeros that say they are 200 bytes: only these are inflated, and their checksum is not the one there."""
    content = bytearray(zipped(a=npy(np.zeros(2 << 20))))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 200)
    refused(bytes(content), "'a'")


def test_headers_that_promise_more_than_there_is() -> None:
    huge = npy(np.zeros((2, 3))).replace(b"(2, 3)", b"(9, 3)")
    refused(zipped(W0=huge), r"'W0' declares \(9, 3\)")
    refused(zipped(W0=npy(np.zeros((2, 3)))[:-8]), "'W0' declares")
    refused(zipped(W0=npy(np.zeros((2, 3))).replace(b"(2, 3)", b"(-2,)")), "'W0'")
    refused(zipped(W0=b"\x93NUMPY\x01\x00\x05\x00abcd\n"), "'W0' has no readable npy header")
    refused(zipped(W0=b"plain text"), "'W0' has no readable npy header")
    refused(zipped(W0=b""), "'W0' has no readable npy header")
    refused(zipped(W0=npy(np.array([1j]))), "'W0' holds complex128")
    refused(zipped(W0=npy(np.array([(1, 2.0)], dtype="i4,f8"))), "'W0' holds")


def test_other_files() -> None:
    refused(b"", "not an npz file")
    refused(npy(np.zeros(3)), "not an npz file")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(stream.getvalue(), "'readme.txt' is no .npy array")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.npy", npy(np.zeros(3)))
    refused(stream.getvalue(), "'a' is damaged .*compression")
    twice = zipped(a=npy(np.zeros(3)), b=npy(np.zeros(3))).replace(b"b.npy", b"a.npy")
    refused(twice, "'a.npy' is there twice")
    with pytest.raises(InputError, match=r"nowhere.npz: no such file"):
        npz.read("nowhere.npz")
    with pytest.raises(InputError, match="not an npz file"):
        npz.read(Path(__file__).parent)


GOOD = zipped(W0=npy(np.arange(6.0).reshape(3, 2)), b0=npy(np.zeros(3)))


def test_a_file_cut_anywhere() -> None:
    for length in range(len(GOOD)):
        with pytest.raises(InputError):
            npz.read(io.BytesIO(GOOD[:length]))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_is_refused_or_harmless(changes: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for at, value in changes:
        content[at] = value
    with suppress(NetwarpError):
        npz.read(io.BytesIO(bytes(content)))


def header(shape: str, descr: str = "'<f8'", body: bytes = b"") -> bytes:
    """An .npy file whose header says this, as nothing numpy wrote would."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


@pytest.mark.parametrize(
    "content",
    [
        header("(0, 4611686018427387904)"),
        header("(18446744073709551616, 0)"),
        header("(True, 2)", body=bytes(16)),
        header(f"({'1, ' * 70})", body=bytes(8)),
        header("(0, " * 1 + "0x1" + "0" * 6000 + ")"),
        header("(9223372036854775807,)", "'<U0'"),
        header("(-1, 0)"),
        header("(2, -2, -2)", body=bytes(64)),
        header("()", "'<U100000000000'"),
        header("(None,)"),
        header("((1, 2), 3)"),
        header("'ab'"),
        header("(1,)", str([("a" * 50 + str(i), "<f8") for i in range(150)]), bytes(1200)),
    ],
)
def test_headers_that_nothing_wrote_are_one_line(content: bytes) -> None:
    with pytest.raises(InputError) as found:
        npz.read(io.BytesIO(zipped(W0=content)))
    assert "W0" in str(found.value)
    assert len(str(found.value)) < 300
    assert "\n" not in str(found.value)


def test_a_shape_that_only_a_file_says_is_refused() -> None:
    with pytest.raises(InputError, match="declares the shape"):
        npz.read(Path(__file__).parent / "stored" / "zero-times-2-62.npz")
