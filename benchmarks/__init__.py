"""Measures of the model against a hand-written program, on made-up populations.

Run them with ``make bench``, or ``python -m benchmarks --sizes 1000``.
"""
