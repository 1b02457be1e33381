"""Views too deep for float64 coordinates: differences from the exact value at the centre."""
