"""What hangs on whole persons: touches, stages, value, and the days' credit. Noted while facts come in, derived once at
the end of a run, so that a person who wrote in every batch is not derived in every batch. A decision that touches much
notes conversations and rollups, too. Notes outlive a kill."""

import math
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, delete, func, select
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived
from data_access.store import read_data_version, reading, writing
from data_access.upsert import chunks, table
from jobs.derive.credit import CreditRows, compute_credit, count_days_at_once, write_credit
from jobs.derive.rules import Rules, load_rules
from jobs.derive.sales import list_facts_of
from jobs.derive.slices import derive_slices, derive_turn_days
from jobs.derive.stages import derive_stage_days, derive_stages
from jobs.derive.touched import Slices, Touched
from jobs.derive.touches import derive_sold, derive_touches
from jobs.derive.turns import derive_conversations
from jobs.derive.values import derive_values
from jobs.derive.words import derive_words
from jobs.progress import Progress, Silence

DUE = table(derived.Due)
PERSON, VALUE, CREDIT_DAY, STAGE_DAY, WORDS = "person", "value", "credit_day", "stage_day", "words"
CONVERSATION, SLICE, TURN_SLICE = "conversation", "slice", "turn_slice"
#: That the scores of people no longer hold: ``jobs.influence`` derives them, for all at once.
INFLUENCE = "influence"
#: That the model of who is who was fitted and is yet to be applied to every account: ``jobs.matching`` does that.
MATCHING = "matching"
#: That facts were loaded from an export, and all that is derived of them is yet to be: ``jobs.refresh`` does that.
RESTORED = "restored"
#: Facts that are noted themselves, since nobody may be known whose they are.
SOLD = ORDER, DEAL = "order", "deal"
_BEFORE_CREDIT = (CONVERSATION, SLICE, TURN_SLICE, *SOLD, WORDS, PERSON, VALUE)
_SETTLED = (*_BEFORE_CREDIT, CREDIT_DAY, STAGE_DAY)
_CONVERSATIONS_AT_A_TIME = 500
_SLICES_AT_A_TIME = 10
#: A day in a channel as one key: the day's ordinal above, the channel's id below.
_CHANNELS = 2**32
_SALES_AT_A_TIME = 2_000
_PEOPLE_AT_A_TIME = 1_000
_VALUES_AT_A_TIME = 2_000
_WORDS_AT_A_TIME = 2_000
_DAYS_AT_A_TIME = 400


def mark_due(session: Session, kind: str, keys: Iterable[int]) -> None:
    """Note what is to be derived again before the run ends."""
    for part in chunks(sorted(set(keys))):
        known = select(DUE.c.key).where(DUE.c.kind == kind, among(DUE.c.key, part))
        fresh = set(part) - set(session.scalars(known))
        if fresh:
            insert_rows(session, DUE, [{"kind": kind, "key": key} for key in sorted(fresh)])


def mark_slices(session: Session, kind: str, slices: Slices) -> None:
    """Note days in channels, of ``SLICE`` or ``TURN_SLICE``."""
    keys = (day.toordinal() * _CHANNELS + channel for day, channels in slices.items() for channel in channels)
    mark_due(session, kind, keys)


def mark_touched(session: Session, touched: Touched) -> None:
    """Note all that a change touches."""
    mark_due(session, CONVERSATION, touched.conversations)
    mark_slices(session, SLICE, touched.slices)
    mark_slices(session, TURN_SLICE, touched.turn_slices)
    mark_due(session, PERSON, touched.people)
    if touched:
        note_influence(session)


def note_influence(session: Session) -> None:
    """Note that the scores of people no longer hold."""
    mark_due(session, INFLUENCE, [0])


def count_due(session: Session) -> int:
    """How much is noted for ``settle_due``."""
    return int(session.execute(select(func.count()).where(DUE.c.kind.in_(_SETTLED))).scalar_one())


@dataclass(frozen=True)
class Ahead:
    """The credit of the days that come next, and the version of the store that it was computed from."""

    version: int
    credit: CreditRows


def compute_ahead(engine: Engine) -> Ahead | None:
    """Compute the credit of the days that come next, while others can write: of ten million posts a day takes seconds.
    None while something else is noted, which comes first."""
    with reading(engine) as session:
        is_first = DUE.c.kind.in_(_BEFORE_CREDIT)
        if session.execute(select(DUE.c.key).where(is_first).limit(1)).first() is not None:
            return None
        days = _list_credit_days(session)
        return Ahead(read_data_version(session), compute_credit(session, days)) if days else None


