"""Exact activation regions of piecewise-linear Fields, their geometry and their pictures.

1. `stages` splits a Program into stages: one nonlinear operation each, with affine operations between them. A line is
   the zero set of an affine function of the stage's source; its sign says which piece of the activation holds.
2. `descent` begins with one cell, the rectangle of a `frame`. Stage by stage it divides every cell by the lines that
   cross it. On each cell the source is a map a x + b y + c, with a bound of its error. Cells are divided in batches,
   depth first, so that a batch stays in cache. A box around the cell discards most lines; the others form an
   arrangement, in which every decision is the sign of a line at a vertex. A child's map is that of the neighbour it was
   reached from, plus what the line between them turns (a flip).
3. Where an error bound leaves a sign in doubt, the map is computed again in doubled precision, then the lines in whole
   numbers in compiled code (`descent.integers`), and last the sign in Python's integers (`exact`).
4. `gluing` joins the cells: two sides of one edge were born together, so no coordinates are compared.
5. `cells` measures, draws and saves what comes out. `descent.painting` draws while cells are found and keeps none.

One-letter names in kernels: t is the stage's Table (or the Tables of `descent.sums`), w the Work of an arrangement, sc
the Scratch of a cell; c is a cell; g a line of the arrangement, where the cell's own sides come first; j a line of the
stage; v a vertex, h a half-edge, f a face, s a side, u a channel; d a column (0, 1, 2 for a, b, c); n and k count.
Sizes in comments: B cells of a batch, C all cells, S sides of a batch, H half-edges or sides of all cells, V vertices,
E edges, F faces, G lines of the arrangement, L lines of the stage, N channels in, O channels after the affine map that
follows, K channels of the output, P parents, W words of 64 pattern bits. A module's head names what differs from this.
"""
