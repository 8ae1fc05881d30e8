"""What is loaded when the server starts: all that pages need, and none of what only a job or a question needs."""

from tests.jobs.test_start import SCIENCE, loaded
from ui.warm_up import list_modules


def test_warm_up_loads_what_pages_import_and_no_science() -> None:
    # else the collector of cycles walks through the rows of each page, and through all that is loaded
    kept = "import gc; assert gc.get_freeze_count() > 100_000; assert gc.get_threshold()[0] > 10_000"
    at_start = loaded(f"from ui.warm_up import load_pages; load_pages(); {kept}")
    assert {"answers.today", "answers.influencers", "figures.trend", "ui.profile", "ui.sources"} <= at_start
    assert set(list_modules()) <= at_start
    assert at_start & (SCIENCE | {"alembic", "psycopg"}) == set()


def test_a_module_that_cannot_be_loaded_keeps_no_other_from_it() -> None:
    names = "warm_up.list_modules = lambda: ['no_such_module', 'colorsys']"
    kept = "import gc; assert gc.get_freeze_count() > 0"
    assert "colorsys" in loaded(f"from ui import warm_up; {names}; warm_up.load_pages(); {kept}")


def test_what_two_threads_could_tie_over_is_loaded_before_the_server_answers() -> None:
    code = "import asyncio; from ui import warm_up; warm_up.load_pages = lambda: None; "
    assert {"jobs.derive.people", "data_access.models.facts"} <= loaded(
        code + "asyncio.run(warm_up.warming_up(None).__aenter__())"
    )
