"""Count the questions until it is settled whether a contract may be signed.

Run ``python -m benchmarks.questions``, or with ``--files 50`` to be quick.
Random files start with nothing stated; the first fact that ``/questions`` asks for is
answered each time, with a value drawn for the file. Every draw is seeded.
"""

import argparse
import random
from datetime import date, timedelta
from statistics import mean, median

from openfisca_core.indexed_enums import Enum
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.standing import questions

_ASKED = "contract_is_lawful"
#: Facts told before the outputs that are settled are counted.
_FACTS = (2, 4, 6)
_PERIODS = {"eternity": "ETERNITY", "month": "2024-03", "year": "2024"}
#: Years in which the days of a file are, and lengths of contracts in days.
_YEARS = {"birth_date": (1960, 2008), "accreditation_start_date": (2005, 2024)}
_LENGTHS = (180, 364, 365, 540, 729, 730, 731, 900)
_NUMBERS = {"currency-EUR": (50, 2000), "/1": (0, 1), "year": (0, 10), None: (0, 4)}
_USUAL = ("FR", "FR", "FR", "SN", "MG", "KH", "DE", "CH", "GP")


class File:
    """A file whose facts are stated one after the other.

    Args:
        number: Its number, the seed of what is drawn.
    """

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)
        self.start = date(2005, 7, 1) + timedelta(self._random.randrange(7000))
        self.body = {
            "missions": {"m": {}},
            "volunteers": {"v": {"missions": ["m"]}},
            "organisations": {"o": {"missions": ["m"]}},
        }

    def tell(self, fact: dict, variable: Variable) -> None:
        """State a fact, with a value drawn at random."""
        one = self.body[fact["entity"]][fact["of"]]
        one.setdefault(variable.name, {})[fact["period"]] = self._value(variable)

    def asking(self, outputs: list[Variable]) -> dict:
        """Return the body of the request that asks some outputs."""
        body = {
            plural: {name: dict(one) for name, one in ones.items()}
            for plural, ones in self.body.items()
        }
        for output in outputs:
            for one in body[output.entity.plural].values():
                one[output.name] = {_PERIODS[output.definition_period]: None}
        return body

    def _value(self, variable: Variable) -> object:
        draw = self._random
        if variable.value_type is bool:
            return draw.random() < 1 / 2
        if variable.value_type is Enum:
            names = [member.name for member in variable.possible_values]
            return draw.choice(_USUAL if "FR" in names else names)
        if variable.name == "start_date":
            return self.start.isoformat()
        if variable.name == "end_date":
            return (self.start + timedelta(draw.choice(_LENGTHS))).isoformat()
        if variable.value_type is date:
            first, last = _YEARS.get(variable.name, (2005, 2030))
            day = date(first, 1, 1) + timedelta(draw.randrange(365 * (last - first)))
            return day.isoformat()
        low, high = _NUMBERS[variable.unit]
        return draw.randint(low, high)


def questions_asked(system: TaxBenefitSystem, file: File) -> tuple[int, bool]:
    """Answer the first question until the contract is settled: how many, and how."""
    told = 0
    while True:
        body = file.asking([system.variables[_ASKED]])
        (answer,) = questions(system, body)["answers"]
        if answer["settled"]:
            return told, answer["value"]
        fact = answer["missing"][0]
        file.tell(fact, system.variables[fact["variable"]])
        told += 1


def shares_settled(system: TaxBenefitSystem, file: File) -> dict[int, float]:
    """Return the share of all outputs that is settled after some facts.

    Once the contract is settled, what is told is what the next output lacks.
    """
    outputs = [one for one in system.variables.values() if one.formulas]
    shares = {}
    for told in range(_FACTS[-1] + 1):
        answers = questions(system, file.asking(outputs))["answers"]
        answers.sort(key=lambda one: one["question"]["variable"] != _ASKED)
        shares[told] = sum(one["settled"] for one in answers) / len(answers)
        fact = next(one["missing"][0] for one in answers if not one["settled"])
        file.tell(fact, system.variables[fact["variable"]])
    return shares


def main() -> None:
    """Print the number of questions, and how many outputs few facts settle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--outputs", type=int, default=20, help="files for all outputs")
    arguments = parser.parse_args()
    system = CountryTaxBenefitSystem()
    found = [questions_asked(system, File(one)) for one in range(arguments.files)]
    counts = sorted(count for count, _ in found)
    lawful = sorted(count for count, value in found if value)
    print(f"{len(found)} random files, {len(lawful)} of which may be signed")
    print(f"questions until {_ASKED} is settled: median {median(counts):g},", end=" ")
    print(f"nine in ten within {counts[int(len(counts) * 0.9)]}, most {counts[-1]}")
    if lawful:
        print(f"where it may be signed: median {median(lawful):g}")
    settled = [shares_settled(system, File(one)) for one in range(arguments.outputs)]
    for facts in _FACTS if settled else ():
        share = mean(shares[facts] for shares in settled)
        print(f"outputs settled after {facts} facts: {share:.0%}")


if __name__ == "__main__":
    main()
