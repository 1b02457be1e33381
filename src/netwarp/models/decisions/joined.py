"""Several contests as one program over one plane, so that one tessellation has the cells of them all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netwarp.models.decisions.contest import Contest
from netwarp.network.cut import renumbered
from netwarp.network.program import Add, Concat, Conv, Embed, Gather, Maxout, Operation, Program


def joined(contests: Sequence[Contest]) -> Program:
    """The program whose output is every contest's values, contest after contest.

    Its last nonlinear operations are the maxouts of the contests, in their order.
    """
    embeds = [inputs_of(held.values.program) for held in contests]
    shared = _shared(embeds)
    operations: list[Operation] = [_together(embeds) if shared is None else shared]
    starts = np.cumsum([0, *(embed.channels for embed in embeds)])
    layers: list[int] = []
    ends: list[int] = []
    for held, embed, start in zip(contests, embeds, starts.tolist(), strict=False):
        program = held.values.program
        number = {0: 0}
        if shared is None:
            operations.append(Gather((0,), np.arange(start, start + embed.channels), layer="inputs"))
            number[0] = len(operations) - 1
        for i, operation in enumerate(program.operations[1:], 1):
            operations.append(renumbered(operation, number))
            number[i] = len(operations) - 1
        layers += [number[layer] for layer in program.layers if layer]
        ends.append(len(operations) - 1)
    crowns = []
    for held, end in zip(contests, ends, strict=True):
        # as of one contest: the maxout cuts the cells, and adds 0 to the values
        crowns.append(len(operations))
        operations.append(Maxout((end,), 1, held.classes, layer="decision"))
    channels = sum(held.classes for held in contests)
    operations.append(Concat(tuple(ends), channels, layer="decision"))
    values = len(operations) - 1
    operations.append(Concat(tuple(crowns), len(crowns), layer="decision"))
    zeros = np.zeros((channels, len(crowns), 1, 1))
    operations.append(Conv((values + 1,), zeros, np.zeros(channels), layer="decision"))
    operations.append(Add((values, values + 2), channels, layer="decision"))
    return Program(tuple(operations), tuple(layers))


def inputs_of(program: Program) -> Embed:
    """How the plane's points are the program's inputs."""
    first = program.operations[0]
    assert isinstance(first, Embed), "always operation 0"
    return first


def _shared(embeds: Sequence[Embed]) -> Embed | None:
    """The one that all of them are, None where they differ."""
    first, *others = embeds
    same = all(
        np.array_equal(embed.kinds, first.kinds) and np.array_equal(embed.coefficients, first.coefficients)
        for embed in others
    )
    return first if same else None


def _together(embeds: Sequence[Embed]) -> Embed:
    kinds = np.concatenate([embed.kinds for embed in embeds])
    return Embed(kinds, np.concatenate([embed.coefficients for embed in embeds]))
