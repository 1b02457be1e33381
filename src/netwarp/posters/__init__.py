"""Posters: pictures of any size, drawn by bands of rows straight into a file, in bounded memory."""
