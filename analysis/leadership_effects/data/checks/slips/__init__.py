"""List figures and blocks of rows that look like slips."""
