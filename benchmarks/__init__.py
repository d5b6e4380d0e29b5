"""Benchmarks, whose results are ratios: `python -m benchmarks`."""
