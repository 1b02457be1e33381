"""read_model: an ONNX file, checked and whole. Nothing of it is run, and no other file is read but beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwarp.errors import InputError, LimitError, NetwarpError, UnsupportedError, in_a_line, shown

if TYPE_CHECKING:
    from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto

MAX_BYTES = 1 << 30  # of the file, and of the numbers it keeps in others
MAX_NODES = 40_000
DEEPEST = 20  # graphs inside graphs
LOOPS = ("Loop", "Scan", "SequenceMap")
RANDOM = ("Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")


def need_onnx() -> Any:
    """The package onnx. Errors: UnsupportedError that says how to install it."""
    try:
        import onnx
    except ModuleNotFoundError as missing:
        if missing.name != "onnx":
            raise
        raise UnsupportedError("an ONNX file needs the package onnx: pip install 'netwarp[onnx]'") from missing
    return onnx


def read_model(path: Path) -> ModelProto:
    """The model of a file: bounded, valid by ONNX's checker, with its numbers and without functions of its own.

    Numbers may be kept in files beside it, as torch writes them; nowhere else. Errors: InputError where it is no ONNX
    file, is cut short or invalid; LimitError past 1 GiB or 40,000 nodes; UnsupportedError for loops, and without the
    package onnx.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitError(f"{_name(path)}: {size:,} bytes, at most {MAX_BYTES:,} are read")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{_name(path)}: no such file") from error
    except OSError as error:
        raise InputError(f"{_name(path)}: cannot be read ({error.strerror or error})") from error
    onnx = need_onnx()
    from google.protobuf.message import DecodeError

    try:
        model: ModelProto = onnx.load_model_from_string(data)
    except (DecodeError, RuntimeError, ValueError) as error:
        raise InputError(f"{_name(path)}: is no ONNX file, or cut short; write it with onnx.save") from error
    if not model.graph.node and not model.graph.output:
        raise InputError(f"{_name(path)}: has no graph, so it is no ONNX file, or cut short; write it with onnx.save")
    _bound(path, model)
    _fill(path, model)
    try:
        onnx.checker.check_model(model)
        if model.functions:
            from onnx.inliner import inline_local_functions

            model = inline_local_functions(model)
            _bound(path, model)
        for tensor in _tensors(path, model):
            onnx.numpy_helper.to_array(tensor)  # whose numbers may be more or fewer than its shape says
    except NetwarpError:
        raise
    except Exception as error:  # the checker has its own kinds, and numpy and protobuf theirs
        raise InputError(
            f"{_name(path)}: is not valid ({in_a_line(error, 200)}); export it again, or mend what onnx.checker finds"
        ) from error
    return model


def graphs_of(attribute: AttributeProto) -> list[GraphProto]:
    """The graphs in an attribute, as an If has them."""
    return [*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])]


def _bound(path: Path, model: ModelProto) -> None:
    for count, node in enumerate(_nodes(path, model), 1):
        if count > MAX_NODES:
            raise LimitError(f"{_name(path)}: more than {MAX_NODES:,} nodes; at most so many are read")
        if node.op_type in LOOPS:
            raise UnsupportedError(f"{_name(path)}: has a {node.op_type}, which may never end; loops are not run")
        if node.op_type in RANDOM:
            raise UnsupportedError(f"{_name(path)}: has a {node.op_type}: it draws at random, so it is no function")


def _nodes(path: Path, model: ModelProto) -> Iterator[NodeProto]:
    """Every node, those of graphs inside and of functions too."""
    waiting: list[tuple[Any, int]] = [(model.graph, 0), *((function, 0) for function in model.functions)]
    while waiting:
        graph, depth = waiting.pop()
        if depth > DEEPEST:
            raise LimitError(f"{_name(path)}: graphs in graphs, {DEEPEST} deep and more; less deep ones are read")
        for node in graph.node:
            yield node
            waiting += [(inner, depth + 1) for attribute in node.attribute for inner in graphs_of(attribute)]


def _tensors(path: Path, model: ModelProto) -> Iterator[TensorProto]:
    yield from model.graph.initializer
    for node in _nodes(path, model):
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for inner in graphs_of(attribute):
                yield from inner.initializer


def _fill(path: Path, model: ModelProto) -> None:
    """Numbers kept in files beside the model's, put into it."""
    onnx = need_onnx()
    total = 0
    for tensor in _tensors(path, model):
        if tensor.data_location != onnx.TensorProto.EXTERNAL:
            continue
        said = {entry.key: entry.value for entry in tensor.external_data}
        location = said.get("location", "")
        if not location or location in (".", "..") or any(c in location for c in "/\\:\0"):
            raise InputError(
                f"{_name(path)}: keeps numbers in {shown(location)}; only a file in its own folder, named without a "
                "path, is read"
            )
        file, kept = path.parent / location, f"{_name(path)}: keeps numbers in {location[:80]!r}"
        if file.is_symlink() or not file.is_file():
            raise InputError(f"{kept}, and there is no such file beside it; copy it there too")
        length = file.stat().st_size
        try:
            start, count = int(said.get("offset") or 0), int(said.get("length") or length)
        except ValueError:
            start, count = -1, 0
        if start < 0 or count < 0 or start > length or ("length" in said and start + count > length):
            raise InputError(f"{kept}, which does not hold all of them: it is cut short, or another one; copy it again")
        total += count
        if total > MAX_BYTES:
            raise LimitError(f"{_name(path)}: keeps more than {MAX_BYTES:,} bytes of numbers; at most so many are read")
        with file.open("rb") as opened:
            opened.seek(start)
            tensor.raw_data = opened.read(count)
        tensor.data_location = onnx.TensorProto.DEFAULT
        del tensor.external_data[:]


def _name(path: Path) -> str:
    return f"file {str(path)!r}"
