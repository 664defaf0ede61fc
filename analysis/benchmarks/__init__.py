"""Measure builds, estimators and pages beside other software; no part of the package."""
