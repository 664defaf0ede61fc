"""Simulate null panels to measure the size, power and recovery of the tests."""
