"""What a hostile hand would write: texts of the grammar and beyond it, files damaged, numbers at every edge."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from PIL import Image

import netwarp as nw

# examples of each door: some in the suite, the same in every run, so that what is found can be looked for again; else
# as many as `make fuzz` asks for, each time others
EXAMPLES = int(os.environ.get("NETWARP_FUZZ", "0"))


def examples(few: int) -> settings:
    """The settings of a door."""
    return settings(
        max_examples=EXAMPLES or few,
        deadline=None,
        derandomize=EXAMPLES == 0,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


# numbers at the edges of what floats, indices and Python's own texts hold
WHOLES = (
    st.sampled_from(
        [
            "0",
            "1",
            "2",
            "3",
            "-1",
            "7",
            "11",
            "12",
            "1024",
            "1025",
            "65536",
            "1000001",
            "10**9",
            "18446744073709551616",
            "0b1",
            "1_0",
            "True",
            "1j",
            "1e400",
        ]
    )
    | st.sampled_from([("1", 400), ("1", 4_299), ("1", 4_301)]).map(lambda n: n[0] * n[1])
    | st.sampled_from(["0x" + "f" * 20, "0x" + "f" * 5_000])
)
FLOATS = st.sampled_from(
    [
        "0.0",
        "-0.0",
        "0.5",
        "1e-300",
        "5e-324",
        "1e38",
        "1e39",
        "1e154",
        "1e155",
        "1e300",
        "1e308",
        "-1e308",
        "1e309",
        "nan",
        "inf",
        "1e-400",
        ".5",
        "5.",
        "normal(1)",
    ]
) | st.sampled_from(["normal(1e308)", "uniform(-1e308, 1e308)", "normal(1, 0)"])
NUMBERS = WHOLES | FLOATS
ACTS = st.sampled_from(
    ["'relu'", "'sin'", "'step'", "'leaky(random)'", "'sin(1e300)'", "'square'", "'gelu'", "None", "'rellu'", "3", "''"]
)
NAMES = st.sampled_from(
    [
        "conv",
        "depthwise",
        "maxout",
        "pool",
        "act",
        "norm",
        "residual",
        "dense",
        "parallel",
        "gated",
        "inception",
        "eval",
        "spatial",
        "layer",
        "normal",
    ]
) | st.sampled_from(["folding", "sawtooth", "Architecture", "__import__", "x", "vgg"])
LEAVES = st.sampled_from(
    ["conv(3)", "conv(2, 3)", "act('sin')", "norm()", "pool('max', 2)", "pool('avg', 3, 1)", "maxout(2, 2)", "vgg"]
) | st.builds("conv({}, {})".format, NUMBERS, NUMBERS)


def _branches(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{} >> {}".format, inner, inner),
        st.builds("({}) * {}".format, inner, WHOLES | st.sampled_from(["2", "3"])),
        st.builds("{}({})".format, NAMES, inner),
        st.builds("{}({}, {}={})".format, NAMES, inner, st.sampled_from(["act", "norm", "init", "bias", "x"]), ACTS),
        st.builds("pool({}, {}, {})".format, st.sampled_from(["'max'", "'avg'", "'m'", "max"]), NUMBERS, NUMBERS),
        st.builds("{}({}, {})".format, NAMES, NUMBERS, NUMBERS),
        st.builds("({}, {})".format, inner, NUMBERS),
        st.builds("conv(3, act={}, norm=spatial({}, {}))".format, ACTS, NUMBERS, NUMBERS),
        st.builds("Architecture({}, act={}, inputs='x z({})', out={})".format, inner, ACTS, NUMBERS, NUMBERS),
    )


TREES = st.recursive(LEAVES, _branches, max_leaves=6)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A few bytes changed, doubled, cut out or cut off."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        how = draw(st.integers(0, 3))
        if how == 0:
            data[at] = draw(st.integers(0, 255))
        elif how == 1:
            del data[at : at + draw(st.integers(1, 40))]
        elif how == 2:
            data[at:at] = data[at : at + draw(st.integers(1, 40))]
        else:
            del data[at:]
    return bytes(data)


@st.composite
def texts(draw: st.DrawFn, *starts: str) -> str:
    """One of the texts, with pieces that mean something put in, doubled or cut."""
    text = draw(st.sampled_from(starts))
    pieces = st.sampled_from(
        ["\0", '"', "'", "(", ")", "[", "{", "}", "<", "&#x", "\\", "\ud800", "é", "%", "=", ",", ";"]
    )
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at] + draw(pieces | NUMBERS | st.text(max_size=4)) * draw(st.sampled_from([1, 1, 2, 60])) + text[at:]
        )
    return text


def npy(descr: str, shape: str, body: bytes) -> bytes:
    """An .npy file whose header says this."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) % 65536) + text + body


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


