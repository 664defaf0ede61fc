"""Estimate average effects in the ways that stand beside the headline."""
