"""How far people have come: public network, website, private community, customer.

A customer has bought something that was not wholly refunded. The day is that of the first such order or won deal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session

from data_access.among import among
from data_access.bulk import insert_rows
from data_access.models import derived, facts
from data_access.queries.purchases import read_orders
from data_access.upsert import chunks, table
from jobs.derive.rules import Rules
from metrics.journeys import CUSTOMER, HUB, Sign, path_of, steps_of
from metrics.purchases import standing_purchases

CHANNEL = table(facts.Channel)
VISIT = table(facts.Visit)
DEAL = table(facts.Deal)
DEAL_CONTACT = table(facts.DealContact)
PERSON = table(derived.Person)
PERSON_DAY = table(derived.PersonDay)
PERSON_IDENTITY = table(derived.PersonIdentity)
PERSON_STAGE = table(derived.PersonStage)
STAGE_DAY = table(derived.StageDay)

Row = dict[str, Any]


def derive_stages(session: Session, rules: Rules, people: Collection[int]) -> set[date]:
    """Derive the stages of these people anew. Returns the first days whose counts no longer hold. A person who is not
    there any more has none, nor have the team and bots."""
    days: set[date] = set()
    for part in chunks(sorted(people)):
        days |= _derive_chunk(session, rules, part)
    return days


def _derive_chunk(session: Session, rules: Rules, people: Sequence[int]) -> set[date]:
    stood = select(PERSON_STAGE).where(among(PERSON_STAGE.c.person_id, people))
    before = {row.person_id: dict(row) for row in session.execute(stood).mappings()}
    inbound = list(session.scalars(select(PERSON.c.id).where(among(PERSON.c.id, people), PERSON.c.role.is_(None))))
    signs: dict[int, list[Sign]] = defaultdict(list)
    for person_id, sign in (*_list_posts(session, inbound), *_list_others(session, rules, inbound)):
        signs[person_id].append(sign)
    now = {person_id: _stage_row(person_id, signs[person_id]) for person_id in inbound if signs[person_id]}
    differing = {person_id for person_id in {*before, *now} if before.get(person_id) != now.get(person_id)}
    session.connection().execute(delete(PERSON_STAGE).where(among(PERSON_STAGE.c.person_id, sorted(differing))))
    fresh = [now[person_id] for person_id in sorted(differing) if person_id in now]
    if fresh:
        insert_rows(session, PERSON_STAGE, fresh)
    return {rows[person_id]["first_on"] for rows in (before, now) for person_id in differing if person_id in rows}


def _stage_row(person_id: int, signs: Sequence[Sign]) -> Row:
    first = min(signs)
    path = path_of(signs)
    days = {f"{stage}_on": path.get(stage) for stage in ("public", "hub", "private", "customer")}
    return {
        "person_id": person_id,
        "first_on": first.day,
        "first_channel_id": first.channel_id or None,
        "path": ">".join(path),
    } | days


def _list_posts(session: Session, people: Sequence[int]) -> Iterable[tuple[int, Sign]]:
    """The first day of each person in each channel."""
    first = func.min(PERSON_DAY.c.day).label("day")
    statement = (
        select(PERSON_DAY.c.person_id, PERSON_DAY.c.channel_id, CHANNEL.c.kind, first)
        .join_from(PERSON_DAY, CHANNEL, CHANNEL.c.id == PERSON_DAY.c.channel_id)
        .where(among(PERSON_DAY.c.person_id, people))
        .group_by(PERSON_DAY.c.person_id, PERSON_DAY.c.channel_id, CHANNEL.c.kind)
    )
    for row in session.execute(statement):
        yield row.person_id, Sign.of(row.day, row.kind, row.channel_id)


def _list_others(session: Session, rules: Rules, people: Sequence[int]) -> Iterable[tuple[int, Sign]]:
    """The first visit to each part of the website, and what makes a customer: something bought that was not wholly
    refunded, as in ``PersonValue``, or a deal won."""
    for row in session.execute(_first(VISIT.c.occurred_at, VISIT.c.identity_id, people, VISIT.c.channel_id)):
        yield row.person_id, Sign.of(_local(rules, row.at), HUB, row.channel_id)
    standing = standing_purchases(read_orders(session, people))
    for person_id, at in standing.groupby("person_id")["occurred_at"].min().items():
        yield int(person_id), Sign.of(_local(rules, at.to_pydatetime()), CUSTOMER, None)
    won = _first(DEAL.c.closed_at, DEAL_CONTACT.c.identity_id, people)
    # a deal is dated by its close, as in Sale: one without it made nobody a customer on any day that is known
    won = won.join(DEAL, DEAL.c.id == DEAL_CONTACT.c.deal_id).where(
        DEAL.c.is_won.is_(True), DEAL.c.closed_at.is_not(None)
    )
    for row in session.execute(won):
        yield row.person_id, Sign.of(_local(rules, row.at), CUSTOMER, None)


def _first(at: Any, identity: Any, people: Sequence[int], *by: Any) -> Any:
    keys = (PERSON_IDENTITY.c.person_id, *by)
    return (
        select(*keys, func.min(at).label("at"))
        .join_from(identity.table, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == identity)
        .where(among(PERSON_IDENTITY.c.person_id, people))
        .group_by(*keys)
    )


def _local(rules: Rules, moment: datetime) -> date:
    return moment.astimezone(rules.zone).date()


def derive_stage_days(session: Session, rules: Rules, days: Collection[date]) -> None:
    """Compute the counts of these first days anew."""
    for part in chunks(sorted(days)):
        session.connection().execute(delete(STAGE_DAY).where(STAGE_DAY.c.first_on.in_(part)))
        counts: dict[tuple[date, int, str], Row] = {}
        for person in session.execute(select(PERSON_STAGE).where(PERSON_STAGE.c.first_on.in_(part))):
            _count(counts, person)
        if counts:
            insert_rows(session, STAGE_DAY, [_sorted_lags(counts[key]) for key in sorted(counts)])


def _count(counts: dict[tuple[date, int, str], Row], person: Any) -> None:
    key = (person.first_on, person.first_channel_id or 0, person.path)
    names = ("first_on", "first_channel_id", "path")
    row = counts.setdefault(key, dict(zip(names, key, strict=True)) | {"people": 0, "lags": {}})
    row["people"] += 1
    days = {stage: getattr(person, f"{stage}_on") for stage in person.path.split(">")}
    for step, lag in steps_of(days).items():
        lags = row["lags"].setdefault(step, {})
        lags[str(lag)] = lags.get(str(lag), 0) + 1


def _sorted_lags(row: Row) -> Row:
    lags = {step: dict(sorted(lags.items(), key=lambda item: int(item[0]))) for step, lags in row["lags"].items()}
    return row | {"lags": dict(sorted(lags.items()))}
