"""Workbooks, .xlsx and .ods: read, checked cell by cell, and written."""
