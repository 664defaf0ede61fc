"""Show forms that a page computes by itself, each equal to a function of the package."""
