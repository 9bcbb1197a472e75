"""What is enumerated, family by family.

Each says what it goes through completely. What it does not vary is that of an ordinary
contract, lawful on every point.
"""

from .amounts import AMOUNTS
from .chains import CHAINS
from .conditions import CONDITIONS
from .contracts import CONTRACTS
from .states import STATES

#: The families by what they are about, as the page of the site counts them.
SUBJECTS = {
    "contracts": CONTRACTS,
    "conditions": CONDITIONS,
    "states": STATES,
    "chains": CHAINS,
    "amounts": AMOUNTS,
}
FAMILIES = tuple(family for families in SUBJECTS.values() for family in families)
