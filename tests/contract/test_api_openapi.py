"""The OpenAPI document is one, and a fuzzer that believes it finds no answer that the document does not know.

A longer search: raise EXAMPLES, or run schemathesis' own command line against a running bot (docs/api.md).
"""

import logging

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.specs.openapi.checks import ignored_auth

from bot.api.openapi import document
from bot.api.parameters import model_of
from skills.registry import SKILLS
from tests.fakes.api_server import api_server

EXAMPLES = 3
MUCH = {"xiaoliuzi.toml": [("[telegram]", "[api]\nper_minute = 6000\nper_day = 1000000\n\n[telegram]")]}


def test_the_document_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(document(SKILLS)).iter_errors()) == []


def test_every_skill_has_its_place_with_its_own_parameters():
    paths, schemas = document(SKILLS)["paths"], document(SKILLS)["components"]["schemas"]
    for skill in SKILLS:
        posted = paths[f"/api/skills/{skill.name}"]["post"]
        assert posted["summary"] == skill.purpose
        assert model_of(skill).__name__ in schemas
        assert schemas[model_of(skill).__name__]["properties" if skill.parameters else "title"]
        for parameter in skill.parameters:
            field = schemas[model_of(skill).__name__]["properties"][parameter.name]
            assert parameter.about in field["description"]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with api_server(tmp_path_factory.mktemp("fuzz") / "w", edits=MUCH) as served:
        yield served


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_a_fuzzer_finds_no_answer_outside_the_document(served, mode, caplog):
    schema = schemathesis.openapi.from_dict(httpx.get(f"{served.url}/api/openapi.json").json())
    schema.config.update(base_url=served.url, headers={"authorization": f"Bearer {served.token}"})
    with caplog.at_level(logging.ERROR):
        for found in schema.get_all_operations():
            operation = found.ok()
            if mode is schemathesis.GenerationMode.NEGATIVE and not (operation.body or operation.query):
                continue  # nothing that could be wrong

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
            def probe(case):
                case.call_and_validate(excluded_checks=[ignored_auth])  # it does not know where our token came from

            probe()
    assert "api." not in caplog.text
