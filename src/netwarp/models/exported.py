"""A graph that torch.export wrote, read into a Program. Importing this module needs torch."""

# a node is one operation of the graph; what depends on the input is a Tensor or a Mask, all else is torch's own

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from operator import getitem
from pathlib import PurePath
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, OutputKind
from torch.fx import Graph, GraphModule, Node

from netwarp.errors import UnsupportedError
from netwarp.models.aten.kinds import numbered
from netwarp.models.aten.known import known
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Mask, Tensor
from netwarp.models.probed import AFFINE, probed

# what torch.export leaves in a graph that computes nothing
SILENT = ("_set_grad_enabled", "_assert_tensor_metadata", "_assert_async", "sym_constrain_range", "_assert_scalar")
# these give their input back in eval mode, though their schema does not say so
ALIASES = ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")
# of scores, these make probabilities in the same order: the kind, by the operation's name
SCORES = {"softmax": "softmax", "_softmax": "softmax", "log_softmax": "log_softmax", "_log_softmax": "log_softmax"}
FRAME = re.compile(r'File "([^"\n]+)", line (\d+)')
WRAPPED = "netwarp_wrapped"
LONGEST = 200  # characters of a layer's path
STILL = "; nw.field(module, slice) still draws it"


def read(exported: ExportedProgram, builder: Builder, given: Tensor) -> Tensor:
    """The output of an exported module of one input, which is `given`.

    Errors: UnsupportedError naming an operation that is not known, with its module's path and its source line.
    """
    if not apart(exported.graph):
        # each operation in place becomes one that gives a new value; no other one is taken to pieces
        exported = exported.run_decompositions({})
    values: list[Any] = []
    for spec in exported.graph_signature.input_specs:
        if spec.kind == InputKind.USER_INPUT:
            values.append(given)
        elif spec.target in exported.state_dict:
            values.append(exported.state_dict[spec.target].detach())
        else:
            values.append(exported.constants[str(spec.target)])
    found = _run(exported.graph_module, values, builder)
    outputs = zip(found, exported.graph_signature.output_specs, strict=True)
    output = next(value for value, spec in outputs if spec.kind == OutputKind.USER_OUTPUT)
    return numbered(builder, output.detach().numpy() if isinstance(output, torch.Tensor) else output)


def scored(exported: ExportedProgram) -> str:
    """The softmax or log_softmax over the classes at the end of a graph, which is left out of it; "" of another end."""
    end = next(node for node in exported.graph.nodes if node.op == "output")
    specs = exported.graph_signature.output_specs
    place = next(n for n, spec in enumerate(specs) if spec.kind == OutputKind.USER_OUTPUT)
    given = end.args[0][place]
    after, last = [], given
    while isinstance(last, Node) and _name(last) in ALIASES:
        after.append(last)
        last = last.args[0]
    kind = SCORES.get(_name(last), "") if isinstance(last, Node) else ""
    if not kind or not _over_all(last):
        return ""
    end.replace_input_with(given, last.args[0])
    exported.graph_signature.output_specs[place].arg.name = last.args[0].name
    for node in (*after, last):
        if not node.users:
            exported.graph.erase_node(node)
    exported.graph_module.recompile()
    return kind


def _over_all(node: Node) -> bool:
    """Whether a softmax is over all the outputs of one input, of which there are several."""
    shape = node.meta["val"].shape
    return bool(1 < shape[node.args[1]] == shape.numel())


def _name(node: Node) -> str:
    return str(node.target).removeprefix("aten.").partition(".")[0]


def apart(graph: Graph) -> bool:
    """Whether no operation in place changes what another one still sees, by the same name or as a view."""
    nodes = list(graph.nodes)
    place = {node: i for i, node in enumerate(nodes)}
    own: set[Node] = set()  # whose memory no other value shares from here on
    for node in nodes:
        if not _writes(node):
            if not _shares(node):
                own.add(node)
            continue
        into = node.args[0]
        if not isinstance(into, Node) or into not in own:
            return False
        others = [user for user in into.users if user is not node]
        if any(place[user] > place[node] or _shares(user) for user in others):
            return False
        own.add(node)
    return True


