"""``pytest tests/evals --endpoint URL --model NAME``: the same cases against a real model, with the key from OPENAI_API_KEY."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Without them the cases' own scripts play the model."""
    parser.addoption("--endpoint", default=None, help="an OpenAI-compatible base URL to play the evals against")
    parser.addoption("--model", default="gpt-4o-mini", help="the model's name there")
