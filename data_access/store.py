"""The one place that builds the engine, opens sessions and migrates the store.

The store is SQLite (``./rapport.db``) unless ``RAPPORT_DATABASE_URL`` names another, such as
``postgresql://user@host/rapport``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, inspect, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session, SQLModel, create_engine, select

from data_access.models.derived import DataVersion
from data_access.post_index import index_posts

if TYPE_CHECKING:
    from alembic.config import Config

DEFAULT_URL = "sqlite:///rapport.db"
#: So long a writer waits for its turn in SQLite. The longest turn, the scores of half a million people, takes 15 to 30.
BUSY_SECONDS = 120
#: It does not repeat the address, which may hold a password.
_BAD_URL = (
    "RAPPORT_DATABASE_URL is no address of a store. Set it to one such as sqlite:///rapport.db or "
    "postgresql://user@host/rapport, or unset it: then the store is ./rapport.db."
)
_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITE_LOCK = 0x5241_5050  # one number for PostgreSQL's advisory lock: writers of facts take turns

#: PostgreSQL plans for a disk that has to turn: it would read all posts rather than look up the 20,000 that are meant.
#: And it compiles what it thinks dear, which takes longer than to run it. Left as they are where somebody has set them.
_PLANS_FOR_LOOKUPS = """
    SELECT set_config(name, CASE name WHEN 'jit' THEN 'off' ELSE '1.1' END, false)
    FROM pg_settings WHERE name IN ('random_page_cost', 'jit') AND source = 'default'
"""


class StoreTooNew(RuntimeError):
    """The store was written by a newer Rapport. Nothing in it was touched."""


class BadStoreUrl(RuntimeError):
    """``RAPPORT_DATABASE_URL`` names no store."""


def store_url() -> str:
    """Where the store is: ``RAPPORT_DATABASE_URL``, else ``./rapport.db``."""
    return os.environ.get("RAPPORT_DATABASE_URL") or DEFAULT_URL


def _normal(url: str) -> str:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect()
    except (ArgumentError, ValueError) as error:
        raise BadStoreUrl(_BAD_URL) from error
    return parsed.render_as_string(hide_password=False)


def build_engine(url: str) -> Engine:
    """An engine for ``url``, with the settings that the store relies on. It creates no file and no table."""
    normal = _normal(url)
    if not normal.startswith("sqlite"):
        return _build_postgresql(normal)
    engine = create_engine(normal, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _build_postgresql(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PLANS_FOR_LOOKUPS)
        connection.commit()  # what is set in a transaction that is rolled back is forgotten

    return engine


def _alembic(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", _normal(url).replace("%", "%%"))
    return config


def newest_revision() -> str:
    """The revision of the schema that this Rapport writes."""
    return max(list_revisions())


def list_revisions() -> frozenset[str]:
    """The revisions of the schema that this Rapport knows: of stores and exports that are no newer than it is."""
    # each file is named after its revision; to ask Alembic would load it and all of them whenever a store is opened
    return frozenset(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def store_revision(engine: Engine) -> str | None:
    """The revision of the schema in the store; None where it has none yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Bring the store to the newest schema. Raises ``StoreTooNew``, touching nothing, where it is newer than we are."""
    current = store_revision(engine)
    if current == newest_revision():
        return
    if current is not None and current not in list_revisions():
        raise StoreTooNew(
            f"This store has schema {current}, which this version of Rapport does not know. "
            "A newer Rapport wrote it: update Rapport, or point RAPPORT_DATABASE_URL at another store. "
            "Nothing was changed."
        )
    from alembic import command

    config = _alembic(engine.url.render_as_string(hide_password=False))
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        _take_turns(connection)
        # whoever had the turn before may have migrated it: Alembic looks again, and then does nothing
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _take_turns(connection: Connection) -> None:
    """Wait for the other writers. SQLite has done so with BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


@lru_cache(maxsize=8)
def open_store(url: str | None = None) -> Engine:
    """The engine of the store, migrated. Kept for the process: asking again costs nothing."""
    engine = build_engine(url or store_url())
    migrate(engine)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one consistent state of the store and is not meant to write."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        yield session


def drop_page_cache(session: Session) -> None:
    """Give back the pages of the store that SQLite keeps for this session's connection: up to 64 MB."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA shrink_memory")


@contextmanager
def writing(engine: Engine, *, counts: bool = True) -> Iterator[Session]:
    """A session in one writing transaction: committed at the end, rolled back on any error.

    SQLite begins it with BEGIN IMMEDIATE, so that a write never fails for having read first; PostgreSQL takes an
    advisory lock for its length, so that writers take turns. The data version counts up, unless ``counts`` is False
    (a job's progress is no news).
    """
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        _take_turns(connection)
        with Session(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
            yield session
            session.flush()
            index_posts(connection)
            if counts:
                _count_up(session)
            session.commit()


def refresh_statistics(engine: Engine, rows: int) -> None:
    """Let PostgreSQL count its tables where ``rows`` posts have come in since it last did, as many as it had: until it
    has, it plans as if they were empty. It does so by itself only after a minute. SQLite plans without counting."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        known = connection.execute(text("SELECT reltuples FROM pg_class WHERE oid = 'post'::regclass")).scalar_one()
        if rows >= known:
            for table in SQLModel.metadata.sorted_tables:
                # the columns by name: else the words of 30,000 posts are made, for the index that holds them
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                connection.execute(text(f'ANALYZE "{table.name}" ({columns})'))
        connection.commit()


def _count_up(session: Session) -> None:
    now = datetime.now(UTC)
    session.flush()
    statement = update(DataVersion).where(DataVersion.id == 1).values(version=DataVersion.version + 1, changed_at=now)  # type: ignore[arg-type]
    if session.connection().execute(statement).rowcount == 0:
        session.add(DataVersion(id=1, version=1, changed_at=now))


def read_data_version(session: Session) -> int:
    """A number that changes with every write: key caches on it. 0 for a store that nobody wrote to."""
    row = session.exec(select(DataVersion.version)).first()
    return row or 0
