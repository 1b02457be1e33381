"""What is to be drawn, read from one text: the language, a zoo name, a network of the literature, or a file."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.notation import read_distribution
from netwarp.architecture.reader import Text
from netwarp.architecture.specs import LayerNorm, Spatial
from netwarp.errors import InputError, SliceError, nearest
from netwarp.models.files import NOTHING, Completion, read_network
from netwarp.models.homes import FEW, home_of
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.network.bends import activation_of
from netwarp.network.kinds import ENDINGS, kind_of
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.source import Graph, Made, Plain
from netwarp.orders.keeping import kept_network
from netwarp.picture.carried import CARRIERS, read_carried
from netwarp.picture.recipe import Recipe, Weights, film_length
from netwarp.plane import Plane

MAX_NAME = 60
# networks that numbers name: what makes one, the names of the numbers, an example
WRITTEN: dict[str, tuple[Callable[..., Network], tuple[str, ...], str]] = {
    "folding": (Network.folding, ("depth", "width"), "folding(4, 4)"),
    "sawtooth": (Network.sawtooth, ("depth",), "sawtooth(6)"),
}
UNIT_SQUARE = Plane(0.5, 0.5)


@dataclass(frozen=True, slots=True)
class OwnWeights:
    """A Network with weights of its own, and how a recipe names them; None where architecture and seed do.

    `alone`: the file of this name, with the text of its slice where that has one, says all of the network: no
    activation or plane is from elsewhere.
    """

    network: Network
    weights: Weights | None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be drawn: an Architecture whose weights a seed gives, or a network whose weights are given.

    `name` is short and safe as the beginning of a file name. `recipe` is that of the picture it was read from. `plane`
    is where it is meant to be looked at, None for the default plane. `slice` is the plane in the space of its inputs,
    None where they are x and y themselves, or nothing says it; it is `chosen` where nothing but netwarp said it.
    `formula` is the text of a network that numbers name. `frames`: of a film so long it is the first frame. `bred` says
    how the network of an architecture was bred, where no seed draws it.
    """

    name: str
    source: Architecture | OwnWeights
    recipe: Recipe | None = None
    plane: Plane | None = None
    slice: Slice | None = None
    formula: str | None = None
    chosen: bool = False
    frames: int | None = None
    bred: Made | None = None

    @property
    def marks(self) -> tuple[tuple[float, float], ...]:
        """Points of the plane worth a mark, those that its slice names."""
        return () if self.slice is None else self.slice.marks

    @property
    def names(self) -> tuple[str, ...]:
        """What is written beside each mark."""
        return () if self.slice is None else self.slice.names

    @property
    def axes(self) -> tuple[str, ...]:
        """What x and y are of its slice, and how far 1 goes in the inputs; empty without one."""
        return () if self.slice is None else self.slice.scales

    @property
    def architecture(self) -> Architecture | None:
        """The architecture; None of given weights without one."""
        return self.source.network.architecture if isinstance(self.source, OwnWeights) else self.source

    @property
    def network(self) -> Network | None:
        """The network whose weights are given; None where a seed gives them."""
        return self.source.network if isinstance(self.source, OwnWeights) else None

    @property
    def weights(self) -> Weights | None:
        """How a recipe names the weights that are given; None where a seed gives them."""
        return self.source.weights if isinstance(self.source, OwnWeights) else None

    @property
    def homeless(self) -> bool:
        """Whether nothing says where to look at it: a model without data, whose first layer has too few lines."""
        own = self.network is not None and isinstance(self.network.source, Plain | Graph)
        return own and self.plane is None and self.recipe is None

    @property
    def text(self) -> str | None:
        """The architecture's canonical text; None where there is no architecture."""
        return self.source.network.text if isinstance(self.source, OwnWeights) else str(self.source)

    @property
    def title(self) -> str:
        """What a reader is told it is: the architecture's text or the formula, else the name."""
        return self.text or self.formula or self.name

    @property
    def file(self) -> str | None:
        """The name of the file that its weights were read from; None where a text says the network."""
        return None if self.weights is None or self.formula is not None else self.weights.file

    @property
    def activation(self) -> str | None:
        """What follows its layers, in words; None where only its values are known."""
        own = self.network
        return str(self.seeded("no seed").act) if own is None else activation_of(own)

    @property
    def channels(self) -> int:
        """How many numbers its networks give at a point."""
        return self.source.network.channels if isinstance(self.source, OwnWeights) else self.source.out

    def notes(self, *, looked: bool = False) -> tuple[str, ...]:
        """What a reader must be told: what was assumed because the file does not say it. `looked`: where to look at it
        was said."""
        if self.frames is not None:
            return (f"{self.name}: is the first frame of a film of {self.frames:,}; `netwarp film` draws all of it",)
        network = self.network
        if network is None:
            return ()
        told = self._assumed(network.source) if isinstance(network.source, Plain) else ()
        if self.chosen and self.slice is not None:
            count = self.slice.inputs
            told = (*told, f"{self.name}: has {count:,} inputs; one plane of them is shown, --slice says another")
        if self.homeless and not looked:
            lost = f"its first layer has fewer than {FEW} lines, too few to say where to look"
            if is_function(network):
                lost = "only its values are known, which do not say where to look"
            told = (*told, f"{self.name}: {lost}: at the unit square, unless --plane or --data say it")
        return told

    def _assumed(self, source: Plain) -> tuple[str, ...]:
        # of one layer, nothing follows
        if not source.assumed or self.network is None or "W1" not in self.network.parameters:
            return ()
        between = "between layers" if isinstance(source.activation, tuple) else "after every layer but the last"
        return (f"{self.name}: relu is assumed {between}, as the file names no activation; --activation names another",)

    def seed(self) -> int | None:
        """The seed that what was read names; None where it names none."""
        if isinstance(self.source, OwnWeights):
            return self.source.network.seed
        return None if self.recipe is None else self.recipe.seed

    def seeded(self, why: str) -> Architecture:
        """The architecture whose weights a seed gives. Errors: InputError that says why no other will do."""
        if isinstance(self.source, OwnWeights):
            raise InputError(f"{self.name}: its weights are given, so {why}")
        return self.source

    def stem(self, seed: int) -> str:
        """The name of a file of the seed's network, without its ending."""
        if self.bred is not None:
            return f"{self.name}-{self.bred.digest[:6]}"
        return self.name if isinstance(self.source, OwnWeights) else f"{self.name}-{seed}"

    def draw(self, seed: int) -> Network:
        """The Network of a seed; a Network with weights of its own, or bred, is itself, whatever the seed."""
        if isinstance(self.source, OwnWeights):
            return self.source.network
        return Network.draw(self.source, seed) if self.bred is None else Network.made(self.bred)


