"""Compare, draft, freeze and archive data releases."""
