"""Which class wins where: exact cells or samples, boundaries, areas, and their pictures."""
