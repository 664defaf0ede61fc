"""Compare floats to the ninth decimal, so that the last bits of a processor's sums decide nothing."""

from __future__ import annotations

ROUNDING = 1e-9  # two values closer than this are equal
DECIMALS = 9  # what lies beyond differs between processors and must not decide an order or a rounding
