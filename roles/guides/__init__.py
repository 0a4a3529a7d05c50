"""Guides: what their pages show, the return calculator, the comparison of degree programs."""
