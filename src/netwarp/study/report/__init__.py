"""What a study's store says: main effects, maps over pairs of factors, rank agreement of measures, failures."""
