"""Up to when the data reached at an earlier look."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from data_access.models.facts import ImportRun, RunStatus
from data_access.queries.coverage import read_seen_until

FINISHED = datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_seen_until_ends_with_the_import_when_a_wrong_clock_dated_a_post_ahead(session: Session) -> None:
    def add(last_at: datetime, file: str) -> None:
        run = ImportRun(file=file, fingerprint=file, status=RunStatus.DONE, started_at=FINISHED)
        run.finished_at, run.last_at = FINISHED, last_at
        session.add(run)
        session.flush()

    add(FINISHED - timedelta(days=1), "a.csv")
    assert read_seen_until(session, FINISHED) == FINISHED - timedelta(days=1)
    add(datetime(2999, 1, 1, tzinfo=UTC), "b.csv")
    assert read_seen_until(session, FINISHED) == FINISHED
