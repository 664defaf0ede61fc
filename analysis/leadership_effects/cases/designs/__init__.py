"""Begin, check and take staggered adoption designs of many places."""
