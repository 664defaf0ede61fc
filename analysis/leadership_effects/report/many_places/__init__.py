"""Record and show what a design of many places says, with the same keys in every chapter."""
