"""The two lines that convert a file of pickled Python where its owner trusts it. Nothing of it is executed here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from netwarp.network.pickled import EstimatorFile, TorchFile, estimator_file, torch_file

HEAD = 1 << 20  # bytes of an HDF5 file, in which a model of Keras says what its layers are
# the kinds of files that are told here
PICKLED: Final = ("torch", "script", "pickle", "joblib", "keras", "hdf5")
_NEVER = "pickled Python that is never loaded"
_CALLED = "model(keras.ops.zeros((1, *model.input_shape[1:])))"


def converted(path: Path, kind: str) -> str:
    """What a file of one of the kinds PICKLED is, and the two lines of Python that make one of it that is read."""
    match kind:
        case "script":
            return _script(path)
        case "torch":
            return _torch(path, torch_file(path), f'torch.load({_named(path)}, map_location="cpu", weights_only=True)')
        case "keras" | "hdf5":
            return _keras(path, kind)
    found = estimator_file(path)
    if isinstance(found, EstimatorFile):
        return _estimator(path, found)
    if isinstance(found, TorchFile):
        return _torch(path, found, f'__import__("pickle").load(open({_named(path)}, "rb"))')
    what = f"a file of joblib, {_NEVER}" if kind == "joblib" else "pickled Python, which is never loaded"
    return (
        f"{what}; load it in Python where you trust it, and give the model to nw.field or nw.decision, or save the "
        "arrays of its layers by numpy.savez as W0, b0, W1, b1, ..."
    )


def _torch(path: Path, found: TorchFile, load: str) -> str:
    part = "" if found.key is None else f'["{found.key}"]'
    if found.what == "tensor":
        return f"a tensor of PyTorch, {_NEVER}; a model has the weight and bias of every layer, as W0, b0, W1, b1, ..."
    if found.what != "state":
        first = f"import torch; module = {load.replace('weights_only=True', 'weights_only=False')}{part}"
        second, note = _exported(path, "module", found.inputs)
        return _lines(f"a file of PyTorch, {_NEVER}", first, f"{second}, {note}")
    what = f"a state_dict of PyTorch, {_NEVER}"
    if part:
        what = f"a checkpoint of PyTorch with a state_dict at {part}, {_NEVER}"
    if found.linear:
        arrays = "{name: one.double().numpy() for name, one in state.items()}"
        return _lines(
            what,
            f"import torch; state = {load}{part}",
            f"import numpy; numpy.savez({_named(path, '.npz')}, **{arrays})",
        )
    second, note = _exported(path, "model", found.inputs)
    first = f"import torch; model = Net(); model.load_state_dict({load}{part})"
    return _lines(what, first, f"{second}, where Net is your module's own class, and {note.removeprefix('where ')}")


def _exported(path: Path, module: str, inputs: int | None) -> tuple[str, str]:
    """The line that writes a module as an archive of torch.export, and what is to be known of it."""
    one = f"torch.zeros(1, {inputs or 2})"
    return (
        f"torch.export.save(torch.export.export({module}.double().eval(), ({one}.double(),)), {_named(path, '.pt2')})",
        f"where {one} has the shape of one input",
    )


def _script(path: Path) -> str:
    one = f"torch.zeros(1, {torch_file(path).inputs or 2})"
    first = f'import torch; module = torch.jit.load({_named(path)}, map_location="cpu").eval()'
    second = f"torch.onnx.export(module, ({one},), {_named(path, '.onnx')}, dynamo=False)"
    return _lines(f"a TorchScript archive, {_NEVER}", first, f"{second}, where {one} has the shape of one input")


def _estimator(path: Path, found: EstimatorFile) -> str:
    several = found.inputs is not None and found.inputs > 2
    plane = f", nw.features(0, 1, at=[0] * {found.inputs})" if several else ""
    made = f"nw.sklearn.from_estimator(model{plane}).save({_named(path, '.npz')})"
    if not found.layers:
        made = f"nw.decision(model{plane}, plane=nw.Plane(0, 0, 4, 4)).save({_named(path, '.png')})"
    load = f"import joblib; model = joblib.load({_named(path)})"
    return _lines(f"an estimator of scikit-learn, {_NEVER}", load, f"import netwarp as nw; {made}")


def _keras(path: Path, kind: str) -> str:
    first = f"import keras; model = keras.saving.load_model({_named(path)}); {_CALLED}"
    second = f'model.export({_named(path, ".onnx")}, format="onnx")'
    if kind == "keras":
        return _lines("a Keras model, which can hold Python and is never loaded", first, second)
    what = "an HDF5 file, as Keras writes, which can hold Python and is never loaded"
    with path.open("rb") as file:
        if b"model_config" not in file.read(HEAD):
            what += "; where it has the weights of a model alone, build the model first"
            first = f"import keras; model.load_weights({_named(path)}); {_CALLED}"
    return _lines(what, first, second)


def _named(path: Path, ending: str | None = None) -> str:
    """The name of the file as Python's text; with `ending`, that of another file of that kind: never of this one."""
    name = path.name if ending is None else f"{path.stem}{ending}"
    if ending is not None and name.lower() == path.name.lower():
        name = f"{path.stem}-converted{ending}"
    return json.dumps(name, ensure_ascii=False)


def _lines(what: str, first: str, second: str) -> str:
    return f"{what}; convert it where you trust it: {first}; {second}"
