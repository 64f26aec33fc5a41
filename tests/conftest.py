"""What holds for every test.

A random search takes the same examples at every run, so that a change is judged by what it changed, not by luck; new
examples are looked for with `pytest --hypothesis-profile=search`. No example is timed, and what was imported is not
searched for garbage.
"""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("committed", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("committed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests stay until the end: Python looks through them for garbage once, not anew while they come and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
