"""Refresh: derive all rows anew, in short transactions, so that people go on reading and deciding.

Ends with the same rows as keeping them up in slices does (a property test holds this).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Engine, Table, delete, select, union
from sqlmodel import Session

from data_access.among import among
from data_access.models import derived, facts
from data_access.queries.matching_keys import ACCOUNT_KEY
from data_access.staging import Score
from data_access.store import reading, writing
from data_access.upsert import table
from jobs.brands import make_brands
from jobs.derive import derive_people, due, load_rules
from jobs.derive.due import mark_due, note_influence, settle_due
from jobs.derive.people import ACCOUNT_ROLE, IDENTITY, PERSON, PERSON_IDENTITY, POST, POST_DAY, POST_THREAD
from jobs.derive.posts import derive_posts
from jobs.derive.slices import BY_MONTH, BY_PEOPLE, BY_POSTS, TURN_DAY, derive_slices, derive_turn_days
from jobs.derive.threads import link_posts
from jobs.derive.touched import Slices
from jobs.derive.turns import CONVERSATION, TURN, derive_conversations
from jobs.derive.words import WORD
from jobs.influence import derive_influence
from jobs.matching import match_accounts
from jobs.progress import Progress
from jobs.scoring import Scorable, Scorer
from jobs.text_rules import BRANDS, TOPICS, settle_rules

_DUE: dict[str, tuple[Column[Any], ...]] = {
    due.PERSON: tuple(
        table(kind).c[name]
        for kind, name in (
            (derived.Person, "id"),
            (derived.Touch, "person_id"),
            (derived.PersonStage, "person_id"),
            (derived.PersonValue, "person_id"),
        )
    ),
    due.ORDER: (table(facts.Order).c.id, table(derived.Sale).c.fact_id),
    due.DEAL: (table(facts.Deal).c.id, table(derived.Sale).c.fact_id),
    due.CREDIT_DAY: tuple(
        table(kind).c.day for kind in (derived.CreditDay, derived.TransitionDay, derived.Touch, derived.Sale)
    ),
    due.STAGE_DAY: (table(derived.StageDay).c.first_on, table(derived.PersonStage).c.first_on),
}
_CHUNK = 500
_DAYS = 10
_Read = tuple[int, Scorable]


def refresh(engine: Engine, progress: Progress) -> None:
    """Derive every derived row anew from facts, decisions and the current models."""
    make_brands(engine)
    with reading(engine) as session:
        topics, brands = TOPICS.read(session), BRANDS.read(session)
    _refresh_people(engine, progress)
    match_accounts(engine, progress)
    _refresh_posts(engine, progress)
    _refresh_conversations(engine, progress)
    _refresh_slices(engine, progress)
    settle_rules(engine, TOPICS, topics)
    settle_rules(engine, BRANDS, brands)
    _refresh_what_hangs_on_people(engine, progress)
    with writing(engine) as session:
        session.connection().execute(delete(due.DUE).where(due.DUE.c.kind == due.RESTORED))
        note_influence(session)
    derive_influence(engine, progress)


def _ids(engine: Engine, column: Column[Any]) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(select(column).order_by(column)))


def _chunked(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _refresh_people(engine: Engine, progress: Progress) -> None:
    ids = _ids(engine, IDENTITY.c.id)
    progress.step("People", len(ids), "accounts")
    with writing(engine) as session:
        of_accounts = (each.c.identity_id for each in (ACCOUNT_ROLE, PERSON_IDENTITY, WORD, ACCOUNT_KEY))
        for column in (*of_accounts, PERSON.c.id):
            gone = select(IDENTITY.c.id).where(IDENTITY.c.id == column).exists()
            session.connection().execute(delete(column.table).where(~gone))
    for number, part in enumerate(_chunked(ids)):
        with writing(engine) as session:
            derive_people(session, load_rules(session), part)
        progress.at(number * _CHUNK + len(part))


def _refresh_posts(engine: Engine, progress: Progress) -> None:
    ids = _ids(engine, POST.c.id)
    progress.step("Language, sentiment, days", len(ids), "posts")
    done = 0
    with Scorer() as scorer:
        for batch in scorer.score(_texts(engine, ids)):
            with writing(engine) as session:
                scores = _scores_that_hold(session, batch)
                derive_posts(session, load_rules(session), [post_id for (post_id, _), _ in batch], scores, is_new=False)
            done += len(batch)
            progress.at(done)


def _scores_that_hold(session: Session, batch: Sequence[tuple[_Read, Score | None]]) -> dict[int, Score]:
    """The scores of the posts that still read as they were scored: an import may have changed some meanwhile."""
    columns = select(POST.c.id, POST.c.title, POST.c.text, POST.c.language)
    ids = [post_id for (post_id, _), _ in batch]
    now = {row.id: (row.title, row.text, row.language) for row in session.execute(columns.where(among(POST.c.id, ids)))}
    return {post_id: score for (post_id, text), score in batch if score is not None and now.get(post_id) == text}


def _texts(engine: Engine, ids: Sequence[int]) -> Iterator[tuple[_Read, Scorable]]:
    for part in _chunked(ids):
        columns = select(POST.c.id, POST.c.title, POST.c.text, POST.c.language)
        with reading(engine) as session:
            rows = session.execute(columns.where(among(POST.c.id, part)).order_by(POST.c.id)).all()
        for row in rows:
            text = (row.title, row.text, row.language)
            yield (row.id, text), text


def _refresh_conversations(engine: Engine, progress: Progress) -> None:
    ids = _ids(engine, POST.c.id)
    progress.step("Conversations", len(ids), "posts")
    for number, part in enumerate(_chunked(ids)):
        with writing(engine) as session:
            link_posts(session, part)
        progress.at(number * _CHUNK + len(part))
    with reading(engine) as session:
        every = union(select(POST_THREAD.c.conversation_id), select(CONVERSATION.c.id), select(TURN.c.conversation_id))
        conversations = list(session.scalars(every))
    progress.step("Turns", len(conversations), "conversations")
    for number, part in enumerate(_chunked(conversations)):
        with writing(engine) as session:
            derive_conversations(session, load_rules(session), part)
        progress.at(number * _CHUNK + len(part))


def _refresh_slices(engine: Engine, progress: Progress) -> None:
    slices = _list_slices(engine, POST_DAY, *BY_POSTS, *BY_PEOPLE, *BY_MONTH)
    days = sorted(slices)
    progress.step("Rollups", len(days), "days")
    for start in range(0, len(days), _DAYS):
        with writing(engine) as session:
            derive_slices(session, {day: slices[day] for day in days[start : start + _DAYS]})
        progress.at(start)
    slices = _list_slices(engine, TURN, TURN_DAY)
    days = sorted(slices)
    for start in range(0, len(days), _DAYS):
        with writing(engine) as session:
            derive_turn_days(session, {day: slices[day] for day in days[start : start + _DAYS]})


def _refresh_what_hangs_on_people(engine: Engine, progress: Progress) -> None:
    """Touches, stages, value, credit: all of it, also what is left of people and days that are gone."""
    with writing(engine) as session:
        for kind, columns in _DUE.items():
            for column in columns:
                keys = session.scalars(select(column).where(column.is_not(None)).distinct())
                mark_due(session, kind, (key if isinstance(key, int) else key.toordinal() for key in keys))
    settle_due(engine, progress)


def _list_slices(engine: Engine, *targets: Table) -> Slices:
    """Every day and channel that any of these tables has."""
    slices: Slices = {}
    with reading(engine) as session:
        for target in targets:
            for day, channel_id in session.execute(select(target.c.day, target.c.channel_id).distinct()):
                slices.setdefault(day, set()).add(channel_id)
    return slices
