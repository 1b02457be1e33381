"""Models' files of every kind that is read are shown where they are dropped; of others one line says what they are."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from netwarp.errors import NetwarpError
from netwarp.explorer import application
from netwarp.explorer.dropped import most_bytes
from netwarp.explorer.limits import DROP_BYTES, MODEL_BYTES
from netwarp.explorer.reading import Files, pane_of_subject
from netwarp.models.files import Completion
from netwarp.models.sliced import first_slice
from netwarp.orders.subject import read_subject

RANDOM = np.random.RandomState(5)
W0, B0, W1, B1 = RANDOM.randn(8, 3), RANDOM.randn(8), RANDOM.randn(2, 8), RANDOM.randn(2)


def right(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(rows @ W0.T + B0, 0) @ W1.T + B1)


def as_npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, W0=W0, b0=B0, W1=W1, b1=B1)
    return stream.getvalue()


def as_safetensors() -> bytes:
    named = {"0.weight": W0, "0.bias": B0, "2.weight": W1, "2.bias": B1}
    head: dict[str, Any] = {}
    body = b""
    for name, array in named.items():
        packed = array.astype("<f8").tobytes()
        head[name] = {"dtype": "F64", "shape": array.shape, "data_offsets": [len(body), len(body) + len(packed)]}
        body += packed
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


def as_nnet() -> bytes:
    def rows(array: np.ndarray) -> list[str]:
        return [",".join(map(repr, row)) + "," for row in np.atleast_2d(array).tolist()]

    lines = ["// a network", "2,3,2,8,", "3,8,2,", "0,", "-9,-9,-9,", "9,9,9,", "0,0,0,0,", "1,1,1,1,"]
    for weight, bias in ((W0, B0), (W1, B1)):
        lines += rows(weight) + rows(bias[:, None])
    return "\n".join(lines).encode() + b"\n"


def as_onnx() -> bytes:
    made = pytest.importorskip("models.onnx_files.made")
    nodes = [
        made.node("Gemm", "x W0 b0", "h", transB=1),
        made.node("Relu", "h", "r"),
        made.node("Gemm", "r W1 b1", "y", transB=1),
    ]
    constants = {"W0": W0, "b0": B0, "W1": W1, "b1": B1}
    model = made.model(nodes, ("n", 3), constants, kind=made.DOUBLE)
    return bytes(model.SerializeToString())


def as_pt2() -> bytes:
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2)).double()
    for name, array in {"0.weight": W0, "0.bias": B0, "2.weight": W1, "2.bias": B1}.items():
        module.get_parameter(name).data = torch.from_numpy(array.copy())
    stream = io.BytesIO()
    torch.export.save(torch.export.export(module, (torch.zeros(1, 3, dtype=torch.float64),)), stream)
    return stream.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "net.npz": as_npz,
    "net.safetensors": as_safetensors,
    "net.nnet": as_nnet,
    "net.onnx": as_onnx,
    "net.pt2": as_pt2,
}


def drop(server: Any, data: bytes, name: str) -> Any:
    return server.request("POST", "/drop", data, X_File_Name=quote(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_a_models_file_is_shown(server: Any, tmp_path: Path, name: str) -> None:
    data = KINDS[name]()
    answer = drop(server, data, name)
    assert answer.status == 200, answer.data
    (pane,) = json.loads(answer.data)["panes"]
    assert pane["slice"] == "features(0, 1, at=(0, 0, 0))"
    with server.page() as page:
        field = page.ask("open", pane=0, state=pane)
        assert field["facts"]["file"] == name
        assert any("has 3 inputs" in note for note in field["facts"]["notes"])
        assert field["facts"]["changes"] == ["slice"]
        assert field["piecewise_linear"]
        at = np.array([[0.5, -1.5, 0.0]])
        assert page.ask("at", pane=0, x="0.5", y="-1.5")["values"] == pytest.approx(right(at)[0].tolist(), rel=1e-12)
        page.ask("open", pane=0, state=pane | {"slice": "features(2, 0, at=(0, 4, 0))"})
        at = np.array([[-1.5, 4, 0.5]])
        assert page.ask("at", pane=0, x="0.5", y="-1.5")["values"] == pytest.approx(right(at)[0].tolist(), rel=1e-12)
    # as the command line has it: its address is one of a server that was started with the file
    (tmp_path / name).write_bytes(data)
    subject = read_subject(str(tmp_path / name), Completion(first=first_slice))
    assert pane_of_subject(subject, Files(), None).to_data() == pane


def pickled() -> bytes:
    """One that leaves a file where it is loaded."""

    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (Path("/tmp/netwarp-was-here"),)

    return pickle.dumps(Hostile())


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return stream.getvalue()


def jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG")
    return stream.getvalue()


def with_origin() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, W0=W0, b0=B0, W1=W1, origin=np.zeros(3))
    return stream.getvalue()


WRONG: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "jpeg": ("photo.jpg", jpeg, "'photo.jpg': is a JPEG image, not a model"),
    "npz in name only": ("net.npz", jpeg, "is a JPEG image"),
    "torch": ("net.pth", lambda: zipped(archive__data_pkl=pickled()), "torch.load(\"net.pth\""),
    "pickle": ("model.pkl", pickled, "'model.pkl': is pickled Python, which is never loaded"),
    "joblib": ("model.joblib", lambda: gzip.compress(pickled()), "pickled Python that is never loaded"),
    "keras": ("net.keras", lambda: zipped(model_weights_h5=b"x"), "is a Keras model"),
    "hdf5": ("net.h5", lambda: b"\x89HDF\r\n\x1a\n" + bytes(90), "is an HDF5 file"),
    "csv": ("points.csv", lambda: b"a,b\n1,2\n", "'points.csv': is a table of numbers, not a model"),
    "array": ("one.npy", lambda: b"\x93NUMPY" + bytes(90), "'one.npy': is a single array"),
    "archive": ("all.zip", lambda: zipped(readme_txt=b"x"), "is a ZIP archive of other files"),
    "half an onnx": ("half.onnx", lambda: as_onnx()[:200], "'half.onnx'"),
    "half a safetensors": ("half.safetensors", lambda: as_safetensors()[:-100], "half.safetensors"),
    "half an nnet": ("half.nnet", lambda: as_nnet()[:300], "line"),
    "half an npz": ("half.npz", lambda: as_npz()[:-300], "npz"),
    "half a pt2": ("half.pt2", lambda: as_pt2()[:-300], "'half.pt2'"),
    "noise": ("noise.onnx", lambda: b"\xff\xfe\x00" * 100, "'noise.onnx': is of no kind that is known"),
    "a missing slice's part": ("net.npz", with_origin, "'v' is missing|'u' is missing"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make", "needle"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_gets_one_line(server: Any, name: str, make: Callable[[], bytes], needle: str) -> None:
    answer = drop(server, make(), name)
    assert answer.status in (400, 413), answer.data
    message = json.loads(answer.data)["message"]
    assert any(part in message for part in needle.split("|")), message
    assert "\n" not in message
    assert "/tmp" not in message, "of folders that nobody knows nothing is said"
    assert len(message) < 600
    assert not Path("/tmp/netwarp-was-here").exists()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
# name -> (what it holds, what is said of it)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.npz": (lambda: b"", "is empty; an NPZ"),
    "empty.onnx": (lambda: b"", "is empty; an NPZ"),
    "empty.txt": (lambda: b"", "is empty; an NPZ"),
    "script.npz": (lambda: b"import torch\n", "is a text, not a model"),
    "architecture.onnx": (lambda: b"conv(10) * 3", "is a text, not a model"),
    "table.npz": (lambda: b"a,b\n1,2\n", "is a table of numbers, not a model"),
    "picture.npz": (lambda: SVG, "is an SVG image, not a model"),
    "picture.svg": (lambda: SVG, "is an SVG image, not a model"),
    "figure.html": (lambda: b"<html><body></body></html>", "is a page of HTML, not a model"),
    "paper.pdf": (lambda: b"%PDF-1.4\n", "is a PDF document, not a model"),
    "noise.npz": (lambda: b"\xff\xfe\x00" * 100, "is of no kind that is known"),
    "cut.npz": (lambda: as_npz()[:-300], "not an npz file, or cut short"),
    "cut.pt2": (lambda: as_pt2()[:3000], "is an archive of torch.export that is cut short or damaged"),
    "cut.onnx": (lambda: as_onnx()[:300], "cut.onnx"),
    "cut.nnet": (lambda: as_nnet()[:300], "line"),
    "cut.safetensors": (lambda: as_safetensors()[:-100], "which do not hold it"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_as_on_the_command_line(server: Any, tmp_path: Path, name: str) -> None:
    make, said = REFUSED[name]
    data = make()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(NetwarpError) as told:
        read_subject(str(tmp_path / name), Completion(first=first_slice))
    message = json.loads(drop(server, data, name).data)["message"]
    assert message == str(told.value).replace(f"{tmp_path}/", "")
    assert said in message


@pytest.mark.slow
def test_a_text_that_a_person_writes_is_still_read(server: Any) -> None:
    for name in ("", "net.txt", "net"):
        (pane,) = json.loads(drop(server, b"conv(10) * 3", name).data)["panes"]
        assert pane["arch"] == "conv(10) * 3"
    assert json.loads(drop(server, SVG, "").data)["message"].startswith("the text: is an SVG image, not a model; ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("../../etc/net.onnx", "etcnet.onnx"),
        ("<img src=x onerror=alert(1)>.onnx", "imgsrcxonerroralert1.onnx"),
        (".onnx", "dropped.npz"),
        ("C:\\net.onnx", "Cnet.onnx"),
        ("net\r\nX-Evil: 1.onnx", "netX-Evil1.onnx"),
        ("n" * 300 + ".onnx", "n" * 75 + ".onnx"),
        ("net.exe", "dropped.npz"),
        ("net", "dropped.npz"),
        ("", "dropped.npz"),
    ],
)
def test_a_hostile_name_is_a_plain_one(server: Any, said: str, shown: str) -> None:
    assert application._name(quote(said)) == shown
    (pane,) = json.loads(drop(server, as_npz(), said).data)["panes"]
    with server.page() as page:
        file = page.ask("open", pane=0, state=pane)["facts"]["file"]
    assert file == shown


@pytest.mark.slow
def test_a_model_whose_values_alone_are_known_is_no_pages(server: Any) -> None:
    made = pytest.importorskip("models.onnx_files.made")
    odd = made.model([made.node("Exp", "x")]).SerializeToString()
    message = json.loads(drop(server, odd, "odd.onnx").data)["message"]
    assert message == (
        "file 'odd.onnx': has operations without an exact form, and the page reads no functions; start it with netwarp "
        "explore odd.onnx"
    )


@pytest.mark.slow
def test_only_models_may_be_large(server: Any) -> None:
    assert most_bytes(as_onnx()[:4096], "net.onnx") == MODEL_BYTES
    assert most_bytes(as_safetensors()[:4096], "") == MODEL_BYTES
    assert most_bytes(as_nnet()[:4096], "net.nnet") == MODEL_BYTES
    for head, name in ((b"conv(3)" * 500, "net.onnx"), (b"\x89PNG\r\n\x1a\n\0\0", "net.npz"), ("\u00e9".encode(), "")):
        assert most_bytes(head, name) == DROP_BYTES
    wide = io.BytesIO()
    np.savez(wide, W0=RANDOM.randn(300, 1200), b0=RANDOM.randn(300), W1=RANDOM.randn(2, 300))
    assert len(wide.getvalue()) > DROP_BYTES
    answer = drop(server, wide.getvalue(), "wide.npz")
    assert answer.status == 200, answer.data
    assert json.loads(answer.data)["panes"][0]["slice"].startswith("around((0, 0, ")
    assert drop(server, b"x" * (DROP_BYTES + 1), "net.onnx").status == 413
