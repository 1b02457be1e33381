"""Messages as a stranger reads them: what is wrong, the value received, what would be right."""

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.data import Data
from netwarp.models.slice_text import read_slice

DATA = Data(np.arange(12.0).reshape(4, 3), names=("len", "width", "height"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("features(0, foo)", "unknown name 'foo'; allowed are median, mean, and numbers"),
        ("pca(3)", r"pca\(\.\.\.\) takes no arguments; write pca\(\)"),
        ("features(0, 1, 2, 3)", r"features\(\.\.\.\) takes at most 3 arguments in order: i, j, at"),
        ("features(0, 'zzz')", "j='zzz': no column has this name; they are called 'len', 'width', 'height'"),
        (
            "through(0, 1, 900)",
            r"through c=900: must be the number of a row, 0 to 3, median, mean, or an input's numbers",
        ),
        ("through(0.5, 1, 2)", r"through a=0\.5: must be the number of a row, 0 to 3, .* as in \(0, 2, 1\)"),
    ],
)
def test_a_slice_s_text_says_what_may_stand_there(text: str, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        read_slice(text, DATA)


def test_what_needs_data_says_what_else_would_do() -> None:
    with pytest.raises(
        nw.NetwarpError, match=r"through a: needs the data; add --data FILE, or say the input's numbers"
    ):
        read_slice("through(0, 1, 2)")
    with pytest.raises(nw.NetwarpError, match=r"pca: needs the data; add --data FILE$"):
        read_slice("pca()")
    with pytest.raises(nw.NetwarpError, match=r"no column has this name; they are called 'x0', 'x1'"):
        Data(np.eye(3)).column("len")


def test_an_input_that_is_none_is_quoted(tmp_path: Path) -> None:
    for text, quoted in (
        ("x, y**2", r"'y \*\* 2'"),
        ("x, sin(z)", r"'sin\(z\)'"),
        (" * ".join("x" * 65), r"'x \* x.*"),
    ):
        np.savez(tmp_path / "a.npz", inputs=text, W0=np.ones((2, 2)))
        with pytest.raises(nw.NetwarpError, match=f"{quoted} (is no input; these are products of x|has more than )"):
            nw.Network.load(tmp_path / "a.npz")


def test_what_has_no_regions_is_told_what_draws_it() -> None:
    with pytest.raises(
        nw.NetwarpError, match=r"<lambda>: makes no flat regions: only its values are known; .*draws it"
    ):
        nw.field(lambda points: points).tessellate(nw.Plane())
    with pytest.raises(
        nw.NetwarpError, match=r"a 3x3 kernel makes no flat regions; .* kernel 1; field\.sample draws it"
    ):
        nw.Network.draw(nw.parse("conv(3, 3)")).calibrate(nw.Raster(6, 4)).tessellate(nw.Plane())


NNET = ["1,2,1,2", "2,1", "0", "0,0", "1,1", "0,0,0", "1,1,1", "1,2", "3"]


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (1, "1,2", "line 1 of an NNET file: needs four sizes: layers, inputs, outputs, widest; it is '1,2'"),
        (5, "1,x", "line 5 of an NNET file: needs numbers with commas between, largest inputs; it is '1,x'"),
        (8, "1", "line 8 of an NNET file: needs 2 finite numbers, weights of layer 1; it is '1'"),
        (9, None, "needs a bias of layer 1, and the file ends before it: it is cut short"),
    ],
)
def test_a_line_of_an_nnet_file_is_quoted(tmp_path: Path, line: int, text: str | None, message: str) -> None:
    lines = [*NNET[: line - 1], *([] if text is None else [text, *NNET[line:]])]
    (tmp_path / "a.nnet").write_text("\n".join(lines))
    with pytest.raises(nw.NetwarpError, match=message):
        nw.draw(str(tmp_path / "a.nnet"), size=(3, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "has a header, and no rows of numbers below it"),
        ("label\nx\ny\n", "has no column of numbers beside the labels; each row needs the features of one point"),
        ("1,2\n3\n", "line 2 has 1 entries, and the first one 2; all must have as many"),
    ],
)
def test_a_table_says_what_its_rows_need(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(nw.NetwarpError, match=message):
        nw.read_data(tmp_path / "a.csv")


def test_arrays_of_data_are_listed_and_their_kind_told(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=np.eye(2), names=[1, 2])
    with pytest.raises(nw.NetwarpError, match=r"--label 'kind': no such array; its arrays are 'X', 'names'"):
        nw.read_data(tmp_path / "a.npz", label="kind")
    with pytest.raises(
        nw.NetwarpError, match=r"array 'names': is of int64, and must be texts, as np.array\(\['a', 'b'\]\)"
    ):
        nw.read_data(tmp_path / "a.npz")


def test_a_plane_of_weights_quotes_what_it_was_given() -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Linear(2, 1)
    for given, message in (
        ({"d1": "left"}, "weights d1='left': must be a seed, as 0, another module, or a list of tensors"),
        ({"d1": [torch.zeros(1, 2)]}, "weights d1: 1 tensors, but the module has 2 parameters; give one for each"),
        ({"d1": 3, "d2": 3, "normalise": False}, "weights d1 and d2: are one direction, .* as the seeds 0 and 1"),
    ):
        with pytest.raises(nw.NetwarpError, match=message):
            nw.weights(module, loss=float, **given)
    with pytest.raises(nw.NetwarpError, match=r"weights module: is a int, and must be a torch\.nn\.Module"):
        nw.weights(3, loss=float)
    with pytest.raises(nw.NetwarpError, match="weights module: has no parameters, and a plane of weights needs some"):
        nw.weights(torch.nn.ReLU(), loss=float)


def test_a_module_that_gives_no_tensor_is_told_what_would_do() -> None:
    torch = pytest.importorskip("torch")

    class Gives(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, made: object) -> None:
            super().__init__()
            self.made = made

        def forward(self, x: object) -> object:
            return self.made

    for made, message in (
        ("a text", "gives a str, not a tensor; wrap it in a module that returns the tensor to look at"),
        ({"logits": 1, "rest": 2}, r"gives \['logits', 'rest'\] by name; choose one by output=, as in output='logits'"),
    ):
        with pytest.raises(nw.NetwarpError, match=message):
            nw.torch.from_module(Gives(made), torch.zeros(1, 2))


def test_an_onnx_file_says_what_was_met_and_what_would_do(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    make, file = onnx.helper, tmp_path / "a.onnx"

    def write(kind: int, nodes: list[object], inputs: str = "x", size: int = 2) -> None:
        ports = [make.make_tensor_value_info(name, kind, [1, size]) for name in inputs]
        given = onnx.numpy_helper.from_array(np.array([2.5], np.float32), "p")
        graph = make.make_graph(nodes, "g", ports, [make.make_tensor_value_info("out", kind, [1, size])], [given])
        onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 17)]), file)

    real, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    same, two = make.make_node("Neg", ["x"], ["out"]), make.make_node("Add", ["x", "z"], ["out"])
    for parts, at, message in (
        ((whole, [same]), None, "its input 'x' is of INT64; it must be of floating numbers"),
        ((real, [two], "xz"), None, r"has 2 inputs \('x', 'z'\); only one is looked at; make the others constants"),
        ((real, [same], "x", 4), nw.Slice([0, 0, 0], [1, 0, 0], [0, 1, 0]), "its origin, u and v need as many"),
        (
            (real, [make.make_node("Pow", ["x", "p"], ["out"])]),
            None,
            r"raises to the power 2\.5; 1, 2, 3 and 4 are known",
        ),
    ):
        write(*parts)  # type: ignore[arg-type]
        with pytest.raises(nw.NetwarpError, match=message):
            nw.onnx.from_file(file, slice=at)
    file.write_bytes(onnx.ModelProto(ir_version=8).SerializeToString())
    with pytest.raises(
        nw.NetwarpError, match=r"has no graph, so it is no ONNX file, or cut short; write it with onnx\.save"
    ):
        nw.onnx.from_file(file)
