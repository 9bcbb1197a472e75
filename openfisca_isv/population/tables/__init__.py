"""The tables of a population: what each may hold, read, checked and written.

``columns`` says what a table may hold, from the inputs of the model, and ``cells`` what
a cell; ``sources`` and ``loading`` read its files into a ``database``; ``row_checks``
looks between the rows; ``cell_faults`` puts into words what is wrong; ``writing``
writes tables, ``template`` empty ones.
"""
