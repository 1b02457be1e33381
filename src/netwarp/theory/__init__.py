"""Closed forms and bounds of the literature: `nw.theory.bounds`, `nw.theory.growth`, `nw.theory.meanfield`.

>>> nw.theory.bounds.arrangement(100)  # the regions that 100 lines make of a plane, at most
5051
>>> round(nw.theory.growth.factor("relu"), 3)
1.467
>>> round(nw.theory.meanfield.critical("relu") ** 2, 6)
2.0
"""

from netwarp.theory import bounds as bounds
from netwarp.theory import growth as growth
from netwarp.theory import meanfield as meanfield
