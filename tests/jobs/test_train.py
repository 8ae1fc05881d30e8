"""``rapport train`` and the job of the button: what is said, and how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from data_access.models.derived import JobStatus
from data_access.queries.models import CUSTOMER_VALUE, list_model_versions
from data_access.records import OrderRecord
from data_access.store import open_store, reading
from jobs.cli import app
from jobs.launch import add_job, read_job
from jobs.run import run_job
from tests.jobs.stores import START, bring


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("RAPPORT_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    yield lambda *arguments: CliRunner().invoke(app, list(arguments))
    open_store().dispose()
    open_store.cache_clear()


def _order(number: int) -> OrderRecord:
    moment = START + timedelta(days=number)
    return OrderRecord("net", "net.example", f"o{number}", 1_000, "EUR", moment, identity=f"b{number % 3}")


def test_train_says_what_it_fitted_to_and_why_that_is_too_little(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    bring(engine, [_order(number) for number in range(5)])
    result = run("train", CUSTOMER_VALUE)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("EUR: 3 customers, 2 bought again. Too few customers")


def test_train_ends_with_1_when_there_is_nothing_and_with_2_when_there_is_no_such_model(run) -> None:  # type: ignore[no-untyped-def]
    nothing, unknown = run("train", CUSTOMER_VALUE), run("train", "weather")
    assert (nothing.exit_code, unknown.exit_code) == (1, 2)
    assert "Nobody has ordered anything yet" in nothing.stderr
    assert "There are: customer_value, matching" in unknown.stderr


def test_the_job_of_the_button_fits_the_next_version(engine: Engine) -> None:
    bring(engine, [_order(number) for number in range(5)])
    job_id = add_job(engine, "train", {"model": CUSTOMER_VALUE})
    run_job(engine, job_id)
    assert read_job(engine, job_id).status == JobStatus.DONE
    with reading(engine) as session:
        assert [row.version for row in list_model_versions(session, CUSTOMER_VALUE)] == ["1"]
