"""``pytest tests/evals --endpoint URL --model NAME``: the same cases against a real model, with the key from OPENAI_API_KEY."""

from collections import Counter

import pytest

from tests.fakes.eval_case import TALLY, Verdict


def pytest_addoption(parser: pytest.Parser) -> None:
    """Without --endpoint the cases' own scripts play the model."""
    parser.addoption("--endpoint", default=None, help="an OpenAI-compatible base URL to play the evals against")
    parser.addoption("--model", default="gpt-4o-mini", help="the model's name there")
    parser.addoption("--seconds", default=60.0, type=float, help="patience with one question")
    parser.addoption("--sse", action="store_true", help="have the replies streamed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What a run against an endpoint reached and cost."""
    tally = config.stash.get(TALLY, None)
    if tally is None or config.getoption("--endpoint", default=None) is None:
        return
    found, took = Counter(tally.verdicts.values()), sorted(tally.latency_ms)
    terminalreporter.write_line(
        f"evals: {found[Verdict.RIGHT]} right, {found[Verdict.ASKED]} asked back, {found[Verdict.MISREAD]} misread, "
        f"{found[Verdict.UNSAFE]} unsafe of {len(tally.verdicts)}; {len(took)} questions, {tally.calls} calls, {tally.tokens_in} tokens in, "
        f"{tally.tokens_out} out; a question takes {took[len(took) // 2]:.0f} ms, "
        f"at most {took[-1]:.0f} ms"
    )
