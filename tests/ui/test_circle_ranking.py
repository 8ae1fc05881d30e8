"""Whose circle brings revenue, as a list on a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from data_access.records import OrderRecord
from data_access.store import build_engine, migrate
from tests.jobs.stores import account, at, bring, channel, post

DAY = 24 * 60


def page() -> None:
    from sqlmodel import select

    from answers.filters import Filters
    from answers.scope import read_scope
    from data_access.models.derived import Person
    from data_access.store import open_store, reading, store_url
    from ui.circle_ranking import show_circle_ranking
    from ui.guard import Here

    url = store_url()
    with reading(open_store(url)) as session:
        scope = read_scope(session)
        people = list(session.exec(select(Person.id)))
    here = Here("influencers", open_store(url), url, scope.data_version, scope, "Ada")
    show_circle_ranking(here, people, Filters(scope.oldest_day, scope.as_of.end))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'app.db'}"
    monkeypatch.setenv("RAPPORT_DATABASE_URL", url)
    engine = build_engine(url)
    migrate(engine)
    names = ("pat", "ann", "ben")
    accounts = [account(name, display_name=name.title()) for name in names]
    replies = [post(f"r-{who}", 100 * DAY, who, parent="p", kind="reply") for who in ("ann", "ben")]
    bring(engine, [channel("wall"), *accounts, post("p", DAY, "pat"), *replies])
    yield engine
    engine.dispose()


def order(name: str, day: float, who: str, amount: int) -> OrderRecord:
    values = {"occurred_at": at(day * DAY), "identity": who, "currency": "EUR"}
    return OrderRecord("net", "net.example", name, amount, **values)  # type: ignore[arg-type]


def run() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app


def test_ranking_lists_those_whose_circle_bought_and_claims_no_cause(store: Engine) -> None:
    sold = [("a", 0, "ann", 500), ("b", 101, "ann", 1_234), ("c", 102, "ben", 2_000), ("d", 200, "ann", 100)]
    bring(store, [order(*row) for row in sold], "orders")
    app = run()
    table = app.dataframe[0].value
    assert table["name"].tolist() == ["Pat"]
    assert table[["bought_before", "bought_after", "buyers_after", "people"]].iloc[0].tolist() == [0, 32.34, 2, 2]
    assert '"%,.2f"' in app.dataframe[0].proto.columns, "thousands stand apart"
    assert "nothing about cause" in app.caption[0].value


def test_ranking_says_why_when_nothing_was_sold_or_nobody_bought_after(store: Engine) -> None:
    assert [button.label for button in run().button] == ["Import orders"]
    bring(store, [order("a", 0, "ann", 500), order("d", 200, "ann", 100)], "orders")
    assert "nobody is known to have bought anything in the 60 days after" in run().caption[0].value
