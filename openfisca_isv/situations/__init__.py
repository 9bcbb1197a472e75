"""Situations: the body of a request, read once, and the simulation built from it.

``reading`` turns a body into a ``Situation`` or into all that is wrong with it;
``simulation`` builds the engine's simulation of a situation. The Web API, the commands
and Python callers all go through here.
"""
