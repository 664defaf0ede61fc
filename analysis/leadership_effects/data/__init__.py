"""Open a data release: tables, analysis plan, panels, provenance and validation."""
