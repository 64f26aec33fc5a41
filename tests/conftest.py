"""What holds for every test.

A random search takes the same examples at every run, so that a change is judged by what it changed, not by luck; new
examples are looked for with `pytest --hypothesis-profile=search`. No example is timed, what was imported is not
searched for garbage, and a series opened in a test has one thread, since the tests beside it have the other cores.
"""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

from store import database

settings.register_profile("committed", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("committed")
database.THREADS = {**database.THREADS, "series": {"threads": 1}}


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
