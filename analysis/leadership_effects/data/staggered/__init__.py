"""Read designs of many places with different starts, and build their panels."""
