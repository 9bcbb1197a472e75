"""Populations: tables in, the model, tables out.

Data goes one way. ``tables`` reads and checks the files, ``simulation`` gives their
columns to the engine, ``results`` asks it for conclusions, ``summary`` adds them up by
year, ``writing`` and ``display`` hand them over; ``commands`` joins the steps into the
command ``openfisca-isv``. ``synthetic`` makes a population where there is none.

It needs the extra ``population``: ``pip install "openfisca-isv[population]"``.
"""
