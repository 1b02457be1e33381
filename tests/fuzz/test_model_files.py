"""Files of models and of data, and the texts that say how to look at them: taken, or refused in one short line."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
import netwarp as nw
from fuzz.test_doors import bounded, frugal
from netwarp.models.files import read_network
from netwarp.models.slice_text import read_slice
from netwarp.network.features import read_features

HEADER = (
    b'{"0.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},'
    b'"0.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}'
)
SAFETENSORS = struct.pack("<Q", len(HEADER)) + HEADER + bytes(36)
NNET = b"// c\n2,2,1,3,\n2,3,1,\n0,\n-1,-1,\n1,1,\n0,0,0,\n1,1,1,\n1,2,\n3,4,\n5,6,\n1,\n2,\n3,\n1,2,3,\n0.5,\n"
CSV = b'a,"b, or c",class\n1,-2.5,no\n3e2,4,yes\n0,0.125,no\n'
STARTS = (b"\xff\xd8\xff\xe0 JPEG", b"\x80\x04\x95 pickle.", b"\x89HDF\r\n\x1a\n", b"<svg/>", b"\x08\x09\x12\x03abc")
DATA = nw.Data(np.arange(15.0).reshape(5, 3) ** 2)


def through(read: Callable[[Path], object], data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given"
        path.write_bytes(data)
        with bounded(), frugal():
            read(path)


@hostile.examples(120)
@given(
    st.sampled_from((SAFETENSORS, NNET, CSV, *STARTS)).flatmap(hostile.damaged)
    | hostile.NPZ
    | hostile.damaged(hostile.network_file())
)
def test_files_of_models(data: bytes) -> None:
    through(read_network, data)


@hostile.examples(80)
@given(hostile.damaged(CSV) | hostile.NPZ | st.sampled_from(STARTS))
def test_files_of_data(data: bytes) -> None:
    through(nw.read_data, data)


@pytest.mark.parametrize(
    ("read", "starts"),
    [
        (
            lambda text: read_slice(text, DATA),
            ("features(0, 2, at=median)", "through(0, (1, 2, 3), mean)", "around(3, radius=2, seed=1)", "pca()"),
        ),
        (read_features, ("x, y, x*x, -0.5*sin(x)*cos(y)",)),
    ],
)
def test_small_texts_of_models(read: Callable[[str], object], starts: tuple[str, ...]) -> None:
    @hostile.examples(80)
    @given(hostile.texts(*starts))
    def one(text: str) -> None:
        with bounded():
            read(text)

    one()
