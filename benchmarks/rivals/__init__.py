"""The other ways to compute the same picture. Each is optional: what is not installed is reported as absent."""
