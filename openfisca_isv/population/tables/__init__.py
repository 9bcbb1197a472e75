"""The tables of a population: what each may hold, how they are read and written.

``columns`` says what a table may hold, from the inputs of the model, and ``cells`` what
a cell; ``sources`` lets a ``database`` read the files, ``typed_tables`` reads from it.
``writing`` writes tables, ``template`` empty ones, ``text`` shows them.
"""
