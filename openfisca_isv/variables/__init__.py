"""The law as variables, one subject a file, in the order in which the law takes them.

The same names stand in ``parameters/`` and in ``tests/yaml/``.
"""
