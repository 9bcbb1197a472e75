"""From tables to the engine, and from the engine to conclusions.

``calculation`` says what a calculation is, ``simulate`` is that of one law.
``part_simulation`` gives the columns of a part to the engine, ``outputs`` and
``results`` ask it for conclusions, ``yearly`` and ``summary`` add them up.
"""
