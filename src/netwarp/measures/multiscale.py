"""Multi-scale: how much a picture looked at ever more coarsely differs from one look to the next."""

# R rows, C columns, G blocks along both sides

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.registry import Absent, Reading, define

Array = NDArray[np.float64]

# the coarsest look, as in the authors' program (1024 pixels, the last blocks 256 a side); the finest has blocks of at
# least two pixels a side, as there
COARSEST, FINEST_PIXELS = 4, 2


@define(
    unit="of the variance",
    source="Bagrov et al. 2020, doi:10.1073/pnas.2004976117",
    formula="sum_k |O(k, k+1) - (O(k, k) + O(k+1, k+1)) / 2|, O(j, k) = mean f_j f_k; f_k means of blocks 2^k a side",
    page="list",
)
def structural_complexity(image: Array) -> Reading:
    """The multi-scale structural complexity: the dissimilarity of a picture and itself coarse-grained, over all scales.

    Coarse-grained pictures are means over 4x4, 8x8, 16x16, ... blocks, the finest of 2 pixels a side; each scale adds
    half the mean square of what the step to the next coarser one loses. With blocks inside one another these are
    differences of mean squares, and over all scales of any picture add up to half its variance; what is between single
    pixels and what is wider than a quarter of the picture are therefore left out, as in the authors' program. White
    noise, all between pixels, scores 1/8; a ramp, nearly all of it wide, 1/32; 1/2 is the most.
    Details: `scales`, blocks a side from fine to coarse, and `dissimilarity`, what each adds.
    """
    finest = min(image.shape) // FINEST_PIXELS
    steps = int(np.log2(max(finest / COARSEST, 1)))
    if steps < 1:
        raise Absent(f"the raster is too small for two scales: {2 * COARSEST * FINEST_PIXELS} pixels a side are needed")
    blocks = [COARSEST * 2**step for step in range(steps, -1, -1)]
    squares = [_mean_square(image, count) for count in blocks]
    # a picture's overlap with its own block means is theirs with themselves: O(k, k+1) = O(k+1, k+1)
    lost = [abs(finer - coarser) / 2 for finer, coarser in pairwise(squares)]
    return Reading(sum(lost), {"scales": tuple(float(count) for count in blocks[:-1]), "dissimilarity": tuple(lost)})


def _mean_square(image: Array, count: int) -> float:
    """The mean over pixels of the squared mean of the block they are in, of count x count blocks.

    Blocks are as nearly alike as whole pixels allow, and those of 2 count lie inside those of count.
    """
    rows, columns = (np.arange(count) * side // count for side in image.shape)
    sums = np.add.reduceat(np.add.reduceat(image, rows, axis=0), columns, axis=1)
    heights, widths = (np.diff(edges, append=side) for edges, side in zip((rows, columns), image.shape, strict=True))
    pixels = heights[:, None] * widths
    return float((sums * sums / pixels).sum()) / image.size
