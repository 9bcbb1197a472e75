"""The commands ``openfisca-isv`` on populations, one module a family."""
