"""Doors for models that netwarp did not make: slices of their inputs, data sets, and what reads them."""