SIDES = st.sampled_from(["0", "1", "2", "3", "-1", "True", "None", "4611686018427387904", "0x1" + "0" * 5000, "1.0"])
SHAPES = st.lists(SIDES, max_size=4).map(lambda sides: f"({''.join(side + ', ' for side in sides)})") | st.just(
    f"({'1, ' * 70})"
)
DTYPES = st.sampled_from(
    ["'<f8'", "'>f8'", "'<f2'", "'<f16'", "'|O'", "'<U0'", "'<U9'", "'|b1'", "'<c16'", "[]", "'<M8[s]'"]
)
ARRAYS = st.builds(npy, DTYPES, SHAPES, st.sampled_from([0, 8, 16, 32]).map(bytes))
KEYS = st.sampled_from(
    ["W0", "b0", "W1", "b1", "origin", "u", "v", "activation", "architecture", "format", "seed", "W9"]
)


def network_file() -> bytes:
    stream = io.BytesIO()
    nw.Network.folding(1, 2).save(stream)
    return stream.getvalue()


def drawn_file() -> bytes:
    stream = io.BytesIO()
    nw.Network.draw(nw.parse("conv(2) * 2"), 3).save(stream)
    return stream.getvalue()


NPZ = st.dictionaries(KEYS.map(lambda key: key + ".npy"), ARRAYS, min_size=1, max_size=4).map(zipped)

RECIPE: dict[str, object] = {
    "architecture": "conv(2)",
    "seed": 3,
    "plane": [0.0, "0.1234567890123456789", 1.0, 1.0],
    "size": [6, 4],
    "calibration": {"size": [600, 400], "plane": [0.0, 0.0, 1.0, 1.0]},
    "tone": {"colour": "rgb", "channels": [0, 1, 2], "low": [0.0, 0.0, 0.0], "high": [1.0, 1.0, 1.0]},
    "dtype": "auto",
    "engine": "native",
    "weights": None,
}
JSONS = st.recursive(
    st.sampled_from(["null", "true", "-1", "1e308", "1e999", "NaN", '"x"', '"' + "1" * 5_000 + '"', "1" * 5_000, "{}"])
    | st.integers(-(10**20), 10**20).map(str),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | inner.map(lambda item: f'{{"a": {item}}}')
    ),
    max_leaves=4,
)


@st.composite
def recipes(draw: st.DrawFn) -> str:
    """A recipe of which a field or two are something else."""
    parts = {key: json.dumps(value) for key, value in RECIPE.items()}
    for key in draw(st.lists(st.sampled_from(sorted(parts)), max_size=2)):
        parts[key] = draw(JSONS)
    return "{" + ", ".join(f'"{key}": {value}' for key, value in parts.items()) + "}"


def png(recipe: str) -> bytes:
    """A small picture that carries this text as its recipe."""
    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, "PNG")
    whole = stream.getvalue()
    body = b"netwarp\0" + recipe.encode("ascii", "replace")
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    return whole[:33] + chunk + whole[33:]


def values(seed: int) -> bytes:
    """An npz of ordinary arrays."""
    stream = io.BytesIO()
    np.savez(stream, W0=np.random.default_rng(seed).normal(size=(3, 2)), b0=np.zeros(3))
    return stream.getvalue()
