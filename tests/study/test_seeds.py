"""The one loop over seeds, and what it runs: in order, pure, the same in another process."""

import ast
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.claims import registry
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.source import Graph
from netwarp.plane import Raster
from netwarp.study.ensemble import ensemble, ensembles
from netwarp.study.evaluate import evaluate
from netwarp.study.seeds import by_point, over, seeds_of

GRID = Raster(24, 16)
NAMES = ("total_variation", "regions")


def test_work_over_seeds_keeps_their_order() -> None:
    told: list[tuple[int, int]] = []
    assert over(lambda seed: seed * seed, [3, 1, 2], lambda done, total: told.append((done, total))) == [9, 1, 4]
    assert told[-1] == (3, 3)


def test_points_keep_their_seeds_apart() -> None:
    found = by_point(lambda a, b, seed: (a, b, seed), {(1, "x"): range(2), (2, "y"): (5,)})
    assert found == {(1, "x"): [(1, "x", 0), (1, "x", 1)], (2, "y"): [(2, "y", 5)]}
    assert by_point(lambda a, seed: a, {(3,): ()}) == {(3,): []}


def test_seeds_are_a_number_or_a_list() -> None:
    assert seeds_of(3) == (0, 1, 2) == seeds_of(np.int64(3))
    assert seeds_of(range(8, 10)) == (8, 9)
    for wrong in (0, -1, True, None, 1.5, []):
        with pytest.raises(InputError, match="seeds"):
            seeds_of(wrong)  # type: ignore[arg-type]  # wrong on purpose


GRAPH = Network(Graph(lower(Network.draw(parse("conv(4, norm=None) * 2"), 1))))


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", [parse("conv(5) * 2"), Network.draw(parse("conv(4)"), 1), Network.sawtooth(3), GRAPH]
)
def test_a_row_is_the_same_in_another_process(source: Architecture | Network) -> None:
    work = partial(evaluate, source, raster=GRID, calibration=GRID, measures=NAMES)
    here = work(seed=3)
    assert pickle.loads(pickle.dumps(here)) == here
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(work, seed=3).result() == here


def test_a_row_is_what_the_ensemble_holds() -> None:
    architecture = parse("conv(5) * 2")
    found = ensemble(architecture, NAMES, seeds=(4, 2), raster=GRID, calibration=GRID)
    for place, seed in enumerate((4, 2)):
        row = evaluate(architecture, seed, GRID, GRID, NAMES)
        assert {name: found.measurements[name][place] for name in NAMES} == row.measurements
        assert found.roundings[place] == row.rounding
    both = ensembles((architecture, architecture), NAMES, seeds=(4, 2), raster=GRID, calibration=GRID)
    assert [one.measurements for one in both] == [found.measurements] * 2


def test_what_may_not_apply_is_absent_where_it_is_optional() -> None:
    stepped = parse("conv(5, 3, act='step') * 2")
    with pytest.raises(UnsupportedError, match="total_variation does not apply"):
        evaluate(stepped, 0, GRID, GRID, ("total_variation",), strict=("total_variation",))
    wanted = ("level_set_length", "total_variation")
    found = ensemble(stepped, wanted, seeds=1, raster=GRID, calibration=GRID, optional=("total_variation",))
    assert found.summary("total_variation").present == 0
    assert found.summary("level_set_length").present == 1
    with pytest.raises(UnsupportedError):
        ensemble(stepped, wanted, seeds=1, raster=GRID, calibration=GRID)


def test_claims_hand_in_functions_that_a_process_can_take() -> None:
    """No lambda and no function of a function, so that a claim's work can be sent anywhere."""
    loops = {"over", "by_point"}
    for path in sorted(Path(registry.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text())
        public = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        public |= {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if not (isinstance(call.func, ast.Name) and call.func.id in loops):
                continue
            work = call.args[0]
            if isinstance(work, ast.Call) and ast.unparse(work.func) == "partial":
                work = work.args[0]
            assert isinstance(work, ast.Name), f"{path.name}:{call.lineno}: {ast.unparse(call)}"
            assert work.id in public, f"{path.name}:{call.lineno}: {ast.unparse(call)}"
