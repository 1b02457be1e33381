"""The page's streams of numbers are numpy's: the same integers, and numbers drawn from them to the last places."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from netwarp.architecture.specs import Initialiser
from netwarp.network.initialise import stream, weights
from web.arrays import floats
from web.conftest import Run
from web.shapes import data

TEXTS = ["a" * n for n in range(130)] + ["7/0/weight", "-5/1.f.0.shortcut/scale", "x" * 10_000]
ENTROPIES = [0, 1, 2**32 - 1, 2**32, 2**96, 2**128 - 1, 3**100, 2**256 - 1, *(int(f"{n}" * 9) for n in range(1, 9))]
KEYS = [(7, "0", "weight"), (0, "readout", "bias"), (-5, "1.f.0", "shift"), (2**256, "3.shortcut", "z")]
MATRICES = [
    (Initialiser(name, parameter, gain), shape, groups)
    for name, parameter in [("he", None), ("xavier", None), ("lecun", None), ("normal", 0.3), ("uniform", 0.3)]
    for gain in (1.0, 0.7)
    for shape, groups in [((10, 6, 1), 1), ((12, 3, 3), 2), ((1, 1, 1), 1)]
]
SHAPES = [(5, 20, 1), (20, 5, 1), (6, 2, 3), (40, 40, 1), (1, 1, 1), (1, 7, 1), (7, 1, 1)]
ORTHOGONAL = [(Initialiser("orthogonal", None, gain), shape, 1) for gain in (1.0, 1.5) for shape in SHAPES]


def words(entropy: int) -> list[int]:
    """Of 32 bits, the least significant first."""
    return [entropy >> 32 * n & 0xFFFFFFFF for n in range(max(1, -(-entropy.bit_length() // 32)))]


def test_streams(node: Run) -> None:
    found = node(
        "streams",
        {
            "texts": TEXTS,
            "entropies": [words(entropy) for entropy in ENTROPIES],
            "keys": [
                {"seed": {"whole": str(seed)}, "path": path, "name": name, "count": 10_001} for seed, path, name in KEYS
            ],
            "weights": [
                {"initialiser": data(initialiser), "shape": shape, "groups": groups}
                for initialiser, shape, groups in MATRICES + ORTHOGONAL
            ],
        },
    )
    for text, digest in zip(TEXTS, found["digests"], strict=True):
        assert b"".join(word.to_bytes(4, "big") for word in digest) == sha256(text.encode()).digest(), text
    for entropy, drawn in zip(ENTROPIES, found["words"], strict=True):
        wanted = np.random.PCG64(entropy).random_raw(100).tolist()
        assert [(high << 32) + low for high, low in drawn] == wanted, entropy
    for key, uniforms, normals in zip(KEYS, found["uniforms"], found["normals"], strict=True):
        assert floats(uniforms).tolist() == stream(*key).random_sample(10_001).tolist(), key
        close(floats(normals), stream(*key).standard_normal(10_001))
    for n, (initialiser, (channels, inputs, kernel), groups) in enumerate(MATRICES + ORTHOGONAL):
        shape = channels, inputs, kernel, kernel
        drawn, wanted = floats(found["weights"][n]), weights(initialiser, shape, groups, stream(1, "0", "weight"))
        if initialiser.name == "orthogonal":
            np.testing.assert_allclose(drawn, wanted.ravel(), rtol=0, atol=1e-12)
        else:
            close(drawn, wanted.ravel())


def close(found: np.ndarray, wanted: np.ndarray) -> None:
    """Within 4 units in the last place: the platforms' logarithms differ. As float32 the same."""
    assert (np.abs(found - wanted) <= 4 * np.spacing(np.abs(wanted))).all()
    np.testing.assert_array_equal(found.astype(np.float32), wanted.astype(np.float32))
