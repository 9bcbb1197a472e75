"""The OpenAPI document: OpenFisca's, made valid, with the refusals and what is added.

OpenFisca's forbids ``null``, which is how a value is asked for, gives some answers a
shape that they do not have, and says nothing of the body of a refusal. It stays an
OpenAPI 3.0 document, which every tool reads.
"""

from copy import deepcopy
from dataclasses import fields
from pathlib import Path

import yaml
from flask import Flask
from openfisca_core.entities import Entity
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.reasons import DETAILS
from openfisca_isv.situations.body.vocabulary import vocabulary_of
from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.api.schemas import entity_schema

_ADDED = Path(__file__).parent / "specification.yaml"


def build_specification(
    app: Flask, system: TaxBenefitSystem, limits: Limits
) -> dict[str, object]:
    """Build the document.

    Args:
        app: The application of OpenFisca, which still gives its own document.
        system: The model.
        limits: How much a client may ask.
    """
    with app.test_request_context("/spec"):
        theirs = app.view_functions["get_spec"]().get_json()
    added = yaml.safe_load(_ADDED.read_text("utf-8"))
    document = {**theirs, "openapi": "3.0.3", "tags": theirs["tags"] + added["tags"]}
    description = _description(added["info"]["description"], system, limits)
    document["info"] = {**theirs["info"], "description": description}
    components = document["components"]
    schemas = components["schemas"]
    examples = {
        name: schemas[name]["example"]
        for name in ("Parameter", "Variable", "Trace", "SituationInput")
    }
    schemas.update(added["components"]["schemas"])
    components["responses"] = added["components"]["responses"]
    components["headers"].update(added["components"]["headers"])
    for entity in system.entities:
        name = entity.key.title()
        schemas[name] = _of(entity, system, is_answer=False)
        schemas[f"{name}Answer"] = _of(entity, system, is_answer=True)
    schemas["SituationInput"] = _situation(system, "")
    schemas["SituationInput"]["properties"]["axes"] = schemas["Axes"]
    schemas["ExplanationInput"] = _with_detail(schemas["SituationInput"])
    schemas["SituationOutput"] = deepcopy(_situation(system, "Answer"))
    schemas["SituationOutput"]["properties"]["axes"] = schemas["Axes"]
    schemas["Trace"]["properties"]["entitiesDescription"] = {
        "type": "object",
        "properties": {
            entity.plural: {"type": "array", "items": {"type": "string"}}
            for entity in system.entities
        },
        "additionalProperties": False,
    }
    for name, example in examples.items():
        schemas[name]["example"] = example
    for name in ("variable", "parameter"):
        (named,) = added["paths"][f"/{name}/{{{name}ID}}"]["get"]["parameters"]
        if example := system.open_api_config.get(f"{name}_example"):
            named["example"] = example
    document["paths"] = {
        path: {method: _operation(one, added) for method, one in methods.items()}
        for path, methods in added["paths"].items()
    }
    return document


def _with_detail(situation: dict) -> dict[str, object]:
    """Return the schema of a situation to explain, which may say in how much detail."""
    detail = {
        "type": "string",
        "enum": list(DETAILS),
        "default": DETAILS[0],
        "description": "The branch that decides, or every step.",
    }
    return situation | {"properties": situation["properties"] | {"detail": detail}}


def _description(text: str, system: TaxBenefitSystem, limits: Limits) -> str:
    single, groups = system.person_entity, system.group_entities
    text = text.format(
        package=system.get_package_metadata()["name"],
        kinds=_listed([single.plural, *(group.plural for group in groups)]),
        single=single.key,
        groups=_listed([f"one {group.key}" for group in groups]),
    )
    rows = [
        f"| {limit.metadata['description']} | {getattr(limits, limit.name):g} |"
        for limit in fields(limits)
    ]
    table = "\n".join(["| limit | |", "| --- | --- |", *rows])
    return f"{text}\n{table}\n"


def _listed(names: list[str]) -> str:
    """Write a list in words.

    >>> _listed(["one volunteer", "one organisation"])
    'one volunteer and one organisation'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _operation(operation: dict, added: dict) -> dict[str, object]:
    """Add the headers of every answer to an operation, and the refusals it may get."""
    headers = {
        name: {"$ref": f"#/components/headers/{name}"}
        for name in added["components"]["headers"] | _THEIR_HEADERS
    }
    refusals = operation.pop("x-refusals", [])
    responses = {
        str(status): {**response, "headers": headers}
        for status, response in operation["responses"].items()
    }
    for status in refusals:
        responses[str(status)] = {"$ref": f"#/components/responses/Refusal{status}"}
    return {**operation, "responses": responses}


_THEIR_HEADERS = {"Country-Package": None, "Country-Package-Version": None}


def _of(entity: Entity, system: TaxBenefitSystem, *, is_answer: bool) -> dict:
    vocabulary = vocabulary_of(system)
    return entity_schema(
        vocabulary.variables[entity.plural],
        vocabulary.roles.get(entity.plural, []),
        is_answer=is_answer,
    )


def _situation(system: TaxBenefitSystem, suffix: str) -> dict[str, object]:
    single = system.person_entity.plural
    properties = {}
    for entity in system.entities:
        name = f"{entity.key.title()}{suffix}"
        properties[entity.plural] = {
            "type": "object",
            "description": entity.label,
            "additionalProperties": {"$ref": f"#/components/schemas/{name}"},
        }
    properties[single]["minProperties"] = 1
    return {
        "type": "object",
        "required": [single],
        "properties": properties,
        "additionalProperties": False,
    }
