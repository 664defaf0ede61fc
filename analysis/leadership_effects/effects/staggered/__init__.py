"""Estimate and test average effects in panels whose places started in different years."""
