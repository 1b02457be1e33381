"""Networks of many seeds measured: ensembles, comparisons, atlases."""
