"""Measures of the model against a script of an analyst, on made-up populations.

Run them with ``make bench``, or ``python -m benchmarks --sizes 1000``.
"""
