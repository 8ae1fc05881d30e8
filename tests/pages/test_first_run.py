"""The first screen: two ways in, and the progress of the first of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access.models.derived import Job, JobStatus
from data_access.store import build_engine, migrate, writing
from tests.pages.conftest import open_directly, open_through_home, shown_text


def _add_job(engine: Engine, **values: Any) -> int:
    now = datetime.now(UTC)
    with writing(engine) as session:
        job = Job(kind="demo", started_at=now, heartbeat_at=now, **values)
        session.add(job)
        session.flush()
        assert job.id is not None
        return job.id


def test_first_run_starts_the_demo_when_its_button_is_pressed(
    empty_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(engine: Engine, kind: str, arguments: dict[str, Any]) -> int:
        started.append(kind)
        return _add_job(engine, status=JobStatus.RUNNING, step="Writing posts", done=500, total=2000)

    monkeypatch.setattr("ui.first_run.start_job", start)
    app = open_through_home("today")
    app.main.button[0].click().run()
    assert started == ["demo"]
    assert "Writing posts" in shown_text(app)
    assert app.progress[0].value == 25
    assert [button.label for button in app.main.button] == ["Cancel"]


def test_first_run_leads_to_the_data_page_when_somebody_brings_their_own(empty_store: str) -> None:
    app = open_through_home("engagement")
    assert "**Engagement** has nothing to show yet, since nothing has come in." in shown_text(app)
    app.main.button[1].click().run()
    assert not app.exception
    assert app.title[0].value == "Data"


def test_filters_name_no_days_when_nothing_has_come_in(empty_store: str) -> None:
    said = shown_text(open_directly("dictionary"))
    assert "No data has come in yet." in said
    assert "Data ends on" not in said


def test_first_run_says_why_when_the_demo_failed(empty_store: str) -> None:
    engine = build_engine(empty_store)
    migrate(engine)
    _add_job(engine, status=JobStatus.FAILED, error="The disk is full")
    app = open_directly("today")
    assert "The disk is full" in shown_text(app)
    labels = [button.label for button in app.main.button]
    assert labels == ["Go on", "Explore the demo community", "Import my data"]
    engine.dispose()


def test_cancel_asks_the_job_to_stop(empty_store: str) -> None:
    engine = build_engine(empty_store)
    migrate(engine)
    job_id = _add_job(engine, status=JobStatus.RUNNING, done=1, total=2)
    app = open_directly("today")
    app.button(key=f"cancel_{job_id}").click().run()
    assert app.button(key=f"cancel_{job_id}").disabled
    assert "taking back" in shown_text(app)
    engine.dispose()
