"""Describe a place without a comparison: its record, and its series beside others."""

from leadership_effects.report.described.record import record_of_place
from leadership_effects.report.described.series import show_series

__all__ = ["record_of_place", "show_series"]
