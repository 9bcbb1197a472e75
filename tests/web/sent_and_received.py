"""What the tests send, and how answers of both servers are compared."""

import json
from email.utils import parsedate_to_datetime

ETERNITY = "ETERNITY"
TIMES = ("calculation_time", "formula_time")


def problems_free(client, body):
    """Answer a body that has to be correct."""
    answer = client.post("/calculate", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def trace_of(system, answer):
    """Give a trace without its times, with days and infinite numbers alike."""
    for key, step in answer["trace"].items():
        for time in TIMES:
            assert step.pop(time) >= 0
        variable = system.variables[key.partition("<")[0]]
        if variable.value_type.__name__ == "date":
            step["value"] = [
                parsedate_to_datetime(day).date().isoformat() if "," in day else day
                for day in step["value"]
            ]
    text = json.dumps(answer).replace('"Infinity"', "Infinity")
    return json.loads(text)
