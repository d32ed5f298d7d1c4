"""Measurements with a floor in the same run: `make bench` prints ratios and medians, never a verdict."""
