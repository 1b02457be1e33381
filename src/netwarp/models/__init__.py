"""Doors for models that netwarp did not make: a callable, a torch module, a file; slices of their inputs, data sets."""
