"""Running a study: chunks of runs, the workers that evaluate them, and the one driver that writes."""
