"""How fast it is, as ratios: `python -m benchmarks`."""
