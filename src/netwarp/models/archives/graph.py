"""module_of: an archive of torch.export as a torch.nn.Module. Importing this module needs torch."""

# a graph is a list of nodes; each calls one operation on values that were made before it, and names what it makes

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch.fx import Graph, GraphModule, Node

from netwarp.errors import LimitError, NetwarpError, UnsupportedError, shown
from netwarp.models.archives.operations import SILENT, operation
from netwarp.models.archives.reading import Archive, Kept, damaged
from netwarp.models.exported import FRAME
from netwarp.models.input_shape import input_shape
from netwarp.models.slices import Slice

MAX_NODES = 40_000
_ODD = re.compile(r"[^\w.@/\\:\[\]-]")  # what neither a path in a module nor one of a file has
DEEPEST = 20  # graphs inside graphs
NO_GRAD = "torch.ops.higher_order.wrap_with_set_grad_enabled"
# torch's numbers for its types of tensors
TYPES = {
    1: torch.uint8,
    2: torch.int8,
    3: torch.int16,
    4: torch.int32,
    5: torch.int64,
    6: torch.float16,
    7: torch.float32,
    8: torch.float64,
    12: torch.bool,
    13: torch.bfloat16,
}
FORMATS = {1: torch.contiguous_format, 2: torch.channels_last, 3: torch.channels_last_3d, 4: torch.preserve_format}


def module_of(archive: Archive, at: Slice | None) -> tuple[GraphModule, torch.Tensor]:
    """The module, which takes one tensor, and such a tensor of zeros: one input of the slice.

    Where it was exported on a batch of several, all of them are that input. The output is the first one of floating
    numbers. Errors: UnsupportedError for several inputs, and what is not arithmetic; InputError where the slice does
    not fit, or the archive does not hold together.
    """
    try:
        return _Reading(archive, at).module()
    except NetwarpError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, RecursionError) as error:
        raise damaged(archive.what, f"{type(error).__name__}: {error}") from error


