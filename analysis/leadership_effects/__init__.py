"""Estimators, inference and results registry behind *Growing Collective Leadership for System Change*.

Imports run one way: release -> plan -> panel -> estimators -> inference -> synthesis -> results/figures ->
pipeline. This file imports nothing, so that a notebook depends only on the modules it names.
"""
