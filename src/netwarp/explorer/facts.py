"""What is so of a Pane's network: every text that a page shows of it comes from here, never from a Pane's defaults."""

from __future__ import annotations

import numpy as np

from netwarp.architecture.architecture import Architecture
from netwarp.explorer.limits import view_of
from netwarp.explorer.opened import FactsData
from netwarp.explorer.seeds import seed_of
from netwarp.explorer.state import NETWORK, Pane
from netwarp.models.sliced import own_slice
from netwarp.network.bends import output_activation_of
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import LINEAR, Embed
from netwarp.network.source import Plain
from netwarp.orders.order import order, way_of_y
from netwarp.orders.subject import Subject

# what a network has not got, and what is not known of it
ABSENT, UNKNOWN = "none", "unknown"


def facts_of(pane: Pane, subject: Subject) -> FactsData:
    """What a page may say of a Pane's network, and which of its controls change it. `pane` is canonical."""
    placed = order(subject)
    return {
        "title": subject.title,
        "file": subject.file,
        "activation": subject.activation,
        "inputs": pane.inputs,
        "outputs": subject.channels,
        "output_activation": None if pane.out_act == UNKNOWN else pane.out_act,
        "seed": pane.seed if subject.bred is None else None,
        "changes": list(changes(subject)),
        "y": y_of(pane, subject),
        "home": view_of(placed.raster.plane),
        "notes": list(subject.notes()),
    }


def sentence(facts: FactsData) -> str:
    """What a file holds, as a sentence and a space; empty of a network that a text says."""
    if facts["file"] is None:
        return ""
    layers = "only its values are known" if facts["activation"] is None else f"activation {facts['activation']}"
    last = "" if facts["output_activation"] in (None, "linear") else f" after {facts['output_activation']}"
    outputs = f"{facts['outputs']:,} output{'' if facts['outputs'] == 1 else 's'}{last}"
    notes = "".join(f" {note}." for note in facts["notes"])
    return f"{facts['file']}: {layers}, inputs {facts['inputs']}, {outputs}.{notes} "


def changes(subject: Subject) -> tuple[str, ...]:
    """The keys of a Pane that change its network: none of a file's but the file itself."""
    network = subject.network
    if network is None:
        return tuple(key for key in NETWORK if key != "slice")
    if subject.formula is not None:
        return ("arch",)
    return () if own_slice(network) is None else ("slice",)


def y_of(pane: Pane, subject: Subject) -> str:
    """The way that y grows in the Pane's picture: "down" or "up"."""
    return way_of_y(subject) if pane.grows == "auto" else pane.grows


def texts_of(architecture: Architecture) -> dict[str, object]:
    """The keys of a Pane that say this architecture."""
    return {
        "arch": str(architecture.tree),
        "act": str(architecture.act),
        "norm": "none" if architecture.norm is None else str(architecture.norm),
        "init": str(architecture.init),
        "inputs": str(architecture.inputs),
        "out": architecture.out,
        "out_act": str(architecture.out_act),
    }


def texts_of_network(subject: Subject, network: Network) -> dict[str, object]:
    """The keys of a Pane, but `arch`, that say what a network whose weights are given has."""
    if network.architecture is not None:
        texts = texts_of(network.architecture)
        del texts["arch"]
        return texts | {"seed": None if network.seed is None else seed_of(network.seed), "slice": "", "bred": ""}
    return {
        "act": subject.activation or UNKNOWN,
        "norm": ABSENT,
        "init": ABSENT,
        "inputs": _inputs(network),
        "out": network.channels,
        "out_act": output_activation_of(network) or UNKNOWN,
        "seed": None,
        "slice": "" if subject.slice is None else subject.slice.text,
        "bred": "",
    }


def _inputs(network: Network) -> str:
    """What the network reads at a point: x and y, what its file makes of them, or a slice of more numbers."""
    if isinstance(network.source, Plain) and network.source.inputs:
        return network.source.inputs
    embed = next(one for one in lower(network).operations if isinstance(one, Embed))
    own = embed.coefficients.shape == (2, 3) and np.array_equal(embed.coefficients, np.eye(2, 3))
    if own and (embed.kinds == LINEAR).all():
        return "x y"
    return f"a slice of {len(embed.kinds):,} numbers"
