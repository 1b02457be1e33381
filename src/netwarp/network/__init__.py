"""Networks: weights, initialisers, files, and the Program a network is lowered to."""
