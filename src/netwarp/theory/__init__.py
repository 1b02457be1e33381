"""Closed forms and bounds of the literature: `nw.theory.bounds`, `nw.theory.growth`, `nw.theory.meanfield`."""

from netwarp.theory import bounds as bounds
from netwarp.theory import growth as growth
from netwarp.theory import meanfield as meanfield
