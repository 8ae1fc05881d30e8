"""Which jobs can be started again from a page."""

from datetime import UTC, datetime

import pytest

from data_access.models.derived import Job, JobStatus
from jobs.run import KINDS
from ui.progress import STARTED_HERE, _what_keeps, tell_end

NOW = datetime(2026, 3, 5, tzinfo=UTC)


def test_only_kinds_that_a_job_can_run_are_started_from_pages() -> None:
    assert set(STARTED_HERE) <= set(KINDS)
    assert "run the same command again" in (
        _what_keeps(Job(kind="doctor", arguments={}, started_at=NOW, heartbeat_at=NOW)) or ""
    )


def test_cancelled_import_says_that_files_done_before_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("ui.progress.st.toast", lambda text, **_: said.append(text))
    tell_end([Job(kind="import", status=JobStatus.CANCELLED)])
    assert said == ["Importing: cancelled, and taken back. Files that were done before stay."]