def read_subject(text: str, completion: Completion = NOTHING) -> Subject:
    """The Subject a text names; a file is told by its content. Errors: NetwarpError.

    folding(DEPTH, WIDTH) and sawtooth(DEPTH) are the Networks of these names, to be looked at on [0, 1]^2.
    `completion` is what a file of a model leaves open; for any other text it is an error, but for its data, which say
    where to look.
    """
    if text not in zoo.names() and is_file(text):
        path = Path(text)
        kind = kind_of(path)
        carried = read_carried(path) if kind in CARRIERS else None
        # what another program wrote is refused as any other file that is no model; of a PNG its recipe may be lost
        if carried is None and kind != "png":
            return _of_model(path, kind, completion)
        if not completion.said():
            frames = None if carried is None else film_length(carried)
            return replace(subject_of_recipe(path, Recipe.read(path)), frames=frames)
    if completion.said():
        raise InputError(f"{completion.said()}: only for the file of a model, not for {text[:40]!r}; leave it out")
    found = subject_of_text(text)
    home = completion.home()
    return found if home is None else replace(found, plane=home)


def subject_of_text(text: str) -> Subject:
    """As `read_subject`, of a text that means no file, whatever files there are. Errors: InputError, LanguageError."""
    if text in zoo.names():
        return Subject(text, zoo.find(text).architecture)
    if (written := re.match(r"\s*(\w+)", text)) and written[1] in WRITTEN:
        return _written(text, written[1])
    if re.fullmatch(r"[A-Za-z][\w.-]*", text):
        raise InputError(
            f"{text[:40]!r} is no name of `netwarp zoo`, and an architecture is written as in 'conv(10) * 10'"
            + nearest(text, zoo.names())
        )
    architecture = parse(text)
    return Subject(file_name(str(architecture.tree)), architecture)


def is_file(text: str) -> bool:
    """Whether a text means a file: one is there, or it ends as files of models and pictures do."""
    if Path(text).suffix.lower() in ENDINGS:
        return True
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a character that no name has
        return False


