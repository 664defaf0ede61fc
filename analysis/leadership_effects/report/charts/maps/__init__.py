"""Draw places where they lie: on the map of the world, and as tiles of a country."""
