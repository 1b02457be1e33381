"""What the founding figure shows: its rows, and the architecture of every picture. Data and words only."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One picture: a file name, a title, an ARCH as `netwarp draw` takes it (text or zoo name), and what differs.

    `colour` is a colouring other than lab. `changes` are shared defaults by name (act, norm, init, inputs), each as the
    language's text.
    """

    name: str
    title: str
    arch: str
    changes: dict[str, str] = field(default_factory=dict)
    remark: str = ""  # a sentence below the numbers
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A lettered row of the figure. `layout` is how many pictures stand side by side on a wide screen."""

    letter: str
    anchor: str
    short: str
    title: str
    paragraphs: tuple[str, ...]
    layout: str
    exhibits: tuple[Exhibit, ...]


WIDE, DEEP = "conv(100)", "conv(10) * 10"
WIDE_3, DEEP_3 = "conv(100, 3)", "conv(10, 3) * 10"

# the founding pair in short, as sentences name it
WIDE_NAME, DEEP_NAME = "1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}100", "10\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10"

SEED = 9  # the structures of row (c) differ most plainly at it

HERO = (
    Exhibit("founding-wide", "One layer of 100", WIDE),
    Exhibit("founding-deep", "Ten layers of 10", DEEP),
)

# the same two networks, cut into their regions
REGIONS = (
    Exhibit(
        "regions-wide",
        "One layer of 100, taken apart",
        WIDE,
        remark="A hundred straight lines, each one unit’s: on its two sides the unit is active and inactive.",
    ),
    Exhibit(
        "regions-deep",
        "Ten layers of 10, taken apart",
        DEEP,
        remark="Ten straight lines are the first layer’s. Those of every later layer bend where they cross an earlier "
        "one, and may close.",
    ),
)

# the deep one again, in the colours of the 2016 note and in those of all other pictures
COLOURS = (
    Exhibit(
        "note-colours",
        "Ten layers of 10, as the note cut it",
        DEEP,
        remark="Red, green and blue are cut, each by itself, to what a screen has. Edges appear where a cut begins, "
        "and what lies beyond looks flat.",
        colour="lab-clipped",
    ),
    Exhibit(
        "smooth-colours",
        "The same, compressed",
        DEEP,
        remark="Hue stays, and chroma nears what a screen has at the lightness and hue without ever reaching it.",
    ),
)

SLOPE_CHANNELS = (0, 1)  # x and y
SLOPE = FigureRow(
    "a",
    "inputs",
    "The inputs",
    "All that goes in: the slope image",
    (
        (
            "Two channels, x and y, from −0.5 to 0.5. Every picture below is a function of these two numbers; "
            "whatever it shows beyond a ramp, the network has added."
        ),
    ),
    "three",
    (),  # the slope image is no network: pages/figure.py paints its channels
)

ROWS = (
    FigureRow(
        "b",
        "depth",
        "Depth against width",
        "A hundred units, side by side or one after another",
        (
            (
                "With 1 × 1 kernels a network sees one point of the plane at a time; 3 × 3 kernels also see its "
                "neighbours. ReLU folds along sharp lines, the sigmoid bends smoothly."
            ),
        ),
        "four",
        (
            Exhibit("wide-relu", "Wide, ReLU, 1 × 1", WIDE),
            Exhibit("wide-sigmoid", "Wide, sigmoid, 1 × 1", WIDE, {"act": "sigmoid"}),
            Exhibit("wide-relu-3", "Wide, ReLU, 3 × 3", WIDE_3),
            Exhibit("wide-sigmoid-3", "Wide, sigmoid, 3 × 3", WIDE_3, {"act": "sigmoid"}),
            Exhibit("deep-relu", "Deep, ReLU, 1 × 1", DEEP),
            Exhibit("deep-sigmoid", "Deep, sigmoid, 1 × 1", DEEP, {"act": "sigmoid"}),
            Exhibit("deep-relu-3", "Deep, ReLU, 3 × 3", DEEP_3),
            Exhibit("deep-sigmoid-3", "Deep, sigmoid, 3 × 3", DEEP_3, {"act": "sigmoid"}),
        ),
    ),
    FigureRow(
        "c",
        "structures",
        "Other structures",
        "What other structures draw",
        (
            (
                "The building blocks of well-known networks, small enough to draw at once. None has been trained: "
                "this is what the structure prefers before any data."
            ),
        ),
        "three",
        (
            Exhibit("nin", "Network in network", "nin"),
            Exhibit("vgg", "VGG", "vgg"),
            Exhibit("inception", "Inception", "inception"),
            Exhibit("resnet", "ResNet", "resnet"),
            Exhibit("densenet", "DenseNet", "densenet"),
            Exhibit(
                "mobilenet",
                "MobileNet",
                "mobilenet",
                remark="A depthwise layer mixes no channels: one that is silent almost everywhere stays so, and what "
                "is left of it, once normalised, stands out as lines.",
            ),
            Exhibit("maxout", "Maxout", "maxout"),
            Exhibit("leaky", "Leaky ReLU, random slopes", "leaky"),
            Exhibit("average-pooling", "Average pooling", '(conv(10) * 3 >> pool("avg", 8)) * 2'),
            Exhibit("max-pooling", "Max pooling", '(conv(10) * 3 >> pool("max", 8)) * 2'),
            Exhibit("cppn", "CPPN", "cppn"),
            Exhibit("siren", "SIREN", "siren"),
        ),
    ),
    FigureRow(
        "d",
        "scale-and-shift",
        "Scale and shift",
        "Scale and shift decide more than they seem to",
        (
            (
                "Normalisation brings every channel to mean 0 and deviation 1, and then applies a scale and a shift. "
                "The note’s own regret was to have underestimated them. The weights are the same in every picture of "
                "a row; the shift, too, is the same draw from normal(2)."
            ),
            (
                "Without shift, ReLU does not notice the scale at all, and every fold of the first layer passes "
                "exactly through the centre. The sigmoid is nearly linear at scale 1 and nearly a step at scale 10."
            ),
        ),
        "four",
        (
            *(
                Exhibit(f"{name}-{act}", f"{label}, {title}", DEEP, {**changes, "norm": norm})
                for act, label, changes in (("relu", "ReLU", {}), ("sigmoid", "Sigmoid", {"act": "sigmoid"}))
                for name, title, norm in (
                    ("no-shift", "no shift", "spatial(scale=3, shift=0)"),
                    ("scale-1", "scale 1", "spatial(scale=1, shift=normal(2))"),
                    ("scale-3", "scale 3", "spatial(scale=3, shift=normal(2))"),
                    ("scale-10", "scale 10", "spatial(scale=10, shift=normal(2))"),
                )
            ),
        ),
    ),
)
