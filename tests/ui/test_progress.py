"""Which jobs can be started again from a page."""

from datetime import UTC, datetime

from data_access.models.derived import Job
from jobs.run import KINDS
from ui.progress import STARTED_HERE, _what_keeps

NOW = datetime(2026, 3, 5, tzinfo=UTC)


def test_only_kinds_that_a_job_can_run_are_started_from_pages() -> None:
    assert set(STARTED_HERE) <= set(KINDS)
    assert "run the same command again" in (
        _what_keeps(Job(kind="doctor", arguments={}, started_at=NOW, heartbeat_at=NOW)) or ""
    )
