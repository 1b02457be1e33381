"""Films: a network that changes, or a view that moves, frame by frame into a video."""
