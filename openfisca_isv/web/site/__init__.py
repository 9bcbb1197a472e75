"""The pages: the law, its figures and its rules, for those who read no Python.

``build.build_site`` writes a folder of static files, in English and in French, from
the register, the parameters, the variables, the tests and the readings. They open
from disk; the simulator alone needs the server.
"""
