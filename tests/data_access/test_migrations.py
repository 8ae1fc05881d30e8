"""A store that an older Rapport wrote: it opens, keeps its facts and decisions, and what is new in it follows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from alembic import command
from pyroaring import BitMap
from sqlalchemy import Connection, Engine, MetaData, delete, func, insert, inspect, select

from data_access import store
from data_access.models import derived, facts
from data_access.models.columns import to_micros
from data_access.queries.influence_conditions import COUNT, INFLUENCE, select_alike
from data_access.settings import read_settings
from data_access.store import build_engine, migrate, newest_revision, reading, store_revision
from jobs.brands import derive_brands
from jobs.derive.due import DUE
from jobs.influence import derive_influence
from jobs.progress import Silence
from jobs.refresh import refresh
from tests.jobs.stores import at, bring, post, rows_of

OLD = "0001"
HOUR = 60
KEY = {"network": "net", "source": "net.example"}
#: What the newer schema derives that the older one has not.
NEW = (
    *("account_word", "sale", "touch", "credit_day", "transition_day", "person_stage", "stage_day", "person_value"),
    "influence",
)


def old_rows() -> dict[str, list[dict[str, Any]]]:
    """What a store of the oldest schema held: Ann wrote, Bo of the team answered, Ann bought, and a deal was won."""

    def moment(hours: float) -> int:
        return to_micros(at(hours * HOUR))

    day, posts = at(0).date(), [(1, 1, "post", None), (2, 2, "reply", "p1")]
    return {
        "brand": [{"id": 1, "name": "Ours"}],
        "channel": [{"id": 1, **KEY, "native_id": "wall", "name": "Wall", "kind": "public", "brand_id": 1}],
        "identity": [
            {"id": 1, **KEY, "native_id": "ann", "handle": "ann", "handle_key": "ann", "display_name": "Ann Lee"},
            {"id": 2, **KEY, "native_id": "bo", "handle": "bo", "handle_key": "bo", "is_team": True},
        ],
        "post": [
            {"id": number, **KEY, "native_id": f"p{number}", "channel_id": 1, "author_id": author, "kind": kind}
            | {"text": "I love this lamp", "occurred_at": moment(number), "parent_native_id": parent}
            for number, author, kind, parent in posts
        ],
        "visit": [{"id": 1, **KEY, "native_id": "v1", "identity_id": 1, "occurred_at": moment(3)}],
        "order": [
            {"id": 1, **KEY, "native_id": "o1", "identity_id": 1, "amount_minor": 1_000, "currency": "EUR"}
            | {"occurred_at": moment(5)}
        ],
        "deal": [
            {"id": 1, **KEY, "native_id": "d1", "stages": [], "is_won": True, "amount_minor": 500, "currency": "EUR"}
            | {"created_at": moment(1), "closed_at": moment(6)}
        ],
        "deal_contact": [{"deal_id": 1, "identity_id": 1}],
        "import_run": [
            {"id": 1, "file": "posts.csv", "fingerprint": "f", "status": "done", "started_at": moment(0)}
            | dict.fromkeys(("rows_read", "added", "changed", "unchanged", "refused"), 0)
            | {name: {} for name in ("options", "cursor", "counts", "skipped")}
        ],
        "setting": [{"id": 1, "decided_at": moment(0), "decided_by": "Ada", "key": "workspace_name", "value": "Lamps"}],
        "person": [{"id": 1, "name": "Ann Lee"}, {"id": 2, "name": "bo", "role": "team"}],
        "person_identity": [{"identity_id": 1, "person_id": 1}, {"identity_id": 2, "person_id": 2}],
        "account_role": [{"identity_id": 2, "role": "team"}],
        "post_day": [
            {"post_id": number, "channel_id": 1, "day": day, "hour": 8 + number, "side": side}
            for number, side in ((1, "inbound"), (2, "team"))
        ],
        "post_topic": [{"post_id": 1, "topic": "lamps"}],
        # the written rows of two people in a day and a channel, and of one in another
        "person_day": [
            {"person_id": person, "day": day, "channel_id": channel, "posts": many}
            for person, channel, many in ((2, 1, 7), (1, 1, 300), (1, 2, 5))
        ],
        "active_set": [
            {"day": day, "channel_id": channel, "people": BitMap(people).serialize()}
            for channel, people in ((1, [1, 2]), (2, [1]))
        ],
        "credit": [
            {"person_id": 1, "order_id": 1, "channel_id": 1, "rule": "linear", "amount_minor": 10, "currency": "EUR"}
        ],
    }


def fill_old(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        for row in old_rows().get(table.name, []):
            # a table that counts its ids itself goes on where these end
            values = {name: value for name, value in row.items() if name != "id" or table.name == "person"}
            counts = [name for name, column in table.c.items() if not column.nullable and name not in {*values, "id"}]
            connection.execute(table.insert().values({**dict.fromkeys(counts, 0), **values}))


#: What stands in every row of scores, and in some.
SCORES = {column.name: 0 for column in INFLUENCE.c if not column.nullable} | {
    "period": "28",
    "kinds": "|",
    "networks": "|reddit|",
    "role": None,
}
SCORED: tuple[dict[str, Any], ...] = (
    {"role": "team", "scored": 9},
    {"scored": 1, "positive": 1},
    *({"scored": 2, "positive": 1, "negative": 1, "in_replies": 2, "in_shares": 1, "kinds": "|hub|"},) * 2,
    {"period": "all", "scored": 3, "negative": 2, "positive": 1, "in_mentions": 1},
)


@pytest.fixture
def old_store(empty_url: str) -> Iterator[Engine]:
    """A store at the oldest schema, with some rows."""
    engine = build_engine(empty_url)
    config = store._alembic(empty_url)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, OLD)
        fill_old(connection)
    yield engine
    engine.dispose()


def test_older_store_keeps_its_facts_and_decisions_when_it_is_opened(old_store: Engine) -> None:
    assert store_revision(old_store) == OLD
    migrate(old_store)
    assert store_revision(old_store) == newest_revision()
    assert "credit" not in inspect(old_store).get_table_names(), "credit_day took its place"
    with reading(old_store) as session:
        assert read_settings(session).workspace_name == "Lamps"
        ann = session.get_one(facts.Identity, 1)
        assert (ann.display_name, ann.owner) == ("Ann Lee", None)
        assert session.get_one(facts.ImportRun, 1).notes == {}
        assert session.get_one(facts.Order, 1).amount_minor == 1_000
        packed = [session.get_one(derived.ActiveSet, (at(0).date(), channel)).posts for channel in (1, 2)]
        assert [np.frombuffer(counts, dtype="<i4").tolist() for counts in packed] == [[300, 7], [5]], "by person"
        assert session.get_one(derived.PostTopic, (1, "lamps")).occurred_at == at(HOUR), "its post's"
        for kind, many in ((facts.Post, 2), (facts.Visit, 1), (facts.Deal, 1), (facts.DealContact, 1)):
            assert session.scalar(select(func.count()).select_from(kind)) == many


def test_older_store_opens_when_the_people_of_a_day_are_damaged(old_store: Engine) -> None:
    with old_store.connect().execution_options(writing=True) as connection, connection.begin():
        sets = MetaData()
        sets.reflect(connection, only=["active_set"])
        active = sets.tables["active_set"]
        for channel, people in ((1, BitMap([1, 2, 3]).serialize()), (2, b"torn")):
            connection.execute(active.update().where(active.c.channel_id == channel).values(people=people))
    migrate(old_store)
    assert store_revision(old_store) == newest_revision()
    assert rows_of(old_store, ("active_month",)) == {"active_month": []}


def test_older_store_is_counted_by_what_people_are_chosen_by(old_store: Engine) -> None:
    with old_store.connect().execution_options(writing=True) as connection, connection.begin():
        config = store._alembic(old_store.url.render_as_string(hide_password=False))
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.execute(insert(INFLUENCE), [SCORES | {"person_id": n} | more for n, more in enumerate(SCORED, 1)])
    migrate(old_store)
    with reading(old_store) as session:
        alike = {tuple(row) for row in session.execute(select_alike())}
        assert {tuple(row) for row in session.execute(select(COUNT))} == alike
    assert {row[-2:] for row in alike} == {("|", 1), ("|reply|share|", 2), ("|mention|", 1)}


def test_posts_of_a_store_from_before_are_read_again_for_brands(old_store: Engine) -> None:
    url = old_store.url.render_as_string(hide_password=False)
    with old_store.connect().execution_options(writing=True) as connection, connection.begin():
        config = store._alembic(url)
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        connection.execute(delete(DUE))
    migrate(old_store)
    assert rows_of(old_store, ("due",)) == {"due": [("brands", 0)]}


def test_next_import_fills_the_new_tables_of_an_older_store(old_store: Engine) -> None:
    migrate(old_store)
    assert bring(old_store, [post("p9", 9 * HOUR, "cid")]).status == "done"
    derive_brands(old_store, Silence())
    derive_influence(old_store, Silence())
    filled = rows_of(old_store, NEW)
    assert [name for name in NEW if not filled[name]] == []
    assert {row[0] for row in filled["sale"]} == {"order", "deal"}
    assert rows_of(old_store, ("due",)) == {"due": []}


def test_refresh_of_an_older_store_gives_what_a_new_one_has(old_store: Engine) -> None:
    migrate(old_store)
    refresh(old_store, Silence())
    once = rows_of(old_store)
    assert [name for name in NEW if name in once and not once[name]] == []
    bring(old_store, [post("p9", 9 * HOUR, "cid")])
    kept_up = rows_of(old_store)
    refresh(old_store, Silence())
    assert rows_of(old_store) == kept_up
