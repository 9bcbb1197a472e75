"""The tables of a population: what each may hold, read, checked and written.

``columns`` says what a table may hold, from the inputs of the model; ``cells`` and
``typed_cells`` read its cells; ``sources`` and ``loading`` its files; ``row_checks``
looks between the rows; ``writing`` writes tables, ``template`` empty ones.
"""
