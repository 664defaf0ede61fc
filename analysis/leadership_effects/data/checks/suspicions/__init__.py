"""List rows that may be right and look like mistakes, so that somebody looks at them again."""