class _Reading:
    def __init__(self, archive: Archive, at: Slice | None) -> None:
        self.what, self.numbers, self.at = archive.what, archive.numbers, at
        self.text = archive.program["graph_module"]
        self.graph = Graph()
        self.root = torch.nn.Module()
        self.nodes = 0

    def module(self) -> tuple[GraphModule, torch.Tensor]:
        graph, signature = self.text["graph"], self.text["signature"]
        kinds = graph["tensor_values"]
        values: dict[str, Any] = {}
        given = self._given(signature["input_specs"], values)
        dtype = TYPES[kinds[given]["dtype"]]
        if not dtype.is_floating_point:
            raise UnsupportedError(f"{self.what}: its input is not a tensor of floating numbers")
        sides = kinds[given]["sizes"]
        lengths = tuple(int(side["as_int"]) if "as_int" in side else -1 for side in sides)
        shape = input_shape(lengths, self.what, self.at)
        several = lengths[:1] > (1,) and shape[0] == 1
        x = self.graph.placeholder("x")
        values[given] = self._own("expand", x, (lengths[0], *shape[1:])) if several else x
        self._run(graph, values, 0)
        outputs = [spec["user_output"]["arg"] for spec in signature["output_specs"] if "user_output" in spec]
        names = [arg["as_tensor"]["name"] for arg in outputs if "as_tensor" in arg]
        floats = [name for name in names if name not in kinds or TYPES[kinds[name]["dtype"]].is_floating_point]
        if not floats:
            raise UnsupportedError(f"{self.what}: has no output of floating numbers")
        found = values[floats[0]]
        self.graph.output(self._own("slice", found, 0, 0, 1) if several else found)
        # other outputs may be made by operations that have no exact form
        self.graph.eliminate_dead_code()
        return GraphModule(self.root, self.graph), torch.zeros(shape, dtype=dtype)

    def _own(self, name: str, *args: Any) -> Node:
        overload = "Tensor" if name == "slice" else "default"
        return self.graph.call_function(operation(f"torch.ops.aten.{name}.{overload}"), args)

    def _given(self, specs: list[Mapping[str, Any]], values: dict[str, Any]) -> str:
        """What the graph is given: numbers of the archive, and one input, whose name is returned."""
        inputs = []
        for spec in specs:
            ((kind, said),) = spec.items()
            if kind == "user_input" and "as_tensor" in said["arg"]:
                inputs.append(said["arg"]["as_tensor"]["name"])
            elif kind == "constant_input":
                ((_, values[said["name"]]),) = said["value"].items()
            elif kind in ("parameter", "buffer", "tensor_constant"):
                values[said["arg"]["name"]] = self._number(said[f"{kind}_name"])
            elif kind != "user_input" or "as_none" not in said["arg"]:
                raise UnsupportedError(f"{self.what}: its graph reads a {kind} besides one tensor and its weights")
        if len(inputs) != 1:
            named = ", ".join(map(shown, inputs[:6])) or "none"
            raise UnsupportedError(f"{self.what}: has {len(inputs)} inputs ({named}); only one is looked at")
        return str(inputs[0])

    def _number(self, name: str) -> Node:
        tensor = _tensor(self.numbers[name])
        attribute = f"kept_{len(self.graph.nodes)}"
        if tensor.is_floating_point():
            self.root.register_parameter(attribute, torch.nn.Parameter(tensor, requires_grad=False))
        else:
            self.root.register_buffer(attribute, tensor)
        return self.graph.get_attr(attribute)

    def _run(self, graph: Mapping[str, Any], values: dict[str, Any], depth: int) -> list[Any]:
        self.nodes += len(graph["nodes"])
        if self.nodes > MAX_NODES or depth > DEEPEST:
            raise LimitError(f"{self.what}: has more than {MAX_NODES:,} operations, or graphs {DEEPEST} deep")
        for node in graph["nodes"]:
            target = str(node["target"])
            if target.split(".")[-2 if target.count(".") > 3 else -1] in SILENT:
                continue
            if target == NO_GRAD:
                made: Any = self._inside(node, values, depth)
            else:
                made = self._call(node, target, values)
            self._name(node["outputs"], made, values)
        return [self._value(arg, values) for arg in graph["outputs"]]

    def _inside(self, node: Mapping[str, Any], values: dict[str, Any], depth: int) -> list[Any]:
        """A part under torch.no_grad(): as if it stood in the graph itself."""
        _, inner, *given = [one["arg"] for one in node["inputs"]]
        graph = inner["as_graph"]["graph"]
        names = [arg["as_tensor"]["name"] for arg in graph["inputs"]]
        own = {name: self._value(arg, values) for name, arg in zip(names, given, strict=True)}
        return self._run(graph, own, depth + 1)

    def _call(self, node: Mapping[str, Any], target: str, values: dict[str, Any]) -> Node:
        place = _place(node["metadata"])
        try:
            function = operation(target)
        except UnsupportedError as error:
            raise UnsupportedError(f"{self.what}: {error}{place}") from error
        args, options = [], {}
        for one in node["inputs"]:
            value = self._value(one["arg"], values)
            if one["name"] in ("train", "training") and value is True:
                raise UnsupportedError(
                    f"{self.what}: was exported in training mode{place}; call module.eval() before torch.export.export"
                )
            if one.get("kind", 1) == 2:
                options[str(one["name"])] = value
            else:
                args.append(value)
        made = self.graph.call_function(function, tuple(args), options)
        made.meta = _meta(node["metadata"])
        return made

    def _name(self, outputs: list[Mapping[str, Any]], made: Any, values: dict[str, Any]) -> None:
        if len(outputs) == 1 and "as_tensors" not in outputs[0]:
            names = [_named(outputs[0])]
            made = made if isinstance(made, list) else [made]
        else:
            flat = outputs[0]["as_tensors"] if len(outputs) == 1 else outputs
            names = [str(one["name"]) if "name" in one else _named(one) for one in flat]
        for i, name in enumerate(names):
            if name is not None:
                values[name] = made[i] if isinstance(made, list) else self._item(made, i)

    def _item(self, made: Node, i: int) -> Node:
        item = self.graph.call_function(operation("_operator.getitem"), (made, i))
        item.meta = dict(made.meta)
        return item

    def _value(self, arg: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
        ((kind, said),) = arg.items()
        if kind in _PLAIN:
            return _PLAIN[kind](said)
        if kind == "as_tensor":
            return values[said["name"]]
        if kind in ("as_tensors", "as_nested_tensors"):
            return [self._value({kind: one}, values) if isinstance(one, list) else values[one["name"]] for one in said]
        if kind in ("as_sym_int", "as_sym_float", "as_sym_bool", "as_optional_tensor"):
            ((which, own),) = said.items()
            if which == "as_tensor":
                return values[own["name"]]
            return None if which == "as_none" else values[own] if which == "as_name" else own
        if kind in ("as_sym_ints", "as_sym_floats", "as_sym_bools", "as_optional_tensors"):
            single = kind.removesuffix("s")
            return [self._value({single: one}, values) for one in said]
        raise UnsupportedError(f"{self.what}: an operation takes {shown(kind)}, which is not read")


def _list(one: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda said: [one(value) for value in said]


# what arguments without names of values are: float takes torch's "Infinity" and "NaN" as well
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "as_none": lambda _: None,
    "as_int": int,
    "as_ints": _list(int),
    "as_int_lists": _list(_list(int)),
    "as_float": float,
    "as_floats": _list(float),
    "as_float_lists": _list(_list(float)),
    "as_bool": bool,
    "as_bools": _list(bool),
    "as_string": str,
    "as_strings": _list(str),
    "as_scalar_type": TYPES.__getitem__,
    "as_memory_format": FORMATS.__getitem__,
    "as_layout": {7: torch.strided}.__getitem__,
    "as_device": lambda _: torch.device("cpu"),
}


def _named(output: Mapping[str, Any]) -> str | None:
    ((kind, said),) = output.items()
    if kind == "as_none":
        return None
    return str(said["name"] if "name" in said else said["as_name"])


def _tensor(kept: Kept) -> torch.Tensor:
    sizes, strides = ([int(side["as_int"]) for side in kept.meta[name]] for name in ("sizes", "strides"))
    dtype = TYPES[kept.meta["dtype"]]
    flat = torch.frombuffer(bytearray(kept.data), dtype=dtype) if kept.data else torch.empty(0, dtype=dtype)
    # torch refuses what lies outside of the bytes
    return flat.as_strided(sizes, strides, int(kept.meta["storage_offset"]["as_int"])).clone()


def _place(meta: Mapping[str, str]) -> str:
    path = next(reversed(list(_stack(meta))), ("", ("", "")))[1][0]
    return f", in {path[:100]}" if path else ""


def _stack(meta: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The modules that an operation belongs to, from the outermost: key, path and class."""
    for entry in str(meta.get("nn_module_stack", "")).split(";"):
        key, _, rest = entry.partition(",")
        path, _, kind = rest.partition(",")
        if key and not path.startswith("_empty_nn"):  # what torch writes where there is none
            yield _ODD.sub("_", key), (_ODD.sub("_", path), _ODD.sub("_", kind))


def _meta(meta: Mapping[str, str]) -> dict[str, Any]:
    """What torch keeps of a node beside what it computes: its modules, and its innermost line, both for messages."""
    lines = [f'  File "{name}", line {number}, in forward\n' for name, number in _line(meta)]
    return {"nn_module_stack": dict(_stack(meta)), "stack_trace": "".join(lines)}


def _line(meta: Mapping[str, str]) -> list[tuple[str, str]]:
    """The innermost line that is not torch's own, as (file, number)."""
    frames = FRAME.findall(str(meta.get("stack_trace", ""))[:100_000])
    own = [frame for frame in frames if "/torch/" not in frame[0]]
    return [(_ODD.sub("_", name)[-200:], number) for name, number in own[-1:]]
