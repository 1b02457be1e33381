"""What the shell completes: zoo names, activations, norms, initialisers, colours."""

from __future__ import annotations

from collections.abc import Iterable

COLOURS = (
    "lab",
    "oklab",
    "oklch",
    "lab-clipped",
    "rgb",
    "hsv",
    "duotone",
    "gray",
    "viridis",
    "magma",
    "inferno",
    "plasma",
    "cividis",
    "twilight",
    "batlow",
    "turbo",
)


def architectures(incomplete: str) -> list[tuple[str, str]]:
    from netwarp.architecture import zoo

    return [(entry.name, entry.sentence) for entry in zoo.entries() if entry.name.startswith(incomplete)]


def activations(incomplete: str) -> list[str]:
    from netwarp.architecture.specs import ACTIVATIONS

    return _beginning(incomplete, ACTIVATIONS)


def norms(incomplete: str) -> list[str]:
    from netwarp.architecture.specs import NORMS

    return _beginning(incomplete, NORMS)


def initialisers(incomplete: str) -> list[str]:
    from netwarp.architecture.specs import INITIALISERS

    return _beginning(incomplete, INITIALISERS)


def colours(incomplete: str) -> list[str]:
    return _beginning(incomplete, COLOURS)


def engines(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("native", "torch", "exact", "auto"))


def colourings(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("pattern", "value", "gradient", "area", "layer"))


def devices(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("cpu", "cuda"))


def ways(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("down", "up"))


def ways_of_films(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("depth", "seed", "latent", "scale", "shift", "weight", "zoom", "step"))


def paths_of_films(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("line", "spline", "sine"))


def codecs(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("h264", "av1", "prores", "webp", "gif", "apng", "png"))


def dtypes(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("auto", "float32", "float64"))


def budgets(incomplete: str) -> list[str]:
    return _beginning(incomplete, ("units", "parameters", "flops", "none"))


def measures(incomplete: str) -> list[str]:
    from netwarp.measures import registry

    return _beginning(incomplete, ("all", *registry.names()))


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
