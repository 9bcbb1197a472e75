"""Reforms of the law, read from a file of dated values or found by their class."""
