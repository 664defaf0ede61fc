"""Estimate the effect on one treated unit, with placebo inference and diagnostics."""
