"""Programs made of operations on tensors: what the readers of other people's models write with."""
