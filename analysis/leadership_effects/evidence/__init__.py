"""Grade statements and classify what documents report: studies, readings, strategies."""
