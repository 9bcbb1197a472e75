"""Copies of a life in which facts have other values, calculated in one simulation.

What an answer hangs on (``standing``) and what would change it (``reasons``) are both
found by trying. A ``Life`` is what bears on an answer; other values of its facts are
taken where the rules may tell values apart, the ``Anchors``; and ``Copies`` calculates
the life with them. ``Search`` tells which values make something as wanted.
"""
