"""What one does with cells: integrals, level sets, lines, pictures, files."""
