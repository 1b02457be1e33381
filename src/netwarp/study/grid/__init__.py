"""What a study is of: the grid of its factors, the file that declares it, its points and runs. No run is evaluated."""
