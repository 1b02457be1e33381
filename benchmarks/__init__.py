"""Side by side with what a user would otherwise do: `make bench`, or `python -m benchmarks`. No test is timed."""
