"""A synthetic population that resembles the published figures of the scheme.

No microdata of the scheme are public. What is published, and what is assumed where
nothing is, stands in ``statistics.yaml``; the cases whose amount
an official page prints stand in ``printed_cases.yaml``. Everything is drawn from one
seed: nothing here describes real people.
"""

from openfisca_isv.population.synthetic.drawn_population import synthetic_population

__all__ = ["synthetic_population"]
