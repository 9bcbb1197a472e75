"""Runs on populations of any size, whatever happens to them.

``staging`` divides the tables into parts of whole volunteers, ``parts`` does one,
``workers`` share them out; ``run`` and ``steps`` say in which order, ``folder`` keeps
two runs apart.
"""
