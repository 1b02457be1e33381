"""The store of a study: one SQLite file that keeps every run and loses none."""
