"""Estimate leadership effects from a data release, record results and build the book.

Rooms import downwards only: cases; releases, reproduce, importers, prose; published; build; report; simulation and
evidence; synthesis; effects; data; and beneath all of them single modules such as files and paths. This file imports
nothing.
"""
