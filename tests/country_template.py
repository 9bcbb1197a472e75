"""A situation of OpenFisca's country template, for the tests of any package."""


def family():
    """Return a household with an adult and a child; the adult earns 10,000 a month."""
    return {
        "persons": {
            "ana": {
                "birth": {"ETERNITY": "1980-01-01"},
                "salary": {"2024-03": 10_000},
                "capital_returns": {"2024-03": 0},
            },
            "leo": {
                "birth": {"ETERNITY": "2019-01-01"},
                "salary": {"2024-03": 0},
                "capital_returns": {"2024-03": 0},
            },
        },
        "households": {"home": {"adults": ["ana"], "children": ["leo"]}},
    }
