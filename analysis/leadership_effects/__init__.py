"""Estimate leadership effects from a data release, record the results and build the book around them.

Rooms import downwards only: cases; releases, reproduce, importers, prose; published; build; report; simulation and
evidence; synthesis; effects; data; and beneath all of them files, paths and errors. This file imports nothing.
"""
