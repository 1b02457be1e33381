"""Finding cells: the plane is cut by the lines of one layer after the other."""
