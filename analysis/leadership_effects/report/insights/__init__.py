"""Show what is on record of each place: the matrix by items and the form of the map."""
