"""What the tests of jobs share."""

import pytest


@pytest.fixture
def scores_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh that leaves people's scores due: for tests that refresh many times and look at something else."""
    monkeypatch.setattr("jobs.refresh.derive_influence", lambda *_: False)