def settle_some(session: Session, rules: Rules, ahead: Ahead | None = None) -> int:
    """Derive some of what is noted: rollups of posts first, then people with all that they take part in buying, and
    the sales that are left, since both bring days. ``ahead`` is taken where nobody wrote since. Returns how much; 0
    when nothing is left."""
    conversations = _take(session, CONVERSATION, _CONVERSATIONS_AT_A_TIME)
    if conversations:
        touched = Touched()
        touched.add_turn_slices(derive_conversations(session, rules, conversations, touched.people))
        mark_touched(session, touched)
        return len(conversations)
    for kind, derive_some in ((SLICE, derive_slices), (TURN_SLICE, derive_turn_days)):
        slices = Touched()
        for key in _take(session, kind, _SLICES_AT_A_TIME):
            slices.add_slice(date.fromordinal(key // _CHANNELS), key % _CHANNELS)
        if slices:
            derive_some(session, slices.slices)
            return sum(map(len, slices.slices.values()))
    named = _take(session, WORDS, _WORDS_AT_A_TIME)
    if named:
        derive_words(session, named)
        return len(named)
    people = _take(session, PERSON, _PEOPLE_AT_A_TIME)
    if people:
        _settle_people(session, rules, people)
        return len(people)
    for kind in SOLD:
        sales = _take(session, kind, _SALES_AT_A_TIME)
        if sales:
            sold_on = derive_sold(session, rules, kind, sales)
            mark_due(session, CREDIT_DAY, (day.toordinal() for day in sold_on))
            return len(sales)
    valued = _take(session, VALUE, _VALUES_AT_A_TIME)
    if valued:
        derive_values(session, rules, valued)
        return len(valued)
    if credit_days := _list_credit_days(session):
        is_as_read = ahead is not None and ahead.version == read_data_version(session)
        credit = ahead.credit if ahead is not None and is_as_read else compute_credit(session, credit_days)
        _forget(session, CREDIT_DAY, [day.toordinal() for day in credit.days])
        write_credit(session, credit)
        return len(credit.days)
    days = _take(session, STAGE_DAY, _DAYS_AT_A_TIME)
    derive_stage_days(session, rules, [date.fromordinal(key) for key in days])
    return len(days)


def _list_credit_days(session: Session) -> list[date]:
    days = [date.fromordinal(key) for key in _list_keys(session, CREDIT_DAY, _DAYS_AT_A_TIME)]
    return days[: count_days_at_once(session, days)]


def settle_due(engine: Engine, progress: Progress | None = None, *, seconds: float = math.inf) -> bool:
    """Derive all that is noted, in short transactions, so that nobody else waits long. ``seconds``: begin no more after
    these. Returns whether nothing is left."""
    with reading(engine) as session:
        if not count_due(session):
            return True
    progress = progress or Silence()
    progress.step("People and what they bought", None, "entries")  # people, days, sales
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        ahead = compute_ahead(engine)
        with writing(engine) as session:
            some = settle_some(session, load_rules(session), ahead)
        if not some:
            return True
        done += some
        progress.at(done)
    with reading(engine) as session:
        return not count_due(session)


def _take(session: Session, kind: str, limit: int) -> list[int]:
    keys = _list_keys(session, kind, limit)
    _forget(session, kind, keys)
    return keys


def _list_keys(session: Session, kind: str, limit: int) -> list[int]:
    return list(session.scalars(select(DUE.c.key).where(DUE.c.kind == kind).order_by(DUE.c.key).limit(limit)))


def _forget(session: Session, kind: str, keys: Collection[int]) -> None:
    if keys:
        session.connection().execute(delete(DUE).where(DUE.c.kind == kind, among(DUE.c.key, keys)))


def _settle_people(session: Session, rules: Rules, people: Collection[int]) -> None:
    note_influence(session)
    sold = list_facts_of(session, people)
    credit_days = derive_touches(session, rules, people, sold)
    for kind in SOLD:
        _forget(session, kind, sold[kind])
    stage_days = derive_stages(session, rules, people)
    derive_values(session, rules, people)
    mark_due(session, CREDIT_DAY, (day.toordinal() for day in credit_days))
    mark_due(session, STAGE_DAY, (day.toordinal() for day in stage_days))
