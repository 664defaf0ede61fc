"""Find what of a release is to be fetched again: a living review of its evidence."""
