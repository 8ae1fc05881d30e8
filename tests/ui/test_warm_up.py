"""What is loaded when the server starts: all that pages need, and none of what only a job or a question needs."""

from tests.jobs.test_start import SCIENCE, loaded
from ui.warm_up import list_modules


def test_warm_up_loads_what_pages_import_and_no_science() -> None:
    kept = "import gc; assert gc.get_freeze_count() > 100_000"
    at_start = loaded(f"from ui.warm_up import load_pages; load_pages(); {kept}")
    assert {"answers.today", "answers.influencers", "figures.trend", "ui.profile", "ui.sources"} <= at_start
    assert set(list_modules()) <= at_start
    assert at_start & (SCIENCE | {"alembic", "psycopg"}) == set()
