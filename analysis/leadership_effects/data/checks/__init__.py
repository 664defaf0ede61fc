"""Check rows of a release against the rows of other tables."""
