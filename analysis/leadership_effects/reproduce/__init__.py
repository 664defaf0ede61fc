"""Reproduce the published results in a copy without a network."""
