"""The language's activations: one face a name, a family a file; numbers and formulas that every evaluator asks for."""
