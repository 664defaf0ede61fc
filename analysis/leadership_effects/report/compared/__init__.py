"""Say in words how a place is compared."""
