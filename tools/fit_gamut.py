"""Fits the table of chroma limits: writes src/netwarp/picture/gamut_table.py and web/src/gpu/gamut_table.ts.

Run `python tools/fit_gamut.py` after changing the lightness range, the cells, the curvature or the matrices.

The limit is a biquadratic B-spline, periodic in hue. Its control values are those of the largest such surface that lies
below the true limit of the sRGB gamut and whose second derivatives stay below CURVATURE: the edges and corners of the
gamut, which would show as creases, are rounded from inside. That is a linear program.
"""

from __future__ import annotations

import base64
import textwrap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, eye, kron, vstack

from netwarp.picture.gamut import CELLS, LIGHTNESS, UNIT, chroma_limit, hue_octants
from netwarp.picture.oklab import linear_light

ROOT = Path(__file__).parents[1]
# of the limit's second derivative: by lightness, and by hue in octants
CURVATURE = 8.0, 0.9
# points a cell and a side, where the surface is held below the limit; and where that is checked
HELD, CHECKED = 6, 17
FAR = 0.4  # no colour of sRGB has more chroma
Floats = NDArray[np.float64]


def gamut_limit(lightness: Floats, hue: Floats) -> Floats:
    """The chroma at which sRGB ends, at a lightness and a hue in octants: the first way out, then bisected."""
    step = 1 / 512
    a, b = direction(hue)
    low = np.zeros(np.broadcast_shapes(lightness.shape, hue.shape))
    going = np.ones(low.shape, bool)
    for n in range(1, int(FAR / step)):
        going &= inside(lightness, n * step * a, n * step * b)
        low[going] = n * step
    high = low + step
    for _ in range(40):
        middle = (low + high) / 2
        good = inside(lightness, middle * a, middle * b)
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return low


def inside(lightness: Floats, a: Floats, b: Floats) -> NDArray[np.bool_]:
    light = linear_light(*np.broadcast_arrays(lightness, a, b))
    return np.asarray(((light >= 0) & (light <= 1)).all(axis=0))


def direction(hue: Floats) -> tuple[Floats, Floats]:
    """cos and sin of the angle whose hue in octants this is, by bisection."""
    low, high = np.zeros(hue.shape), np.full(hue.shape, 2 * np.pi)
    for _ in range(60):
        middle = (low + high) / 2
        below = hue_octants(np.cos(middle), np.sin(middle)) < hue
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.cos(low), np.sin(low)


def spline(places: Floats, controls: int, *, periodic: bool) -> csr_matrix:
    """The rows of weights that the controls have at places in units of a cell."""
    cell = np.floor(places).astype(int)
    u = places - cell
    weights = np.stack([(1 - u) ** 2, 1 + 2 * u - 2 * u * u, u * u], axis=1) / 2
    columns = cell[:, None] + np.arange(3)
    if periodic:
        columns %= controls
    rows = np.repeat(np.arange(len(places)), 3)
    return coo_matrix((weights.ravel(), (rows, columns.ravel())), (len(places), controls)).tocsr()


def bends(controls: int, *, periodic: bool) -> csr_matrix:
    """Second differences."""
    count = controls if periodic else controls - 2
    rows, columns = np.repeat(np.arange(count), 3), (np.arange(count)[:, None] + np.arange(3)).ravel() % controls
    return coo_matrix((np.tile([1.0, -2.0, 1.0], count), (rows, columns)), (count, controls)).tocsr()


def places(per: int) -> tuple[Floats, Floats]:
    """Lightness and hue in units of a cell, `per` points a cell, both ends of the lightness included."""
    lightness = np.linspace(0, CELLS[0], CELLS[0] * per + 1)
    # the upper end belongs to the last cell
    lightness[-1] -= 1e-9
    return lightness, np.arange(CELLS[1] * per) / per


def limits_at(cells: tuple[Floats, Floats]) -> Floats:
    lightness = LIGHTNESS[0] + (LIGHTNESS[1] - LIGHTNESS[0]) * cells[0] / CELLS[0]
    return gamut_limit(lightness[:, None], cells[1][None, :] * 8 / CELLS[1])


def fit() -> NDArray[np.uint16]:
    """The control values in units of the table, (lightness, hue)."""
    rows, columns = CELLS[0] + 2, CELLS[1]
    held = places(HELD)
    surface = kron(spline(held[0], rows, periodic=False), spline(held[1], columns, periodic=True)).tocsr()
    by_lightness = kron(bends(rows, periodic=False), eye(columns)).tocsr()
    by_hue = kron(eye(rows), bends(columns, periodic=True)).tocsr()
    most = CURVATURE[0] * ((LIGHTNESS[1] - LIGHTNESS[0]) / CELLS[0]) ** 2, CURVATURE[1] * (8 / CELLS[1]) ** 2
    bounds = [np.full(part.shape[0], size) for part, size in ((by_lightness, most[0]), (by_hue, most[1])) for _ in "+-"]
    found = linprog(
        -np.asarray(surface.sum(axis=0)).ravel(),
        A_ub=vstack([surface, by_lightness, -by_lightness, by_hue, -by_hue]),
        b_ub=np.concatenate([limits_at(held).ravel(), *bounds]),
        bounds=(0, None),
        method="highs",
    )
    assert found.status == 0, found.message
    controls = found.x.reshape(rows, columns)
    checked = places(CHECKED)
    made = spline(checked[0], rows, periodic=False) @ controls @ spline(checked[1], columns, periodic=True).T
    true = limits_at(checked)
    print(f"over the limit by {(made / true).max() - 1:.2e} between the points; mean share {(made / true).mean():.4f}")
    controls *= 0.9995 / (made / true).max()
    return np.floor(controls / UNIT).astype(np.uint16)


def main() -> None:
    text = base64.b64encode(fit().astype("<u2").tobytes()).decode("ascii")
    head = "Written by tools/fit_gamut.py: the control values of picture/gamut.py, base64 of uint16, low byte first."
    lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(text, 110))
    (ROOT / "src/netwarp/picture/gamut_table.py").write_text(f'"""{head}"""\n\nTABLE = (\n{lines}\n)\n')
    lines = " +\n".join(f'  "{line}"' for line in textwrap.wrap(text, 110))
    (ROOT / "web/src/gpu/gamut_table.ts").write_text(f"// {head}\nexport const TABLE =\n{lines};\n")
    print(chroma_limit.__module__, len(text), "characters")


if __name__ == "__main__":
    main()
