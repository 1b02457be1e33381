"""Fields: a network's statistics frozen on a raster, one deterministic function of the plane."""
