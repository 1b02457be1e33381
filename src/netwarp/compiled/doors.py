"""How Python reaches a kernel: a function of one tuple of arguments, emitted around what numba makes of the kernel.

It reads numbers and arrays from their objects, lets go of the interpreter's lock, and calls. An argument of another
type than the one compiled for is no error: the answer then is MISMATCH, and no memory was touched. All that it needs of
Python and of numpy is a name that `machine` resolves, so that nothing here depends on numba's own helpers.
"""

# Any: numba's and llvmlite's objects have no types
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from llvmlite import ir

from netwarp.compiled.specs import Spec

I1, I8, I32, I64, F64, VOID = (
    ir.IntType(1),
    ir.IntType(8),
    ir.IntType(32),
    ir.IntType(64),
    ir.DoubleType(),
    ir.VoidType(),
)
OBJECT = I8.as_pointer()
# where an object of Python and an array of numpy keep what is read of them, in bytes; machine.layout_holds checks it
TYPE, DATA, DIMENSIONS, SHAPE, STRIDES, DTYPE, FLAGS = 8, 16, 24, 32, 40, 56, 64
# numpy's own numbers: contiguous in the order of C, aligned, writable
CONTIGUOUS, ALIGNED, WRITABLE = 0x1, 0x100, 0x400
# of Python's stable interface: what is called, its arguments, its result
CALLED: Final = {
    "PyTuple_Size": (I64, OBJECT),
    "PyTuple_GetItem": (OBJECT, OBJECT, I64),
    "PyTuple_New": (OBJECT, I64),
    "PyTuple_SetItem": (I32, OBJECT, I64, OBJECT),
    "PyNumber_Index": (OBJECT, OBJECT),
    "PyLong_AsLongLong": (I64, OBJECT),
    "PyLong_FromLongLong": (OBJECT, I64),
    "PyFloat_AsDouble": (F64, OBJECT),
    "PyFloat_FromDouble": (OBJECT, F64),
    "PyObject_IsTrue": (I32, OBJECT),
    "PyBool_FromLong": (OBJECT, I64),
    "PyErr_Occurred": (OBJECT,),
    "PyErr_Clear": (VOID,),
    "Py_IncRef": (VOID, OBJECT),
    "Py_DecRef": (VOID, OBJECT),
    "PyEval_SaveThread": (OBJECT,),
    "PyEval_RestoreThread": (VOID, OBJECT),
}
PREFIX = "netwarp."


