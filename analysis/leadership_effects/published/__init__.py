"""Lock the results of a release and compare a run with them."""
