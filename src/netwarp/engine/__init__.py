"""Evaluators: a Program's values and tangents at points and pictures, natively or by torch.

1. `choose` turns a name into an evaluator; `protocol` says what each one must do. What follows is the native one.
2. `pools` replaces pools by steps of pairs. `lattice` says at which positions a Program with kernels is evaluated, so
   that taps one calibration pixel apart land on positions too.
3. `layout` gives every value memory: a block of pixels in a pointwise Program, a ring of rows in one with kernels.
   For `calibration`, `passes` cuts a Program where statistics are taken, and `pass_writer` does the same for a pass:
   what only this pass reads is in a block of a row, what a later one reads is a whole picture.
4. `writer` writes the steps into a Plan (`plan`): one table of integers. All is data, so a new network never compiles.
5. `workspace` gives each thread a copy of the table with addresses in it. `executor` runs its rows, `steps` does one
   operation on one row, and calls the inner loops by address.
6. Inner loops (`kernels`, `rows`) are written once as emitters over `lanes`, vectors of IEEE 754's operations only, and
   `functions` holds the activations' formulas. So the same Program gives the same bits for any vector width, tile and
   number of threads.

One-letter names: b is LLVM's instruction builder, v the vectors (Lanes) it makes, i and n count vectors or entries; w
is a weight's address, x a row that is read, y a row that is written; q is the row of a step, r the row of the output,
which are apart by the step's LEAD; s is a step, c a channel, o an output or an operation, t a tap. In arrays' shapes K
is the number of embedded channels.
"""
