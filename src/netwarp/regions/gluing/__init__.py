"""Joining the cells found into one mesh of vertices, edges and sides."""
