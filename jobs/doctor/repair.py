"""Repair: what is derived is derived again from the facts; facts and decisions are never touched."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine, Index, select
from sqlmodel import Session

from data_access.post_index import rebuild_post_index
from data_access.store import reading, writing
from data_access.upsert import chunks
from jobs.brands import derive_brands
from jobs.derive import Touched, derive_people, finish, load_rules, settle_posts
from jobs.derive.due import MATCHING, mark_due, settle_due
from jobs.derive.people import IDENTITY
from jobs.derive.words import forget_words
from jobs.doctor.findings import Again, Finding
from jobs.importing import finish_stopped
from jobs.influence import derive_influence
from jobs.launch import mark_gone
from jobs.matching import match_accounts
from jobs.progress import Progress
from jobs.refresh import refresh
from jobs.text_rules import TOPICS, derive_rules

_AT_A_TIME = 500
#: From here on all is derived again: that takes no longer, and there is more that no sample has shown.
_MANY_SLICES = 2_000


def repair(engine: Engine, findings: Iterable[Finding], progress: Progress) -> None:
    """Put right what can be. Nobody else may import meanwhile: hold a job (``jobs.launch.running_job``)."""
    again = Again()
    for finding in findings:
        if finding.again is not None:
            again.update(finding.again)
    _mend_engine(engine, again)
    mark_gone(engine, again.jobs)
    for path in again.files:
        path.unlink(missing_ok=True)
    if again.runs:
        finish_stopped(engine, progress)
    _drop(engine, again)
    if again.everything or sum(map(len, again.slices.values())) > _MANY_SLICES:
        refresh(engine, progress)
        return
    _derive(engine, again, progress)
    settle_due(engine, progress)
    derive_rules(engine, TOPICS, progress)
    derive_brands(engine, progress)
    derive_influence(engine, progress)


def _mend_engine(engine: Engine, again: Again) -> None:
    quote = engine.dialect.identifier_preparer.quote
    index = "" if engine.dialect.name == "sqlite" else "INDEX "
    with writing(engine, counts=False) as session:
        connection = session.connection()
        for name in sorted(again.reindex):
            connection.exec_driver_sql(f"REINDEX {index}{quote(name)}")
        for missing in again.indexes:
            Index.create(missing, connection, checkfirst=True)
        if again.post_index:
            rebuild_post_index(connection)


def _drop(engine: Engine, again: Again) -> None:
    """Delete what follows from nothing."""
    if again.gone:
        with writing(engine) as session:
            for statement in again.gone:
                session.connection().execute(statement)


def _derive(engine: Engine, again: Again, progress: Progress) -> None:
    with writing(engine) as session:
        for kind, keys in again.due.items():
            mark_due(session, kind, keys)
    accounts = _existing(engine, again.accounts)
    progress.step("People", len(accounts), "accounts")
    for part in chunks(accounts, _AT_A_TIME):
        with writing(engine) as session:
            rules = load_rules(session)
            forget_words(session, part)  # an account that is nobody's is taken for a new one, which has none
            finish(session, rules, derive_people(session, rules, part))
    if accounts or MATCHING in again.due:
        match_accounts(engine, progress, changed=set(accounts))
    posts = sorted(again.posts)
    progress.step("Posts", len(posts), "posts")
    for part in chunks(posts, _AT_A_TIME):
        with writing(engine) as session:
            _derive_posts(session, part)
    _derive_rest(engine, again)


def _derive_posts(session: Session, ids: Sequence[int]) -> None:
    rules = load_rules(session)
    touched, _answered = settle_posts(session, rules, added=[], changed=ids, scores={})
    finish(session, rules, touched)


def _derive_rest(engine: Engine, again: Again) -> None:
    days = sorted(again.slices)
    for part in chunks(days, 10):
        with writing(engine) as session:
            touched = Touched()
            for day in part:
                touched.add_slices((day, channel) for channel in again.slices[day])
            finish(session, load_rules(session), touched)
    with writing(engine) as session:
        touched = Touched(conversations=set(again.conversations))
        touched.add_turn_slices((day, channel) for day, found in again.turn_slices.items() for channel in found)
        if touched:
            finish(session, load_rules(session), touched)


def _existing(engine: Engine, ids: set[int]) -> list[int]:
    with reading(engine) as session:
        return [
            found
            for part in chunks(sorted(ids))
            for found in session.scalars(select(IDENTITY.c.id).where(IDENTITY.c.id.in_(part)))
        ]
