"""From tables to the engine, and from the engine to conclusions.

``simulation`` gives the columns to the engine, ``outputs`` and ``results`` ask it for
conclusions, ``summary`` adds them up by year.
"""
