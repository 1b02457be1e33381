"""The executable literature: what papers and the note say of random networks, each claim measured again."""
