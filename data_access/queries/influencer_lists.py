"""What the lists of people to act on need: the post that leads to each, who was thanked, where a broker's ties end."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from data_access.among import among
from data_access.decisions import list_standing
from data_access.models import derived, facts
from data_access.models.decisions import Thanked
from data_access.models.derived import Side
from data_access.queries.frames import Rows, read_frame
from data_access.queries.influence_conditions import INFLUENCE
from data_access.queries.influencers import TIE
from data_access.upsert import table

POST = table(facts.Post)
POST_DAY = table(derived.PostDay)
POST_SCORE = table(derived.PostScore)
PERSON = table(derived.Person)
PERSON_IDENTITY = table(derived.PersonIdentity)
BRAND_MENTION = table(derived.BrandMention)
CHANNEL = table(facts.Channel)
IDENTITY = table(facts.Identity)
VISIT = table(facts.Visit)
VALUE = table(derived.PersonValue)


def list_newest_posts(
    session: Session,
    people: Collection[int],
    *,
    since: datetime,
    until: datetime,
    label: str | None = None,
    about: Sequence[int] | None = None,
) -> pd.DataFrame:
    """The newest inbound post of each of these people in [since, until): ``person_id``, ``post_id``, ``occurred_at``
    (UTC). ``label``: positive, neutral or negative. ``about``: in a channel of one of these brands, or naming one. Who
    has none is not in it. A look-up a person, through the index on author and time."""
    held = aliased(PERSON_IDENTITY)
    accounts = select(held.c.identity_id).where(held.c.person_id == PERSON.c.id).correlate(PERSON)
    newest = (
        select(POST.c.id)
        .join(POST_DAY, POST_DAY.c.post_id == POST.c.id)
        .where(POST.c.author_id.in_(accounts), POST.c.occurred_at >= since, POST.c.occurred_at < until)
        .where(POST_DAY.c.side == Side.INBOUND)
        .order_by(POST.c.occurred_at.desc(), POST.c.id.desc())
        .limit(1)
    )
    if label is not None:
        is_it = and_(POST_SCORE.c.post_id == POST.c.id, POST_SCORE.c.label == label)
        newest = newest.join(POST_SCORE, is_it)
    if about is not None:
        channels = list(session.scalars(select(CHANNEL.c.id).where(CHANNEL.c.brand_id.in_(about))))
        named = exists().where(BRAND_MENTION.c.post_id == POST.c.id, BRAND_MENTION.c.brand_id.in_(about))
        newest = newest.where(or_(POST.c.channel_id.in_(channels), named))
    of_each = newest.correlate(PERSON).scalar_subquery()
    found = select(PERSON.c.id.label("person_id"), of_each.label("post_id")).where(among(PERSON.c.id, list(people)))
    first = found.cte("newest").prefix_with("MATERIALIZED")
    # an outer join keeps SQLite from beginning with all posts
    statement: Rows = select(first.c.person_id, first.c.post_id, POST.c.occurred_at).join_from(
        first, POST, POST.c.id == first.c.post_id, isouter=True
    )
    rows = read_frame(session, statement, optional=("post_id", "occurred_at")).dropna(subset="post_id")
    order = {person: place for place, person in enumerate(people)}
    rows = rows.astype({"post_id": "int64"}).sort_values("person_id", key=lambda ids: ids.map(order))
    return rows.reset_index(drop=True)


def list_thanked(session: Session) -> dict[int, datetime | None]:
    """Until when each person was thanked (UTC): the newest post of the store then; None for "once and for all"."""
    said = {(row.network, row.source, row.native_id): row.until for row in list_standing(session, Thanked)}
    thanked: dict[int, datetime | None] = {}
    holder = (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(IDENTITY, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == IDENTITY.c.id)
        .where(IDENTITY.c.network == bindparam("network"), IDENTITY.c.source == bindparam("source"))
        .where(IDENTITY.c.native_id == bindparam("native_id"))
    )
    for key, until in said.items():
        person = session.scalar(holder, dict(zip(("network", "source", "native_id"), key, strict=True)))
        if person is None:
            continue
        before = thanked.get(person, until)
        thanked[person] = None if before is None or until is None else max(before, until)
    return thanked


def list_sides_of(session: Session, period: str, people: Collection[int]) -> pd.DataFrame:
    """In which communities the ties of these people end, both directions together: ``person_id``, ``community``,
    ``weight``, the heaviest first."""
    ids = sorted(set(people))
    frames = []
    for person, other in ((TIE.c.source_id, TIE.c.target_id), (TIE.c.target_id, TIE.c.source_id)):
        is_other = and_(INFLUENCE.c.period == TIE.c.period, INFLUENCE.c.person_id == other)
        statement: Rows = (
            select(person.label("person_id"), INFLUENCE.c.community, func.sum(TIE.c.weight).label("weight"))
            .join_from(TIE, INFLUENCE, is_other)
            .where(TIE.c.period == period, person.in_(ids), INFLUENCE.c.community.is_not(None))
            .group_by(person, INFLUENCE.c.community)
        )
        frames.append(read_frame(session, statement))
    both = pd.concat(frames, ignore_index=True).groupby(["person_id", "community"], as_index=False)["weight"].sum()
    order = ["person_id", "weight", "community"]
    return both.sort_values(order, ascending=[True, False, True], ignore_index=True)


def list_last_seen(session: Session, people: Collection[int]) -> pd.DataFrame:
    """When these people last visited the website and last ordered: ``person_id`` (the index), ``last_visit_at``,
    ``last_order_at`` (UTC, NaT where never)."""
    ids = sorted(set(people))
    visits: Rows = (
        select(PERSON_IDENTITY.c.person_id, func.max(VISIT.c.occurred_at).label("last_visit_at"))
        .join_from(PERSON_IDENTITY, VISIT, VISIT.c.identity_id == PERSON_IDENTITY.c.identity_id)
        .where(PERSON_IDENTITY.c.person_id.in_(ids))
        .group_by(PERSON_IDENTITY.c.person_id)
    )
    orders: Rows = (
        select(VALUE.c.person_id, func.max(VALUE.c.last_order_at).label("last_order_at"))
        .where(VALUE.c.person_id.in_(ids))
        .group_by(VALUE.c.person_id)
    )
    seen = (read_frame(session, statement).set_index("person_id") for statement in (visits, orders))
    return pd.DataFrame(index=pd.Index(ids, dtype="int64", name="person_id")).join(list(seen))
