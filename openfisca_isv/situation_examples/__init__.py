"""Situations to send to the Web API, or to start one's own from."""

import json
from pathlib import Path


def _load(name: str) -> dict:
    return json.loads((Path(__file__).parent / f"{name}.json").read_text("utf-8"))


contract_abroad = _load("contract_abroad")
return_after_two_years = _load("return_after_two_years")
mission_in_france = _load("mission_in_france")
