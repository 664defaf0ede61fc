"""Check the prose of pages: typed figures, causal words, uncited claims."""
