"""Read the layouts of official files, one module each, which ends in its ``LOADER``."""
