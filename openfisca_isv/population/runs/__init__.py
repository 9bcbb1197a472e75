"""Runs on populations of any size, whatever happens to them.

``run`` says in which order the steps of ``run_stages`` are taken: ``staging`` divides
the tables into parts of whole volunteers, ``parts`` does one, ``workers`` share them
out. ``folder`` keeps two runs apart.
"""
