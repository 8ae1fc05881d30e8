"""The store: opened empty, older and newer; one writer at a time and nobody locked out."""

import re
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from data_access import store
from data_access.models.columns import from_micros, to_micros
from data_access.models.decisions import Setting
from data_access.models.facts import Post
from data_access.post_index import is_of_models
from data_access.settings import add_setting, read_settings
from data_access.store import (
    StoreTooNew,
    build_engine,
    list_revisions,
    migrate,
    newest_revision,
    read_data_version,
    reading,
    store_revision,
    writing,
)
from data_access.upsert import merge
from tests.conftest import Postgres
from tests.jobs.stores import at

DOCUMENTED = Path(__file__).parents[2] / "docs/data-model.md"


@pytest.mark.filterwarnings("ignore:The Result.tuples:sqlalchemy.exc.SADeprecationWarning")  # alembic's own
def test_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        opts = {"compare_type": False, "include_object": is_of_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_empty_store_is_migrated_to_the_newest(empty_url: str) -> None:
    engine = build_engine(empty_url)
    assert store_revision(engine) is None
    migrate(engine)
    assert store_revision(engine) == newest_revision()
    migrate(engine)
    engine.dispose()


def test_revisions_are_those_that_alembic_finds() -> None:
    known = ScriptDirectory(str(Path(store.__file__).parent / "migrations"))
    assert newest_revision() == known.get_current_head()
    assert list_revisions() == {revision.revision for revision in known.walk_revisions()}


def test_newer_store_is_said_so_and_not_touched(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_from_the_future'"))
        connection.execute(text("CREATE TABLE of_the_future (id INTEGER)"))
    with pytest.raises(StoreTooNew, match=r"9999_from_the_future.*update Rapport"):
        migrate(engine)
    assert store_revision(engine) == "9999_from_the_future"


def test_money_and_counts_have_64_bits(engine: Engine) -> None:
    with engine.connect() as connection:
        columns = {c["name"]: c["type"] for c in inspect(connection).get_columns("order")}
    for name in ("amount_minor", "quantity", "id"):
        wide = isinstance(columns[name], BigInteger)
        assert wide or engine.dialect.name == "sqlite"  # whose INTEGER has 64 bits


def test_two_writers_take_turns(engine: Engine) -> None:
    """Each reads, then writes: without the lock at the beginning one of them would fail or lose the other's row."""

    def write(name: str) -> None:
        for _ in range(20):
            with writing(engine) as session:
                read_settings(session)
                add_setting(session, key="workspace_name", value=name, decided_by=name)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Ada", "Ben", "Cat")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert len(session.exec(select(Setting)).all()) == 60
        assert read_data_version(session) == 60


def test_failed_write_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            add_setting(session, key="currency", value="USD", decided_by="Ada")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        fail()
    with reading(engine) as session:
        assert read_settings(session).currency == "EUR"
        assert read_data_version(session) == 0


def test_postgresql_plans_for_lookups_unless_somebody_has_set_how(postgres: Postgres) -> None:
    asked = text("SELECT name, setting FROM pg_settings WHERE name IN ('jit', 'random_page_cost') ORDER BY name")
    found = []
    for url in (postgres.url, postgres.url.update_query_dict({"options": "-c random_page_cost=3"})):
        engine = build_engine(url.render_as_string(hide_password=False))
        with engine.connect() as connection:
            connection.rollback()
            found.append([row.setting for row in connection.execute(asked)])
        engine.dispose()
    assert found == [["off", "1.1"], ["off", "3"]]


def test_foreign_keys_hold(engine: Engine) -> None:
    lost = Post(network="n", source="s", native_id="1", channel_id=12345, occurred_at=at(0))
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(lost)


def test_times_are_exact_and_need_a_zone() -> None:
    moment = at(0).replace(microsecond=999_999)
    assert from_micros(to_micros(moment)) == moment
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(moment.replace(tzinfo=None))


def test_merge_does_not_care_for_the_order_of_equal_observations() -> None:
    one = {"observed_at": 5, "likes": 3, "bio": "a", "views": None}
    two = {"observed_at": 5, "likes": 2, "bio": "b", "views": 9}
    assert one | merge(one, two) == two | merge(two, one) == {"observed_at": 5, "likes": 3, "bio": "b", "views": 9}


def test_every_table_is_documented() -> None:
    documented = set(re.findall(r"`(\w+)`", DOCUMENTED.read_text(encoding="utf-8")))
    assert set(SQLModel.metadata.tables) <= documented
