// The orthogonal matrix of a random one: Q of its QR factorisation, whose signs make it unique.

/** (rows, columns), row by row: orthonormal rows, or columns where these are fewer, from as many normal numbers. */
export function orthogonal(base: Float64Array, rows: number, columns: number): Float64Array {
  if (rows >= columns) return factor(base, rows, columns);
  return transposed(factor(transposed(base, rows, columns), columns, rows), columns, rows);
}

/** Q (rows, columns) of a matrix that is at least as high as wide, the diagonal of R being positive: by Householder's
 * reflections, applied to the unit matrix from the last to the first. */
function factor(base: Float64Array, rows: number, columns: number): Float64Array {
  const r = Float64Array.from(base);
  const signs = new Float64Array(columns);
  const reflections: Float64Array[] = [];
  for (let k = 0; k < columns; k++) {
    const v = new Float64Array(rows);
    let square = 0;
    for (let i = k; i < rows; i++) {
      v[i] = r[i * columns + k]!;
      square += v[i]! * v[i]!;
    }
    // away from the vector itself, so that nothing cancels: the diagonal of R then has the other sign
    const side = v[k]! < 0 ? -1 : 1;
    const length = Math.sqrt(square);
    signs[k] = -side;
    v[k]! += side * length;
    const size = Math.sqrt(2 * length * (length + Math.abs(r[k * columns + k]!)));
    if (size > 0) for (let i = k; i < rows; i++) v[i]! /= size;
    reflect(r, v, k, columns, k);
    reflections.push(v);
  }
  const q = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) q[k * columns + k] = signs[k]!;
  for (let k = columns - 1; k >= 0; k--) reflect(q, reflections[k]!, k, columns, k);
  return q;
}

/** The matrix less 2 v v^T of it, v being 0 before row `first`; columns before `left` are left alone. */
function reflect(matrix: Float64Array, v: Float64Array, first: number, columns: number, left: number): void {
  const along = new Float64Array(columns);
  for (let i = first; i < v.length; i++) {
    for (let j = left; j < columns; j++) along[j]! += v[i]! * matrix[i * columns + j]!;
  }
  for (let i = first; i < v.length; i++) {
    for (let j = left; j < columns; j++) matrix[i * columns + j]! -= 2 * v[i]! * along[j]!;
  }
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const made = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) made[j * rows + i] = matrix[i * columns + j]!;
  }
  return made;
}
