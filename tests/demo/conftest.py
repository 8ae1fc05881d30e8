"""Two communities that the demo's tests read: a small one, and the one that people see."""

from pathlib import Path

import pytest

from tests.demo.loaded import Loaded


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker makes the communities and reads them."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and {"small", "full"} & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="session")
def small() -> Loaded:
    return Loaded(4_000)


@pytest.fixture(scope="session")
def full() -> Loaded:
    return Loaded(40_000)
