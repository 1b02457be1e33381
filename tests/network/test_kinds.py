"""A file is told by its content, whatever its name; what is not read is told in one line, with what would be right."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.kinds import kind_of
from netwarp.picture.picture import Picture

NPZ = Path(__file__).parent / "cases" / "moons.npz"

CONTENTS: list[tuple[bytes, str, str]] = [
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg", "is a JPEG image, not a model"),
    (b"GIF89a", "gif", "is a GIF image, not a model; netwarp film and netwarp draw draw one of netwarp's"),
    (b"\0\0\0\x20ftypisom", "video", "is a video, not a model, and cannot be read as a film"),
    (b"\x1a\x45\xdf\xa3\x9f", "video", "is a video, not a model"),
    (b"RIFF\x24\0\0\0WEBPVP8X", "webp", "is a WebP image, not a model; netwarp film"),
    (b"II*\0\x08\0\0\0\0\0", "tiff", "is a TIFF image, not a model; netwarp draw and netwarp poster"),
    (b"MM\0+\0\x08\0\0" + b"\0" * 20, "tiff", "is a TIFF image, not a model"),
    (b"\x76\x2f\x31\x01\2\0\0\0\0", "exr", "is an EXR image, not a model"),
    (b"%PDF-1.7", "pdf", "is a PDF document"),
    (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "svg", "is an SVG image, not a model"),
    (b"<!DOCTYPE html><p>", "html", "is a page of HTML"),
    (b"x,y\n1,2\n", "csv", "is a table of numbers, not a model; points of a data set are given by --data"),
    (b'{"a": 1}', "json", "is a JSON text"),
    (b"weights of my model", "text", "is a text, not a model"),
    (b"", "empty", "is empty"),
    (b"\x00\x01\x02\x03" * 9, "unknown", "is of no kind that is known; an NPZ"),
    (b"\x89HDF\r\n\x1a\n" + b"\0" * 90, "hdf5", "is an HDF5 file, as Keras writes.*a model alone.*model.load_weights"),
    (pickle.dumps([1, 2]), "pickle", "is pickled Python, which is never loaded; load it in Python where you trust it"),
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "torch", "is a file of PyTorch, pickled Python that is never loaded"),
]


@pytest.mark.parametrize(("content", "kind", "message"), CONTENTS)
@pytest.mark.parametrize("name", ["model.npz", "model.png", "model", "model.pt"])
def test_what_is_no_model_is_named(tmp_path: Path, content: bytes, kind: str, message: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert kind_of(path) == kind
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        nw.draw(str(path))
    said = str(caught.value)
    assert "\n" not in said
    assert str(path) in said
    assert len(said) < 590


def test_torchs_files_are_told(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)).eval()
    torch.save(module, tmp_path / "whole.pt")
    torch.save(module.state_dict(), tmp_path / "state.pth")
    torch.save(module.state_dict(), tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    for name in ("whole.pt", "state.pth", "old.pth"):
        assert kind_of(tmp_path / name) == "torch"
    torch.export.save(torch.export.export(module, (torch.zeros(1, 2),)), tmp_path / "whole.pt2")
    assert kind_of(tmp_path / "whole.pt2") == "pt2"


def test_joblibs_files_are_told(tmp_path: Path) -> None:
    joblib = pytest.importorskip("joblib")
    for compress in (0, 3, ("gzip", 3)):
        joblib.dump({"a": np.eye(3)}, tmp_path / "a.joblib", compress=compress)
        assert kind_of(tmp_path / "a.joblib") == "joblib"


def test_onnx_is_told(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    value = onnx.helper.make_tensor_value_info
    one, other = (value(name, onnx.TensorProto.FLOAT, [1, 2]) for name in "xy")
    graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["y"])], "g", [one], [other])
    for producer in ({}, {"producer_name": "mine"}):
        onnx.save(onnx.helper.make_model(graph, **producer), tmp_path / "a.onnx")
        assert kind_of(tmp_path / "a.onnx") == "onnx"


def test_keras_and_other_archives_are_told(tmp_path: Path) -> None:
    import zipfile

    for names, kind in (
        (["config.json", "metadata.json", "model.weights.h5"], "keras"),
        (["a.txt"], "zip"),
        (["ts/code/a.py", "ts/data.pkl", "ts/constants.pkl"], "script"),
        (["W0.npy"], "npz"),
        ([], "npz"),
    ):
        with zipfile.ZipFile(tmp_path / "a", "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        assert kind_of(tmp_path / "a") == kind
    (tmp_path / "a").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(nw.NetwarpError, match="not an npz file, or cut short"):
        nw.draw(str(tmp_path / "a"))


def test_models_and_pictures_are_read_under_any_name(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(NPZ.read_bytes())
    assert nw.draw(str(tmp_path / "mine"), size=(8, 8)).picture.recipe.weights.file == "mine"
    picture = nw.draw("conv(3)", size=(8, 8), calibration=nw.Raster(8, 8)).picture
    assert isinstance(picture, Picture)
    (tmp_path / "b").write_bytes(picture.to_png())
    assert nw.draw(str(tmp_path / "b")).picture.recipe == picture.recipe


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("a.onnx", "a.pt", "a.h5", "a.png", "a.npz", "a.csv"):
        with pytest.raises(nw.NetwarpError, match=f"{name}': no such file"):
            nw.draw(str(tmp_path / name))
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(nw.NetwarpError, match="is a folder, not a file"):
        nw.draw(str(tmp_path / "folder.npz"))


def test_the_library_says_the_same_of_what_is_no_npz(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF")
    with pytest.raises(nw.NetwarpError, match="is a JPEG image, not a model"):
        nw.Network.load(tmp_path / "a.npz")
    (tmp_path / "a.npz").write_bytes(b"neither")
    with pytest.raises(nw.NetwarpError, match="not an npz file, or cut short"):
        nw.Network.load(tmp_path / "a.npz")


def test_a_cut_archive_of_torch_is_called_that_wherever_it_is_cut(tmp_path: Path) -> None:
    """The .pt in a .pt2 is a whole archive, whose end must not be taken for the end of the file's own."""
    inner = io.BytesIO()
    _zip(inner, {"model/data.pkl": b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n.", "model/version": b"3"})
    parts = {"w/data/weights/weight_0": bytes(300), "w/data/sample_inputs/model.pt": inner.getvalue()}
    for ending, what, first in (
        ("pt2", "an archive of torch.export", parts),
        ("zip", "an archive of torch.export", parts),
        ("pt2", "an archive of torch.export", {"archive_format": b"pt2", **parts}),
        ("pt", "a file of PyTorch", {"w/data.pkl": b"\x80\x02}.", "w/data/0": bytes(300)}),
    ):
        whole = io.BytesIO()
        _zip(whole, {**first, "w/byteorder": b"little", "w/version": b"3"})
        content = whole.getvalue()
        for length in range(60, len(content) - 1, 9):
            place = tmp_path / f"cut.{ending}"
            place.write_bytes(content[:length])
            with pytest.raises(nw.NetwarpError, match=f"cut.{ending}': is {what} that is cut short or damaged; copy"):
                nw.draw(str(place), size=(30, 20))


def _zip(stream: io.BytesIO, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
