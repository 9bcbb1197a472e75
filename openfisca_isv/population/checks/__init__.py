"""What is wrong with tables: their headers, their cells, their rows together.

``loading`` reads the rows of a table and notes the faults of its cells, ``row_checks``
those between rows; ``cell_faults`` puts them into words.
"""