def change(
    subject: Subject,
    *,
    act: str | None = None,
    norm: str | None = None,
    scale: str | None = None,
    shift: str | None = None,
    init: str | None = None,
    inputs: str | None = None,
    out: int | None = None,
    z: tuple[float, ...] | None = None,
) -> Subject:
    """The Subject with other shared defaults, each as the language's text; `scale` and `shift` are those of its norm.
    `z` are its latents, as many as its inputs have.

    The recipe stays: an Order keeps its view, and sees for itself that statistics and Tone must be new.
    Errors: InputError, LanguageError; InputError for weights that no seed gives, which cannot be changed this way.
    """
    given = {
        name: value
        for name, value in (("act", act), ("init", init), ("inputs", inputs), ("out", out))
        if value is not None
    }
    if not given and norm is None and scale is None and shift is None and z is None:
        return subject
    own = subject.seeded(
        "its architecture cannot be changed; "
        "leave out --act, --norm, --scale, --shift, --init, --inputs, --z and --out-channels"
    )
    architecture = replace(own, **given)  # type: ignore[arg-type]  # the constructor reads texts
    if z is not None:
        architecture = replace(architecture, inputs=architecture.inputs.chosen(z))
    if norm is not None:
        architecture = replace(architecture, norm=norm)  # type: ignore[arg-type]
    for name, text in (("scale", scale), ("shift", shift)):
        if text is None:
            continue
        if not isinstance(architecture.norm, Spatial | LayerNorm):
            raise InputError(f"--{name} {text[:40]!r}: this architecture has no norm to {name}; add --norm spatial")
        value = read_distribution(text)
        norm_of = (
            replace(architecture.norm, scale=value) if name == "scale" else replace(architecture.norm, shift=value)
        )
        architecture = replace(architecture, norm=norm_of)
    if architecture == own:
        return subject
    texts = (act, norm, scale and f"scale {scale}", shift and f"shift {shift}", init, inputs, out and f"out {out}")
    name = file_name(" ".join((subject.name, *(text for text in (*texts, z and f"z {z}") if text))))
    return replace(subject, name=name, source=architecture)


def file_name(text: str) -> str:
    """A short beginning of a file name that a reader recognises an architecture's text in: conv(10) * 10 -> conv10x10.

    Lower-case letters, digits and single hyphens; a long one is cut and ends in six digits of its hash.
    """
    plain = "x".join(part.strip() for part in text.lower().split("*"))
    plain = re.sub(r"(?<=[a-z])\((?=\d)", "", plain)
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "picture"
    plain = plain.replace("-x", "x")
    if len(plain) <= MAX_NAME:
        return plain
    return f"{plain[: MAX_NAME - 7].rstrip('-')}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _written(text: str, name: str) -> Subject:
    """The Subject of a network that numbers name, as folding(4, 4). Errors: InputError, LanguageError, LimitError."""
    make, names, example = WRITTEN[name]
    wrong = InputError(f"{text[:40]!r}: {name} is a whole network and takes {' and '.join(names)}, as in {example}")
    call = Text(text, "network").expression()
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or len(call.args) > len(names):
        raise wrong
    given = [*zip(names, call.args, strict=False), *((str(k.arg), k.value) for k in call.keywords)]
    try:
        numbers = {key: ast.literal_eval(value) for key, value in given}
    except (ValueError, TypeError):
        raise wrong from None
    if sorted(key for key, _ in given) != sorted(names):
        raise wrong
    network = make(**numbers)
    formula = f"{name}({', '.join(str(numbers[key]) for key in names)})"
    short = file_name(formula)
    own = OwnWeights(network, Weights.of_network(f"{short}.npz", network))
    return Subject(short, own, plane=UNIT_SQUARE, formula=formula)


def subject_of_recipe(path: Path, recipe: Recipe) -> Subject:
    """The Subject of a recipe that a file carries; weights that it only names are beside it. Errors: InputError."""
    # a picture's own seed is part of its name already, as in vgg-7.png
    suffix = f"-{recipe.seed}"
    name = path.stem.removesuffix(suffix) if path.stem != suffix else path.stem
    if recipe.made is not None:
        return Subject(name, OwnWeights(Network.made(recipe.made), None), recipe)
    if recipe.weights is None:
        assert recipe.architecture is not None, "a recipe has an architecture or weights"
        return Subject(name, parse(recipe.architecture), recipe)
    return Subject(name, OwnWeights(kept_network(path, recipe.weights), recipe.weights), recipe)


def _of_model(path: Path, kind: str, completion: Completion) -> Subject:
    chosen = False
    try:
        network = read_network(path, completion)
    except SliceError as error:
        if completion.first is None:
            raise
        chosen = True
        completion = replace(completion, slice=completion.first(error.shape))
        network = read_network(path, completion)
    if is_function(network) or (kind == "npz" and not completion.said()):
        # the file itself, byte for byte: it says all, or no network is made of it that could be kept
        weights = Weights.of(path.name, path.read_bytes())
    else:
        # the name of what was read; the bytes are those of its network
        weights = Weights.of_network(path.name, network)
    by_text = completion.slice is not None and completion.slice.text != ""
    rest = replace(completion, slice=None) if by_text else completion
    own = OwnWeights(network, weights, alone=not rest.said())
    home = completion.home(network) or home_of(network)
    # a file's own origin, u and v may be given in part
    at = completion.slice or own_slice(network) or completion.plane()
    return Subject(file_name(path.stem), own, plane=home, slice=at, chosen=chosen)


def is_function(network: Network) -> bool:
    """Whether nothing is known of it but its values."""
    return lower(network).called
