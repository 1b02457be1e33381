"""How far the measures of a study rank its networks alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from netwarp.measures.intervals import agreement
from netwarp.study.report.effects import network_medians
from netwarp.study.report.gathering import Floats, Gathered, Whole


@dataclass(frozen=True, slots=True)
class RankAgreement:
    """Spearman's rank correlation of every two measures over the medians of the architectures, or the models.

    `table` is (measures, measures), NaN where fewer than six have both measures, or too few are different; `counts`,
    of the same form, how many networks have both; `networks` how many there are.
    """

    names: tuple[str, ...]
    table: Floats
    counts: Whole
    networks: int

    def pairs(self) -> list[tuple[float, str, str]]:
        """The correlations that are known, from the least on, each with its two measures."""
        count = len(self.names)
        return sorted(
            (float(self.table[i, j]), self.names[i], self.names[j])
            for i in range(count)
            for j in range(i + 1, count)
            if np.isfinite(self.table[i, j])
        )


def rank_agreement(gathered: Gathered) -> RankAgreement:
    """Of all measures that have a value."""
    measures = [one for one in gathered.measures if one.present]
    medians = [network_medians(gathered, one) for one in measures]
    table = np.full((len(measures), len(measures)), np.nan)
    np.fill_diagonal(table, 1.0)
    for i, j in combinations(range(len(measures)), 2):
        found = agreement(medians[i], medians[j])
        table[i, j] = table[j, i] = np.nan if found is None else found
    known = np.isfinite(np.reshape(medians, (len(measures), len(gathered.networks)))).astype(np.int64)
    return RankAgreement(tuple(one.name for one in measures), table, known @ known.T, len(gathered.networks))
