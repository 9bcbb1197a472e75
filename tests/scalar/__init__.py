"""The law as a reader applies it, one volunteer at a time, with nothing of the model.

In the order of the texts: ``parties`` (who and when), ``states`` (law, article 2),
``law`` (law of 2005, article by article), ``decrees`` (décrets of 2005 and 2022, and
the page on retirement), ``state_aid`` (their articles 9 to 12). Every figure stands in
the rule that uses it, with the day from which it holds. "Reading 3" is the third of the
readings that the documentation lists. Each function that bears the name of an output
gives that output; ``OUTPUTS`` lists them.
"""

from . import decrees, law, state_aid
from .parties import Mission, Month, Organisation, Volunteer, outputs

OUTPUTS = outputs
__all__ = ["OUTPUTS", "Mission", "Month", "Organisation", "Volunteer"]
__all__ += ["decrees", "law", "state_aid"]
