"""Any table through its mapping into the store: twice changes nothing, and a refund lowers revenue on its own day."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select
from typer.testing import CliRunner

from data_access.importers import ImportOptions
from data_access.models.facts import Deal, DealContact, Feedback, Identity, Order, Organization, Visit
from data_access.store import build_engine, open_store, reading
from jobs.cli import app
from jobs.importing import RunResult, import_paths
from jobs.progress import Silence
from tests.jobs.stores import DERIVED, rows_of

TABLES = {
    "posts": "id,text,created_at,user\n1,Hello there,2024-01-01,ann\n2,Good bye,2024-01-02,ben\n",
    "people": "email,name,company\nann@x.example,Ann,Acme\nben@x.example,Ben,\n",
    "organisations": "company,industry,employees\nAcme,tech,12\nBolt,food,7\n",
    "deals": "opportunity,stage,amount,close date,contact email,entered Demo\n"
    "Big,Won,10.50,2024-03-01,ann@x.example,2024-01-05\nSmall,Demo,5,2024-09-01,,2024-01-06\n",
    "orders": "order_id,date,email,total,refund of\n"
    "O1,2024-01-01,ann@x.example,10.00,\nO2,2024-01-05,ann@x.example,4.00,O1\n",
    "visits": "visitor_id,timestamp,page_url,utm_source\nv1,2024-01-01 10:00,/a,news\nv1,2024-01-01 11:00,/b,\n",
    "feedback": "email,date,nps\nann@x.example,2024-01-01,9\n,2024-01-02,3\n",
}
ADDED = {
    "posts": {"post": 2, "identity": 2, "channel": 1},
    "people": {"identity": 2, "organization": 1},
    "organisations": {"organization": 2},
    "deals": {"deal": 2, "identity": 1},
    "orders": {"order": 2, "identity": 1},
    "visits": {"visit": 2},
    "feedback": {"feedback": 2, "identity": 1},
}


def bring_file(engine: Engine, path: Path, **options: Any) -> RunResult:
    (run,) = import_paths(engine, [path], ImportOptions(format="table", **options), Silence())
    return run


@pytest.mark.parametrize("kind", TABLES)
def test_table_imported_twice_changes_nothing(engine: Engine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.csv"
    path.write_text(TABLES[kind])
    first = bring_file(engine, path)
    assert first.error is None
    assert {name: count for name, count in first.counts.items() if count} == ADDED[kind]
    assert first.refused == 0
    names = ["order", "deal", "deal_contact", "visit", "feedback", "identity", "organization", "post", *DERIVED]
    before = rows_of(engine, names)
    again = bring_file(engine, path)
    assert (again.added, again.changed, again.refused) == (0, 0, 0)
    assert rows_of(engine, names) == before


def test_tables_refer_to_the_same_people_and_organisations(engine: Engine, tmp_path: Path) -> None:
    for kind in ("deals", "people", "organisations"):
        (tmp_path / f"{kind}.csv").write_text(TABLES[kind])
        bring_file(engine, tmp_path / f"{kind}.csv")
    with reading(engine) as session:
        ann = _only(session, Identity, email="ann@x.example")
        assert (ann.display_name, ann.network, ann.email_verified) == ("Ann", "crm", None)
        acme = _only(session, Organization, name="Acme")
        assert (ann.organization_id, acme.sector) == (acme.id, "tech")
        big = _only(session, Deal, name="Big")
        assert (big.is_won, big.amount_minor, big.currency) == (True, 1050, "EUR")
        assert big.stages == [{"stage": "Demo", "entered_at": "2024-01-05T00:00:00+00:00"}]
        assert session.exec(select(DealContact.identity_id)).all() == [ann.id]


def _only(session: Session, model: Any, **values: Any) -> Any:
    return session.exec(select(model).filter_by(**values)).one()


def test_refund_lowers_revenue_on_its_own_day(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(TABLES["orders"])
    bring_file(engine, tmp_path / "orders.csv", currency="USD")
    with reading(engine) as session:
        orders = session.exec(select(Order).order_by(col(Order.occurred_at))).all()
        assert [(order.occurred_at.day, order.amount_minor, order.currency) for order in orders] == [
            (1, 1000, "USD"),
            (5, -400, "USD"),
        ]
        assert orders[1].refund_of_native_id == "O1"
        assert session.exec(select(func.sum(Order.amount_minor))).one() == 600


def test_visits_and_feedback_are_of_whom_they_name(engine: Engine, tmp_path: Path) -> None:
    for kind in ("visits", "feedback"):
        (tmp_path / f"{kind}.csv").write_text(TABLES[kind])
        bring_file(engine, tmp_path / f"{kind}.csv")
    with reading(engine) as session:
        visitor = _only(session, Identity, native_id="v1")
        assert visitor.network == "web"
        assert session.exec(select(func.count()).where(col(Visit.identity_id) == visitor.id)).one() == 2
        answers = session.exec(select(Feedback).order_by(col(Feedback.occurred_at))).all()
        assert [(answer.kind, answer.score, answer.identity_id is None) for answer in answers] == [
            ("nps", 9.0, False),
            ("nps", 3.0, True),
        ]


def test_command_line_takes_what_rows_are(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "verkauf.csv"
    path.write_text('Nr;Wann;Wer;Geld\n1;2024-01-01;ann@x.example;"1.234,50"\n2;2024-01-02;;"20,00"\n')

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["import", str(path), *arguments])

    try:
        refused = run("--map", "kind=orders")
        assert refused.exit_code == 1
        assert "For orders, choose which column holds: Amount paid, in all." in refused.stderr
        assert "--map amount=COLUMN" in refused.stderr
        mapping = ["--map", "kind=orders", "--map", "amount=Geld", "--map", "id=Nr", "--currency", "eur"]
        assert "3 added (2 orders, 1 person), 0 changed" in run(*mapping).stdout
        assert "0 added, 0 changed" in run(*mapping).stdout
    finally:
        open_store().dispose()
        open_store.cache_clear()
    engine = build_engine(database_url)
    with reading(engine) as session:
        amounts = session.exec(select(Order.amount_minor).order_by(col(Order.native_id))).all()
    engine.dispose()
    assert amounts == [123450, 2000]


def test_result_of_an_import_says_what_came_in(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(TABLES["posts"])
    result = bring_file(engine, tmp_path / "posts.csv")
    assert json.loads(json.dumps(result.counts))["post"] == 2
