"""Closed forms and bounds of the literature: formulas, no networks."""