def _run(module: GraphModule, given: Sequence[Any], builder: Builder) -> list[Any]:
    values: dict[Node, Any] = {}
    inputs = iter(given)
    last = {source: node for node in module.graph.nodes for source in node.all_input_nodes}
    for node in module.graph.nodes:
        if node.op == "placeholder":
            values[node] = next(inputs)
        elif node.op == "get_attr":
            values[node] = getattr(module, node.target)
        elif node.op == "output":
            found = _filled(node.args[0], values)
            return list(found) if isinstance(found, tuple | list) else [found]
        else:
            values[node] = _called(node, values, builder)
        for source in node.all_input_nodes:
            if last[source] is node:
                del values[source]
    raise AssertionError("a graph ends in its output")


def _called(node: Node, values: Mapping[Node, Any], builder: Builder) -> Any:
    name = str(node.target)
    args, options = _filled(node.args, values), _filled(node.kwargs, values)
    if node.target is getitem:
        return args[0][args[1]]
    if "wrap_with_set_grad_enabled" in name:
        return _run(args[1], args[2:], builder)
    if any(silent in name for silent in SILENT):
        return None
    if name == "wrap_with_autocast":
        device, rounded, enabled, _, inner, *inputs = args
        if not enabled or device != "cpu" or not _depends(inputs):
            return _run(inner, inputs, builder)
        raise _refused(
            node,
            f"rounds to {str(rounded or 'a shorter type').removeprefix('torch.')}, whereas it is computed in float64",
        )
    if not _depends(args) and not _depends(options):
        return node.target(*args, **options)  # type: ignore[operator]  # of a call the target is a function
    builder.layer = path_of(node)[:LONGEST]
    try:
        if _name(node) in AFFINE:
            return probed(node.target, args, options, builder)  # type: ignore[arg-type]
        found = known(name)
        if found is None:
            raise UnsupportedError("is not an operation that from_module knows")
        args, options = _arrays(args), _arrays(options)
        try:
            inspect.signature(found).bind(builder, *args, **options)
        except TypeError as error:
            raise UnsupportedError(f"is used in a way that from_module does not know ({error})") from None
        return found(builder, *args, **options)
    except UnsupportedError as error:
        raise _refused(node, str(error)) from error


def path_of(node: Node) -> str:
    """The path of the module that an operation belongs to, as "features.0"; empty of the module itself."""
    stack = node.meta.get("nn_module_stack") or {}
    path = str([path for path, _ in stack.values()][-1]) if stack else ""
    # a module called twice has "@1" after its path; WRAPPED is the one output that is looked at, of several
    return path.split("@")[0].removeprefix(WRAPPED).removeprefix(".")


def line_of(node: Node) -> str:
    """The source line that an operation came of, the innermost that is not torch's own: "net.py:12"."""
    frames = FRAME.findall(str(node.meta.get("stack_trace") or ""))
    own = [frame for frame in frames if "/torch/" not in frame[0] and not frame[0].startswith("<")]
    return f"{PurePath(own[-1][0]).name}:{own[-1][1]}" if own else ""


def _refused(node: Node, why: str) -> UnsupportedError:
    operation = str(node.target).removeprefix("aten.").removesuffix(".default")
    path, line = path_of(node), line_of(node)
    place = f"{operation} in {path or 'the module'}" + (f" ({line})" if line else "")
    return UnsupportedError(f"from_module: {place}: {why}{STILL}")


def _writes(node: Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and schema.is_mutable


def _shares(node: Node) -> bool:
    """Whether a node's value may be a view of what it reads."""
    if node.op != "call_function":
        return False
    schema = getattr(node.target, "_schema", None)
    if schema is None or schema.name.removeprefix("aten::") in ALIASES:
        return True
    return any(one.alias_info is not None for one in schema.returns)


def _filled(given: Any, values: Mapping[Node, Any]) -> Any:
    """Arguments with values for their nodes."""
    if isinstance(given, Node):
        return values[given]
    if isinstance(given, tuple | list):
        return type(given)([_filled(one, values) for one in given])
    if isinstance(given, dict):
        return {name: _filled(one, values) for name, one in given.items()}
    return given


def _depends(given: Any) -> bool:
    if isinstance(given, tuple | list):
        return any(map(_depends, given))
    return any(map(_depends, given.values())) if isinstance(given, dict) else isinstance(given, Tensor | Mask)


def _arrays(given: Any) -> Any:
    """Arguments with arrays for torch's tensors."""
    if isinstance(given, torch.Tensor):
        return given.detach().resolve_conj().numpy()
    if isinstance(given, tuple | list):
        return type(given)([_arrays(one) for one in given])
    return {name: _arrays(one) for name, one in given.items()} if isinstance(given, dict) else given
