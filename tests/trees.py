"""Hypothesis strategies for everything the language can say: specs, inputs, trees of layers, architectures."""

from hypothesis import strategies as st

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.inputs import Coordinate, Embed, Fixed, Fourier, Inputs, Latent, Periodic
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Repeat,
    Residual,
    Sequence,
)
from netwarp.architecture.specs import (
    ACTIVATIONS,
    UNSET,
    Activation,
    Constant,
    Initialiser,
    LayerNorm,
    Normal,
    Spatial,
    Uniform,
)

numbers = st.one_of(
    st.integers(-5, 40).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e16, 1e15, -0.0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308]),
)
positive = numbers.map(abs)
distributions = st.one_of(
    st.builds(Constant, numbers),
    st.builds(Normal, numbers, positive),
    st.tuples(numbers, numbers).map(lambda pair: Uniform(min(pair), max(pair))),
)
activations = st.one_of(
    st.sampled_from(ACTIVATIONS).map(Activation),
    st.builds(Activation, st.just("leaky"), st.one_of(st.just("random"), numbers)),
    st.builds(Activation, st.just("sin"), numbers),
)
norms = st.one_of(
    st.builds(Spatial, distributions, distributions, st.one_of(st.just(1e-5), positive)),
    st.builds(LayerNorm, distributions, distributions, st.one_of(st.just(1e-5), positive)),
)
initialisers = st.one_of(
    st.builds(Initialiser, st.sampled_from(["he", "xavier", "lecun", "orthogonal"]), st.none(), numbers, distributions),
    st.builds(Initialiser, st.sampled_from(["normal", "uniform"]), positive, numbers, distributions),
)
embeds = st.integers(1, 3).flatmap(
    lambda n: st.builds(Embed, *[st.lists(numbers, min_size=n, max_size=n).map(tuple) for _ in range(3)])
)
inputs = st.lists(
    st.one_of(
        st.sampled_from(["x", "y", "r", "bias"]).map(Coordinate),
        st.builds(Latent, st.integers(1, 5)),
        st.builds(Latent, st.integers(1, 5), distributions),
        st.builds(Fixed, st.lists(numbers, min_size=1, max_size=3).map(tuple)),
        st.builds(Fourier, st.integers(1, 5), positive),
        st.sampled_from(["x", "y"]).map(Periodic),
        embeds,
    ),
    min_size=1,
    max_size=3,
).map(lambda parts: Inputs(tuple(parts)))

channels = st.integers(1, 12)
kernels = st.integers(1, 11)
_act = st.one_of(st.just(UNSET), activations)
_norm = st.one_of(st.just(UNSET), st.none(), norms)
_init = st.one_of(st.just(UNSET), initialisers)
_bias = st.sampled_from([None, True, False])
_groups = st.tuples(channels, st.integers(1, 3))  # any channels are a multiple of the groups

convs = st.builds(
    lambda c, k, a, n, i, b: Conv(c[0] * c[1], k, c[1], a, n, i, b), _groups, kernels, _act, _norm, _init, _bias
)
leaves: st.SearchStrategy[Layer] = st.one_of(
    st.builds(Conv, channels),
    convs,
    st.builds(Depthwise, kernels, _act, _norm, _init, _bias),
    st.builds(Maxout, channels, st.integers(1, 4), kernels, _norm, _init, _bias),
    st.builds(Pool, st.sampled_from(["max", "avg"]), st.integers(1, 5), st.integers(1, 5)),
    st.builds(Act, _act),
    st.builds(Norm, st.one_of(st.just(UNSET), norms)),
    st.builds(
        Inception,
        channels,
        st.tuples(channels, channels),
        st.tuples(channels, channels),
        channels,
        st.tuples(kernels, kernels),
        _act,
        _norm,
        _init,
    ),
)


def containers(parts: st.SearchStrategy[Layer]) -> st.SearchStrategy[Layer]:
    """One level more around `parts`, with the operators a user would write as well as the nodes themselves."""
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sequence, several),
        st.tuples(parts, parts).map(lambda pair: pair[0] >> pair[1]),
        st.builds(Repeat, parts, st.integers(2, 4)),
        st.tuples(parts, st.integers(1, 4)).map(lambda pair: pair[1] * pair[0]),
        st.builds(Parallel, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Residual, parts),
        st.builds(Dense, parts),
        st.builds(Gated, parts),
    )


def trees(leaf: st.SearchStrategy[Layer] = leaves, largest: int = 6) -> st.SearchStrategy[Layer]:
    return st.recursive(leaf, containers, max_leaves=largest)


architectures = st.builds(
    Architecture,
    trees(),
    act=st.one_of(st.just("relu"), activations),
    norm=st.one_of(st.none(), norms),
    init=st.one_of(st.just("he"), initialisers),
    inputs=st.one_of(st.just("x y"), inputs),
    out=st.integers(1, 5),
    out_act=st.one_of(st.just("linear"), activations),
)

# walkable everywhere: no strides, and no groups that might not divide what comes in
plain_leaves: st.SearchStrategy[Layer] = st.one_of(
    st.builds(Conv, channels, kernels, st.just(1), _act, _norm, _init, _bias),
    st.builds(Depthwise, kernels, _act, _norm, _init, _bias),
    st.builds(Maxout, channels, st.integers(1, 4), kernels, _norm, _init, _bias),
    st.builds(Pool, st.sampled_from(["max", "avg"]), st.integers(1, 5), st.just(1)),
    st.builds(Act, _act),
    st.builds(Norm, st.one_of(st.just(UNSET), norms)),
    st.builds(Inception, channels, st.tuples(channels, channels), st.tuples(channels, channels), channels),
)
