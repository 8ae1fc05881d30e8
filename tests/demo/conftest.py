"""Two communities that the demo's tests read: a small one, and the one that people see."""

import pytest

from tests.demo.loaded import Loaded


@pytest.fixture(scope="session")
def small() -> Loaded:
    return Loaded(4_000)


@pytest.fixture(scope="session")
def full() -> Loaded:
    return Loaded(40_000)
