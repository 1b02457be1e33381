"""Inputs that somebody writes: what they are, how they print, and what is refused where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.architecture.expressions import FACTORS, FUNCTIONS, READ, Applied, Expression, Term
from netwarp.architecture.inputs import Coordinate
from netwarp.architecture.notation import read_inputs
from netwarp.errors import LanguageError


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x*x x*y y*y", "x*x x*y y*y"),
        ("sin( x ) cos(3 * y)", "sin(x) cos(3*y)"),
        ("gauss(r) gaussian(r)", "gaussian(r) gaussian(r)"),
        ("x+y -x 2*-x x-2*y", "x+y -x -2*x x-2*y"),
        ("2*x*3 (x) 1*x (x + 1) * (x - 1)", "6*x x x (x+1) * (x-1)"),
        ("(x+1)*(x-1)*2 x-(y-r)", "2*(x+1)*(x-1) x-y+r"),
        ("abs(x) step(x*y-0.5) z(2)", "abs(x) step(x*y-0.5) z(2)"),
        ("sin(2*cos(x*y)+1e-7)", "sin(2*cos(x*y)+1e-07)"),
        ("0*x+1", "0*x+1"),
    ],
)
def test_they_print_as_what_reads_back_equal(text: str, printed: str) -> None:
    if " * " in printed:
        with pytest.raises(LanguageError):
            read_inputs(text)
        return
    found = read_inputs(text)
    assert str(found) == printed
    assert read_inputs(printed) == found


def test_one_that_is_a_coordinate_is_it() -> None:
    assert read_inputs("1*x --y").parts == (Coordinate("x"), Coordinate("y"))
    assert read_inputs("x*y").parts == (Expression((Term(1.0, ("x", "y")),)),)
    assert read_inputs("sin(x*2)").parts == (Expression((Term(1.0, (Applied("sin", (Term(2.0, ("x",)),)),)),)),)


numbers = st.one_of(st.sampled_from([1.0, -1.0, 0.0, 2.0]), st.floats(-1e6, 1e6))
terms = st.deferred(
    lambda: st.lists(
        st.builds(
            lambda times, factors: Term(times + 0.0, tuple(factors)),
            numbers,
            st.lists(st.one_of(st.sampled_from(READ), st.builds(Applied, functions, terms)), min_size=1, max_size=2),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple)
)
functions = st.sampled_from(sorted(set(FUNCTIONS.values())))


@pytest.mark.slow
@given(terms)
def test_any_one_reads_back(found: tuple[Term, ...]) -> None:
    (part,) = read_inputs(str(Expression(found))).parts
    assert str(part) == str(Expression(found))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x x*q", "q", "unknown name 'q'; allowed are x, y, r, and numbers"),
        ("x foo(x)", "foo", "unknown name 'foo'"),
        ("x*foo(x)", "foo", "no function of inputs; there are relu, elu,"),
        ("sin(x, y)", "sin(x, y)", "sin(...) takes one argument, as in sin(3*x)"),
        ("2*sin()", "sin()", "sin(...) takes one argument"),
        ("sin(x=1)", "sin(x=1)", "sin(...) takes one argument"),
        ("x/2", "/", 'operator "/" is not part of the language'),
        ("2*(x/2)", "x/2", "not part of an input; it is of x, y, r, numbers and functions, with +, - and *"),
        ("x*'a'", "'a'", "not part of an input"),
        ("x*True", "True", "not part of an input"),
        ("2*3", "2*3", "reads no x, y or r; a constant input is bias, or z((3,))"),
        ("sin(1)", "sin(1)", "reads no x, y or r"),
        ("x*1e400", "1e400", "number too large"),
        ("1e300*1e300*x", "1e300*1e300*x", "number too large"),
        ("x*z(2)", "z", "no function of inputs"),
        ("*".join("x" * (FACTORS + 1)), "x", "more than 64 factors; multiply fewer"),
        ("+".join(["x"] * 1_001), "x", "more than 1,000 terms; add fewer"),
        ("x*x mirror()", "x*x mirror()", "x*x has not the symmetry of mirror()"),
    ],
)
def test_refused(text: str, place: str, message: str) -> None:
    with pytest.raises(ValueError, match="inputs: ") as refused:
        read_inputs(text)
    error = refused.value
    assert message in str(error)
    if isinstance(error, LanguageError):
        assert error.text[error.position : error.position + error.length] == place
