"""The zoo's rows: name, text, source of the structure, one sentence on what it is. `zoo` makes entries of them."""

from __future__ import annotations

from typing import Final, NamedTuple

_NOTE: Final = "Visualize the Complexity of Neural Networks, 2016"


class Listing(NamedTuple):
    """A name, its canonical text, where the structure is from, and one sentence on what it is."""

    name: str
    text: str
    source: str
    sentence: str


# in the order they are shown
ROWS: Final = (
    Listing("shallow", "conv(100)", _NOTE, "One layer of 100 units: what width alone can draw."),
    Listing("deep", "conv(10) * 10", _NOTE, "Ten layers of 10, as many units as shallow: what depth adds."),
    Listing("shallow-3x3", "conv(100, 3)", _NOTE, "shallow, with every unit looking at its neighbourhood."),
    Listing("deep-3x3", "conv(10, 3) * 10", _NOTE, "deep, with every unit looking at its neighbourhood."),
    Listing(
        "nin",
        "(conv(20, 5) >> conv(20) >> conv(20)) * 3",
        "Lin, Chen, Yan: Network In Network, ICLR 2014, arXiv:1312.4400",
        "Each wide window is followed by two layers of a small network at every point.",
    ),
    Listing(
        "vgg",
        '(conv(16, 3) * 2 >> pool("max", 2)) * 3',
        "Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, "
        "ICLR 2015, arXiv:1409.1556",
        "Pairs of 3x3 layers, a max pool of stride 2 after each.",
    ),
    Listing(
        "inception",
        "inception(20, (10, 20), (10, 20), 20) * 3",
        "Szegedy et al.: Going Deeper with Convolutions, CVPR 2015, arXiv:1409.4842",
        "Windows of 1, 3 and 5 and a pool side by side, concatenated.",
    ),
    Listing(
        "resnet",
        "residual(conv(16, 3) * 2) * 5",
        "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, CVPR 2016, arXiv:1512.03385",
        "Each block adds two layers' output to its own input.",
    ),
    Listing(
        "preactivation",
        'conv(16, 3) >> residual((norm() >> act() >> conv(16, 3, act="linear", norm=None)) * 2) * 5 >> norm() >> act()',
        "He, Zhang, Ren, Sun: Identity Mappings in Deep Residual Networks, ECCV 2016, arXiv:1603.05027",
        "resnet with norm and activation before each convolution, so that the sum is left alone.",
    ),
    Listing(
        "densenet",
        "dense(conv(8, 3)) * 4",
        "Huang, Liu, van der Maaten, Weinberger: Densely Connected Convolutional Networks, CVPR 2017, arXiv:1608.06993",
        "Every layer reads all the layers before it.",
    ),
    Listing(
        "mobilenet",
        "conv(16, 3) >> (depthwise(3) >> conv(16)) * 5",
        "Howard et al.: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, "
        "2017, arXiv:1704.04861",
        "A window on each channel by itself, then a mix of the channels at every point.",
    ),
    Listing(
        "maxout",
        "maxout(10, 3) * 5",
        "Goodfellow, Warde-Farley, Mirza, Courville, Bengio: Maxout Networks, ICML 2013, arXiv:1302.4389",
        "Each unit is the largest of three affine maps: the activation itself is drawn.",
    ),
    Listing(
        "leaky",
        'Architecture(conv(10) * 10, act="leaky(random)")',
        "Xu, Wang, Chen, Li: Empirical Evaluation of Rectified Activations in Convolutional Network, "
        "2015, arXiv:1505.00853",
        "deep, with a slope of its own, from 1/8 to 1/3, for the negative side of every channel.",
    ),
    Listing("average-pool", '(conv(10, 3) * 2 >> pool("avg", 2)) * 3', _NOTE, "Average pools between pairs of layers."),
    Listing("max-pool", '(conv(10, 3) * 2 >> pool("max", 2)) * 3', _NOTE, "Max pools between pairs of layers."),
    Listing(
        "gated",
        'Architecture(gated(conv(16)) * 3, act="tanh")',
        "van den Oord et al.: Conditional Image Generation with PixelCNN Decoders, NIPS 2016, arXiv:1606.05328",
        "Each layer is a tanh times a sigmoid, drawn apart.",
    ),
    # all weights and biases of a Gaussian of std 1; tanh of the inputs' sum, then three more layers
    Listing(
        "cppn",
        'Architecture(conv(32) * 4, act="tanh", norm=None, init="normal(1, bias=normal(1))", '
        'inputs="x y r z(32, uniform(-1, 1)) scale(8)", out_act="sigmoid")',
        "Ha: Generating Abstract Patterns with TensorFlow, 2016, blog.otoro.net; after Stanley 2007",
        "Four layers of 32 tanh that also see the radius and a latent vector, not normalised: smooth and bold.",
    ),
    Listing(
        "cppn-softplus",
        'Architecture((conv(32) >> conv(32, act="softplus")) * 3, act="tanh", norm=None, '
        'init="normal(1, bias=normal(1))", inputs="x y r z(32, uniform(-1, 1)) scale(8)", out_act="sigmoid")',
        "Ha: Generating Abstract Patterns with TensorFlow, 2016, hardmaru/cppn-tensorflow, its third example",
        "cppn with every second layer a softplus: tanh, softplus, tanh, softplus, tanh, softplus.",
    ),
    Listing(
        "cppn-residual",
        'Architecture(conv(32) >> residual(conv(32)) * 3, act="tanh", norm=None, init="normal(1, bias=normal(1))", '
        'inputs="x y r z(32, uniform(-1, 1)) scale(8)", out_act="sigmoid")',
        "Ha: Generating Abstract Patterns with TensorFlow, 2016, hardmaru/cppn-tensorflow, its last example",
        "cppn whose three later layers add to what they read.",
    ),
    # weights of 2 / sqrt(32): with those of cppn the absolute values grow until the output is one colour
    Listing(
        "cppn-mixed",
        'Architecture(parallel(conv(8), conv(8, act="sin"), conv(8, act="gaussian"), conv(8, act="abs")) * 4, '
        'act="tanh", norm=None, init="normal(0.35, bias=normal(1))", inputs="x y r bias scale(4)", out_act="sigmoid")',
        "Stanley: Compositional Pattern Producing Networks, 2007, whose units are each of one of several functions",
        "Layers of which a quarter each are tanh, sine, Gaussian and absolute value.",
    ),
    # what cppn was in version 0.1, the scale in the first layer's weights: old texts and addresses name it
    Listing(
        "cppn-0.1",
        'Architecture(conv(32, init="normal(8, bias=normal(1))") >> conv(32) * 2, act="tanh", norm=None, '
        'init="normal(1, bias=normal(1))", inputs="x y r z(8)", out_act="sigmoid")',
        "Ha: Generating Abstract Patterns with TensorFlow, 2016, blog.otoro.net; after Stanley 2007",
        "The cppn of netwarp 0.1: three layers of 32 tanh, eight latents, half the scale.",
    ),
    # hidden weights uniform within sqrt(6 / 64) / 30; the first within 1/2 on coordinates in -1..1, so 1 on -0.5..0.5;
    # biases as torch draws them, within 1 / sqrt(fan_in)
    Listing(
        "siren",
        'Architecture(conv(64, init="uniform(1, bias=uniform(-0.7071, 0.7071))") >> conv(64) * 3, act="sin(30)", '
        'norm=None, init="uniform(0.010206, bias=uniform(-0.125, 0.125))")',
        "Sitzmann, Martel, Bergman, Lindell, Wetzstein: Implicit Neural Representations with Periodic Activation "
        "Functions, NeurIPS 2020, arXiv:2006.09661",
        "Sines of 30 times the sum, with the weights that keep every layer's distribution the same; not normalised.",
    ),
    Listing(
        "fourier",
        'Architecture(conv(64) * 3, norm=None, inputs="fourier(32, 4)", out_act="sigmoid")',
        "Tancik et al.: Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, "
        "NeurIPS 2020, arXiv:2006.10739",
        "ReLU layers that see the plane through 32 random waves instead of its coordinates; not normalised.",
    ),
)
