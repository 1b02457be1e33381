"""Prints the coefficients of src/netwarp/engine/coefficients.py: Chebyshev interpolation in 60-digit arithmetic.

Run `python tools/fit_coefficients.py > src/netwarp/engine/coefficients.py` (needs mpmath) after changing a degree or a
range, and then `make format`.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp

mp.mp.dps = 60
Function = Callable[[mp.mpf], mp.mpf]


def fit(f: Function, low: float, high: float, degree: int) -> list[float]:
    """Monomial coefficients, constant first, of the interpolant of f at the Chebyshev nodes of [low, high]."""
    n = degree + 1
    nodes = [mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    points = [(mp.mpf(high) + low) / 2 + (mp.mpf(high) - low) / 2 * t for t in nodes]
    matrix = mp.matrix(n, n)
    for i, p in enumerate(points):
        for j in range(n):
            matrix[i, j] = p**j
    return [float(c) for c in mp.lu_solve(matrix, mp.matrix([f(p) for p in points]))]


def scaled_erfc(centre: float) -> Function:
    """exp(x^2) erfc(x) (1 + 2 x) as a function of q = (x - centre) / (x + centre), which lies in [-1, 1) for x >= 0."""

    def f(q: mp.mpf) -> mp.mpf:
        if q > 1 - mp.mpf(10) ** -30:
            return 2 / mp.sqrt(mp.pi)
        x = centre * (1 + q) / (1 - q)
        if x > 10**6:
            return (1 + 2 * x) / (x * mp.sqrt(mp.pi)) * (1 - 1 / (2 * x * x))
        with mp.workdps(80):
            return mp.exp(x * x) * mp.erfc(x) * (1 + 2 * x)

    return f


def even(f: Function) -> Function:
    return lambda s: f(mp.sqrt(s)) / mp.sqrt(s) if s > 0 else mp.diff(f, 0)


HALF_LN2 = float(mp.log(2) / 2) * 1.0001
HALF_PI = float(mp.pi / 2) * 1.0001
TABLE = [
    (
        "EXPM1_OVER_X",
        "(exp(x) - 1) / x for |x| <= ln(2) / 2",
        lambda x: mp.expm1(x) / x if x else mp.mpf(1),
        -HALF_LN2,
        HALF_LN2,
        5,
        12,
    ),
    ("SIN_OVER_X", "sin(x) / x as a polynomial in x^2 for |x| <= pi / 2", even(mp.sin), 0, HALF_PI**2, 4, 10),
    ("ATANH_OVER_X", "atanh(x) / x as a polynomial in x^2 for |x| <= 1/3", even(mp.atanh), 0, 1 / 9 * 1.0001, 4, 12),
    ("ERF_OVER_X", "erf(x) / x as a polynomial in x^2 for |x| <= 1", even(mp.erf), 0, 1.0001, 5, 13),
]


def main() -> None:
    print('"""Polynomial coefficients, constant first, as (float32 fit, float64 fit).', end=" ")
    print('Printed by tools/fit_coefficients.py."""\n')
    for name, what, f, low, high, single, double in TABLE:
        _print(name, what, fit(f, low, high, single), fit(f, low, high, double))
    what = "exp(x^2) erfc(x) (1 + 2 x) in q = (x - c) / (x + c), x >= 0; c is 2 for float32, 4 for float64"
    _print("SCALED_ERFC", what, fit(scaled_erfc(2), -1, 1, 9), fit(scaled_erfc(4), -1, 1, 24))
    for name, value in (("PI", mp.pi), ("LN2", mp.log(2))):
        _print(
            f"{name}_PARTS",
            f"{name.lower()} as a sum of three numbers of the type",
            _parts(value, 24),
            _parts(value, 53),
        )


def _parts(value: mp.mpf, bits: int) -> list[float]:
    parts = []
    for _ in range(3):
        with mp.workprec(bits):
            part = +value
        parts.append(float(part))
        value = value - part
    return parts


def _print(name: str, what: str, single: list[float], double: list[float]) -> None:
    print(f"# {what}\n{name} = (")
    for coefficients in (single, double):
        print("    (")
        for c in coefficients:
            print(f"        {c!r},")
        print("    ),")
    print(")\n")


if __name__ == "__main__":
    main()
