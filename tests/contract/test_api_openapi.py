"""The OpenAPI document is one, and a fuzzer that believes it finds no answer that the document does not know.

A longer search: raise EXAMPLES, or run schemathesis' own command line against a running bot (docs/api.md).
"""

import json
import logging

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import ignored_auth

from bot.api.house import SERVED
from bot.api.openapi import document
from bot.api.parameters import model_of
from skills.refusals import REFUSALS
from skills.registry import SKILLS
from tests.fakes.api_server import api_server

EXAMPLES = 3
MUCH = {"xiaoliuzi.toml": [("[telegram]", "[api]\nper_minute = 6000\nper_day = 1000000\n\n[telegram]")]}


def test_the_document_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(document(SERVED)).iter_errors()) == []


def test_what_is_never_done_has_no_place_of_its_own():
    named = set(document(SERVED)["paths"])
    assert not {f"/api/skills/{refusal.name}" for refusal in REFUSALS} & named
    assert set(SERVED) | set(REFUSALS) == set(SKILLS)


def test_every_skill_has_its_place_with_its_own_parameters():
    told = document(SERVED)
    paths, schemas = told["paths"], told["components"]["schemas"]
    for skill in SERVED:
        posted = paths[f"/api/skills/{skill.name}"]["post"]
        assert posted["summary"] == skill.purpose
        assert model_of(skill).__name__ in schemas
        assert schemas[model_of(skill).__name__]["properties" if skill.parameters else "title"]
        for parameter in skill.parameters:
            field = schemas[model_of(skill).__name__]["properties"][parameter.name]
            assert parameter.about in field["description"]


def shape_of(path, document):
    """What a place's body is checked against, whatever its name and words."""
    (method,) = document["paths"][path].values()
    body = method.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields = document["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {"path": path})
    return json.dumps(bare(fields), sort_keys=True)


def bare(value):
    """A schema without titles and descriptions."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("title", "description") or not isinstance(v, str)}
    return [bare(v) for v in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with api_server(tmp_path_factory.mktemp("fuzz") / "w", edits=MUCH) as served:
        yield served


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_a_fuzzer_finds_no_answer_outside_the_document(served, mode, caplog):
    told = httpx.get(f"{served.url}/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(told)
    schema.config.update(base_url=served.url, headers={"authorization": f"Bearer {served.token}"})
    shapes = set()
    with caplog.at_level(logging.ERROR), requests.Session() as session:
        for found in schema.get_all_operations():
            operation = found.ok()
            if mode is schemathesis.GenerationMode.NEGATIVE:
                shape = shape_of(operation.path, told)
                if not (operation.body or operation.query) or shape in shapes:
                    continue  # nothing that could be wrong, or the same fields as another place, checked by the same lines
                shapes.add(shape)

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
            def probe(case):
                # ignored_auth does not know where our token came from
                case.call_and_validate(session=session, excluded_checks=[ignored_auth])

            probe()
    assert "api." not in caplog.text
