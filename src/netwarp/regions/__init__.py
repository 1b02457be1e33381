"""Exact activation regions of piecewise-linear Fields, their geometry and their pictures."""
