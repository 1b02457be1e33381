"""Vectors of floats inside compiled code: a small face over LLVM's instruction builder, used by the kernels' emitters.

Only operations that IEEE 754 defines to the last bit: add, subtract, multiply, divide, fused multiply-add, square root,
round, compare, select. So a formula gives the same bits whatever the width of a vector is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import binding, ir

I1, I32, I64 = ir.IntType(1), ir.IntType(32), ir.IntType(64)

_features = binding.get_host_cpu_features()
VECTOR_BYTES = 64 if _features.get("avx512f") else 32 if _features.get("avx") else 16
# with 32 vector registers a tile of 6 outputs x 4 vectors stays in registers; with 16, of 6 x 2
TILE_VECTORS = 4 if VECTOR_BYTES == 64 else 2


@dataclass(frozen=True)
class Kind:
    """A float type and how many of them one vector register of this machine holds."""

    bits: int

    @property
    def scalar(self) -> Any:
        return ir.FloatType() if self.bits == 32 else ir.DoubleType()

    @property
    def lanes(self) -> int:
        return VECTOR_BYTES * 8 // self.bits

    @property
    def size(self) -> int:
        return self.bits // 8

    @property
    def mantissa(self) -> int:
        return 23 if self.bits == 32 else 52

    @property
    def exponent_bias(self) -> int:
        return 127 if self.bits == 32 else 1023


class Lanes:
    """Emits operations on vectors of `lanes` floats of `kind` at the builder's position."""

    def __init__(self, builder: Any, kind: Kind, lanes: int | None = None) -> None:
        self.builder = builder
        self.kind = kind
        self.lanes = lanes or kind.lanes
        self.type = ir.VectorType(kind.scalar, self.lanes)
        self.integers = ir.VectorType(ir.IntType(kind.bits), self.lanes)

    def constant(self, value: float) -> Vector:
        if self.kind.bits == 32:
            # llvmlite wants a float constant that is exactly representable
            import struct

            value = struct.unpack("f", struct.pack("f", value))[0]
        return Vector(self, ir.Constant(self.type, [value] * self.lanes))

    def splat(self, scalar: Any) -> Vector:
        b = self.builder
        one = b.insert_element(ir.Constant(self.type, ir.Undefined), scalar, ir.Constant(I32, 0))
        zeros = ir.Constant(ir.VectorType(I32, self.lanes), [0] * self.lanes)
        return Vector(self, b.shuffle_vector(one, one, zeros))

    def reversed(self, v: Vector) -> Vector:
        order = ir.Constant(ir.VectorType(I32, self.lanes), list(range(self.lanes - 1, -1, -1)))
        return Vector(self, self.builder.shuffle_vector(v.value, v.value, order))

    def load(self, pointer: Any) -> Vector:
        return Vector(
            self, self.builder.load(self.builder.bitcast(pointer, self.type.as_pointer()), align=self.kind.size)
        )

    def load_splat(self, pointer: Any) -> Vector:
        return self.splat(self.builder.load(pointer))

    def store(self, v: Vector, pointer: Any) -> None:
        self.builder.store(v.value, self.builder.bitcast(pointer, self.type.as_pointer()), align=self.kind.size)

    def call(self, name: str, *args: Vector) -> Vector:
        full = f"llvm.{name}.v{self.lanes}f{self.kind.bits}"
        function = self.builder.module.declare_intrinsic(full, fnty=ir.FunctionType(self.type, [self.type] * len(args)))
        return Vector(self, self.builder.call(function, [a.value for a in args]))

    def converted(self, v: Vector) -> Vector:
        """A float64 vector of as many lanes in this kind."""
        if self.kind.bits == v.lanes.kind.bits:
            return Vector(self, v.value)
        return Vector(self, self.builder.fptrunc(v.value, self.type))

    def fma(self, a: Vector, b: Vector | float, c: Vector | float) -> Vector:
        return self.call("fma", a, a.like(b), a.like(c))

    def polynomial(self, x: Vector, coefficients: Sequence[float]) -> Vector:
        """Horner's rule; constant first."""
        result = self.constant(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            result = self.fma(result, x, c)
        return result

    def power_of_two(self, n: Vector) -> Vector:
        """2^n for a whole number n within the exponents of normal numbers."""
        # added to a number whose last digit counts ones, n and the exponent's bias stand in the lowest bits
        kind = self.kind
        counted = n + (1.5 * 2.0**kind.mantissa + kind.exponent_bias)
        shift = ir.Constant(self.integers, [kind.mantissa] * self.lanes)
        bits = self.builder.bitcast(counted.value, self.integers)
        return Vector(self, self.builder.bitcast(self.builder.shl(bits, shift), self.type))


class Vector:
    """A vector value; operators emit instructions. Comparisons give masks for `where`."""

    __slots__ = ("lanes", "value")

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes = lanes
        self.value = value

    def like(self, other: Vector | float) -> Vector:
        return other if isinstance(other, Vector) else self.lanes.constant(other)

    def _emit(self, instruction: Callable[[Any, Any], Any], a: Vector | float, b: Vector | float) -> Vector:
        return Vector(self.lanes, instruction(self.like(a).value, self.like(b).value))

    def __add__(self, other: Vector | float) -> Vector:
        return self._emit(self.lanes.builder.fadd, self, other)

    def __radd__(self, other: float) -> Vector:
        return self._emit(self.lanes.builder.fadd, other, self)

    def __sub__(self, other: Vector | float) -> Vector:
        return self._emit(self.lanes.builder.fsub, self, other)

    def __rsub__(self, other: float) -> Vector:
        return self._emit(self.lanes.builder.fsub, other, self)

    def __mul__(self, other: Vector | float) -> Vector:
        return self._emit(self.lanes.builder.fmul, self, other)

    def __rmul__(self, other: float) -> Vector:
        return self._emit(self.lanes.builder.fmul, other, self)

    def __truediv__(self, other: Vector | float) -> Vector:
        return self._emit(self.lanes.builder.fdiv, self, other)

    def __rtruediv__(self, other: float) -> Vector:
        return self._emit(self.lanes.builder.fdiv, other, self)

    def __neg__(self) -> Vector:
        return Vector(self.lanes, self.lanes.builder.fneg(self.value))

    def __abs__(self) -> Vector:
        return self.lanes.call("fabs", self)

    def rounded(self) -> Vector:
        """To the nearest whole number, ties to even."""
        return self.lanes.call("rint", self)

    def floor(self) -> Vector:
        return self.lanes.call("floor", self)

    def sqrt(self) -> Vector:
        return self.lanes.call("sqrt", self)

    def signed_as(self, other: Vector) -> Vector:
        """This magnitude with the sign of `other`."""
        return self.lanes.call("copysign", self, other)

    def _compare(self, operator: str, other: Vector | float) -> Any:
        return self.lanes.builder.fcmp_ordered(operator, self.value, self.like(other).value)

    def __lt__(self, other: Vector | float) -> Any:
        return self._compare("<", other)

    def __gt__(self, other: Vector | float) -> Any:
        return self._compare(">", other)

    def at_least(self, low: Vector | float) -> Vector:
        """max(self, low); NaN stays NaN."""
        return self.where(self < low, low)

    def at_most(self, high: Vector | float) -> Vector:
        """min(self, high); NaN stays NaN."""
        return self.where(self > high, high)

    def where(self, mask: Any, other: Vector | float) -> Vector:
        """`other` where the mask holds, else this."""
        return Vector(self.lanes, self.lanes.builder.select(mask, self.like(other).value, self.value))


def counted(
    builder: Any, n: Any, body: Callable[[Any, list[Any]], list[Any]], carried: Sequence[Any] = ()
) -> list[Any]:
    """Emits `for i in range(n)`; `carried` values travel as phis, so that accumulators stay in registers."""
    before = builder.block
    head, inside, after = (builder.append_basic_block() for _ in range(3))
    builder.branch(head)
    builder.position_at_end(head)
    i = builder.phi(I64)
    i.add_incoming(ir.Constant(I64, 0), before)
    phis = []
    for value in carried:
        phi = builder.phi(value.type)
        phi.add_incoming(value, before)
        phis.append(phi)
    builder.cbranch(builder.icmp_signed("<", i, n), inside, after)
    builder.position_at_end(inside)
    new = body(i, phis)
    i.add_incoming(builder.add(i, ir.Constant(I64, 1)), builder.block)
    for phi, value in zip(phis, new, strict=True):
        phi.add_incoming(value, builder.block)
    builder.branch(head)
    builder.position_at_end(after)
    return phis