class Door:
    """Emits one door into a module of its own. `context` is numba's target context, `called` what it compiled."""

    def __init__(self, context: Any, module: Any, name: str) -> None:
        self.context = context
        self.module = module
        function = ir.Function(module, ir.FunctionType(OBJECT, [OBJECT]), name)
        self.arguments = function.args[0]
        self.builder = ir.IRBuilder(function.append_basic_block("entry"))
        self.mismatch = function.append_basic_block("mismatch")
        self.failed = function.append_basic_block("failed")

    def emit(self, called: str, kinds: Any, result: Any, specs: tuple[Spec, ...]) -> None:
        """`kinds` and `result` are numba's types of the arguments and of what comes back."""
        b, context = self.builder, self.context
        items = self.items(self.arguments, len(kinds))
        values = [self.read(item, kind, spec) for item, kind, spec in zip(items, kinds, specs, strict=True)]
        target = ir.Function(self.module, context.call_conv.get_function_type(result, kinds), called)
        state = self.call("PyEval_SaveThread")
        status, value = context.call_conv.call_function(b, target, result, kinds, values)
        self.call("PyEval_RestoreThread", state)
        self.need(status.is_ok, self.failed)
        b.ret(self.made(value, result))
        for block, name in ((self.mismatch, "mismatch"), (self.failed, "failed")):
            b.position_at_end(block)
            self.call("PyErr_Clear")
            b.ret(self.known(name))

    def call(self, name: str, *arguments: Any) -> Any:
        result, *kinds = CALLED[name]
        function = self.module.globals.get(name) or ir.Function(self.module, ir.FunctionType(result, kinds), name)
        return self.builder.call(function, arguments)

    def outside(self, name: str) -> Any:
        """The address of an object of Python that `machine` knows by this name."""
        name = PREFIX + name
        found = self.module.globals.get(name)
        if found is None:
            found = ir.GlobalVariable(self.module, I8, name)
            found.linkage = "external"
        return found

    def known(self, name: str) -> Any:
        """As `outside`, as a new reference."""
        self.call("Py_IncRef", self.outside(name))
        return self.outside(name)

    def need(self, condition: Any, other: Any = None) -> None:
        """Goes on where the condition holds, else to the block `other`, that of a mismatch."""
        onward = self.builder.append_basic_block()
        self.builder.cbranch(condition, onward, other or self.mismatch)
        self.builder.position_at_end(onward)

    def at(self, place: Any, offset: int, kind: Any) -> Any:
        b = self.builder
        return b.load(b.bitcast(b.gep(place, [ir.Constant(I64, offset)]), kind.as_pointer()))

    def is_one(self, item: Any, *names: str) -> Any:
        """Whether the item's type is one of these."""
        kind = self.at(item, TYPE, OBJECT)
        found = ir.Constant(I1, 0)
        for name in names:
            found = self.builder.or_(found, self.builder.icmp_unsigned("==", kind, self.outside(name)))
        return found

    def items(self, item: Any, count: int) -> list[Any]:
        self.need(self.builder.icmp_signed("==", self.call("PyTuple_Size", item), ir.Constant(I64, count)))
        return [self.call("PyTuple_GetItem", item, ir.Constant(I64, n)) for n in range(count)]

    def read(self, item: Any, kind: Any, spec: Spec) -> Any:
        """The value of one argument, as numba's compiled code has it."""
        b = self.builder
        if spec == "none":
            self.need(b.icmp_unsigned("==", item, self.outside("None")))
            return self.context.get_dummy_value()
        if spec == "bool":
            self.need(self.is_one(item, "bool", "numpy.bool"))
            return b.icmp_signed("!=", self.call("PyObject_IsTrue", item), ir.Constant(I32, 0))
        if spec == "float":
            self.need(self.is_one(item, "float", "numpy.float64"))
            return self.call("PyFloat_AsDouble", item)
        if spec == "int":
            whole = self.call("PyNumber_Index", item)
            self.need(b.icmp_unsigned("!=", whole, ir.Constant(OBJECT, None)))
            value = self.call("PyLong_AsLongLong", whole)
            self.call("Py_DecRef", whole)
            with b.if_then(b.icmp_signed("==", value, ir.Constant(I64, -1)), likely=False):
                self.need(b.icmp_unsigned("==", self.call("PyErr_Occurred"), ir.Constant(OBJECT, None)))
            return value
        if spec[0] == "array":
            return self.array(item, kind, spec)
        specs = spec[1:] if spec[0] == "tuple" else spec[2:]
        items = self.items(item, len(specs))
        values = [self.read(one, of, its) for one, of, its in zip(items, kind.types, specs, strict=True)]
        return self.context.make_tuple(b, kind, values)

    def array(self, item: Any, kind: Any, spec: Spec) -> Any:
        from numba.np.arrayobj import populate_array

        b = self.builder
        dtype, dimensions, layout, access = tuple(spec)[1:]
        self.need(self.is_one(item, "numpy.ndarray"))
        self.need(b.icmp_unsigned("==", self.at(item, DTYPE, OBJECT), self.outside(f"numpy.dtype.{dtype}")))
        self.need(b.icmp_signed("==", self.at(item, DIMENSIONS, I32), ir.Constant(I32, dimensions)))
        flags = ALIGNED | (CONTIGUOUS if layout == "C" else 0) | (WRITABLE if access == "rw" else 0)
        wanted = ir.Constant(I32, flags)
        self.need(b.icmp_signed("==", b.and_(self.at(item, FLAGS, I32), wanted), wanted))
        shape, strides = self.at(item, SHAPE, OBJECT), self.at(item, STRIDES, OBJECT)
        array = self.context.make_array(kind)(self.context, b)
        size = self.context.get_abi_sizeof(self.context.get_data_type(kind.dtype))
        populate_array(
            array,
            data=b.bitcast(self.at(item, DATA, OBJECT), array.data.type),
            shape=[self.at(shape, 8 * n, I64) for n in range(dimensions)],
            strides=[self.at(strides, 8 * n, I64) for n in range(dimensions)],
            itemsize=ir.Constant(I64, size),
            meminfo=None,
        )
        return array._getvalue()

    def made(self, value: Any, kind: Any) -> Any:
        """A new object of Python of what came back; an array is the tuple of its owner, its place and its shape."""
        types: Any = import_module("numba.core.types")
        b = self.builder
        if kind == types.none:
            return self.known("None")
        if isinstance(kind, types.Boolean):
            return self.call("PyBool_FromLong", b.zext(value, I64))
        if isinstance(kind, types.Integer):
            wider = b.sext if kind.signed else b.zext
            return self.call("PyLong_FromLongLong", value if kind.bitwidth == 64 else wider(value, I64))
        if isinstance(kind, types.Float):
            return self.call("PyFloat_FromDouble", value if kind.bitwidth == 64 else b.fpext(value, F64))
        if isinstance(kind, types.BaseTuple):
            parts = [self.made(b.extract_value(value, n), one) for n, one in enumerate(kind.types)]
        elif isinstance(kind, types.Array) and kind.layout == "C":
            array = self.context.make_array(kind)(self.context, b, value)
            numbers = [b.ptrtoint(array.meminfo, I64), b.ptrtoint(array.data, I64)]
            numbers += [b.extract_value(array.shape, n) for n in range(kind.ndim)]
            parts = [self.call("PyLong_FromLongLong", number) for number in numbers]
        else:
            raise TypeError(f"a kernel returns {kind}: numbers, tuples and contiguous arrays can be returned")
        made = self.call("PyTuple_New", ir.Constant(I64, len(parts)))
        for n, part in enumerate(parts):
            self.call("PyTuple_SetItem", made, ir.Constant(I64, n), part)
        return made


def returned(kind: Any) -> Spec:
    """What `made` makes of it, as a spec: Python turns the arrays among it into numpy's."""
    types: Any = import_module("numba.core.types")
    if isinstance(kind, types.BaseTuple):
        return ("tuple", *(returned(one) for one in kind.types))
    if isinstance(kind, types.Array):
        return ("array", str(kind.dtype), kind.ndim, "C", "rw")
    return "plain"
