"""The touches of people who can be seen to buy, and which days' credit hangs on them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Row, and_, bindparam, delete, exists, or_, select, type_coerce
from sqlmodel import Session

from data_access.among import among
from data_access.brands import list_rival_channels
from data_access.bulk import insert_tuples
from data_access.models import derived, facts
from data_access.models.columns import from_micros
from data_access.models.derived import Side
from data_access.models.facts import ChannelKind, PostKind
from data_access.queries.sales import DEAL, DEALS, SOLD, list_sales_of
from data_access.queries.touches import list_touches
from data_access.upsert import chunks, table
from jobs.derive.rules import Rules
from jobs.derive.sales import (
    DEAL_CONTACT,
    IDENTITY,
    NOBODY,
    ORDERS,
    PERSON,
    PERSON_IDENTITY,
    SALE,
    find_sale_changes,
    replace_sales,
)
from metrics.touch_journeys import DAY_MICROS, LONGEST_LOOKBACK, LOOKBACKS, chain_flags, next_sales

CHANNEL = table(facts.Channel)
POST = table(facts.Post)
POST_DAY = table(derived.PostDay)
POST_LINK = table(derived.PostLink)
POST_THREAD = table(derived.PostThread)
TOUCH = table(derived.Touch)
VISIT = table(facts.Visit)

#: Accounts on these networks are customers' by being there.
CRM_NETWORKS = ("crm",)
_ANSWERS = (PostKind.REPLY, PostKind.COMMENT)


class TouchRow(NamedTuple):
    """A row of ``Touch``, its time in microseconds."""

    person_id: int
    kind: str
    fact_id: int
    occurred_at: int
    day: date
    channel_id: int | None
    network: str
    layer: str
    campaign: str | None
    member_id: int | None
    host_id: int | None


def derive_touches(session: Session, rules: Rules, people: Collection[int], sold: dict[str, set[int]]) -> set[date]:
    """Derive the touches of these people, and what they take part in buying (``sold``, of ``list_facts_of``), anew.
    Returns the days whose credit no longer holds. A person who is not there any more has none."""
    return _settle(session, rules, people, sold)


def derive_sold(session: Session, rules: Rules, kind: str, fact_ids: Collection[int]) -> set[date]:
    """Derive who takes part in these orders or deals anew. Returns the days whose credit no longer holds."""
    return _settle(session, rules, (), {kind: set(fact_ids)})


def _settle(session: Session, rules: Rules, people: Collection[int], fact_ids: dict[str, set[int]]) -> set[date]:
    gone, come = find_sale_changes(session, rules, fact_ids)
    changed_sales = gone | come
    everyone = {*people, *(row.person_id for row in changed_sales)} - {NOBODY}
    before = _hold(session, everyone)
    replace_sales(session, gone, come)
    changed_touches = _replace_touches(session, rules, people)
    if not changed_sales and not changed_touches:
        return set()
    now = _hold(session, everyone)
    days = {row.day for row in changed_sales if row.day is not None}
    return days | _days_of_journeys(now[1], changed_touches) | _days_of_steps(before, now)


_Held = tuple[pd.DataFrame, pd.DataFrame]


def _hold(session: Session, people: Collection[int]) -> _Held:
    """Touches and sales of people, as they stand."""
    return list_touches(session, people), list_sales_of(session, people)


def _days_of_journeys(sales: pd.DataFrame, touches: Collection[TouchRow]) -> set[date]:
    """The days of the sales in whose journeys, under the longest lookback, any of these touches is or was."""
    dated = sales[sales["sale_kind"].isin(SOLD) & sales["journey_at"].notna()]
    changed = pd.DataFrame([(row.person_id, row.occurred_at) for row in touches], columns=["person_id", "touched_at"])
    pairs = dated[["person_id", "journey_at", "day"]].merge(changed.drop_duplicates(), on="person_id")
    before = pairs["journey_at"].astype("int64") - pairs["touched_at"].astype("int64")
    near = (before >= 0) & (before <= LONGEST_LOOKBACK * DAY_MICROS)
    return {day.date() for day in pairs.loc[near, "day"].unique()}


_TOUCHED = ["person_id", "kind", "fact_id", "at", "day", "channel_id", "network", "layer", "campaign", "member_id"]
_TOUCHED += ["host_id"]


def _days_of_steps(before: _Held, now: _Held) -> set[date]:
    """The days of the touches whose place in null journeys, or whose key or that of the touch before, is another."""
    known = set(before[0]["person_id"]) & set(now[0]["person_id"])
    differing = [touches.loc[~touches["person_id"].isin(known), "day"] for touches, _ in (before, now)]
    if known:
        old, new = (_steps(touches[touches["person_id"].isin(known)], sales) for touches, sales in (before, now))
        both = pd.concat([old, new], ignore_index=True)
        differing.append(both.loc[~both.duplicated(keep=False), "day"])
    return {day.date() for days in differing for day in days.unique()}


def _steps(touches: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """Each touch with the one before it, and how it stands in null journeys under each lookback."""
    ordered = touches[_TOUCHED].sort_values(["person_id", "at", "kind", "fact_id"], ignore_index=True)
    ordered = ordered.astype({"channel_id": "float64", "member_id": "float64", "host_id": "float64"})
    previous = ordered.groupby("person_id")[_TOUCHED[1:]].shift(1).add_prefix("previous_")
    flags = {}
    for kind in SOLD:
        sold = list_purchases(sales, kind)
        following = next_sales(ordered, sold)
        at_risk = ordered["person_id"].isin(list_at_risk(sales)).to_numpy() if kind == DEAL else 1
        for lookback in LOOKBACKS:
            found = np.array(chain_flags(ordered, following, lookback)).T @ (1, 2, 4)
            flags[f"{kind}_{lookback}"] = found * at_risk
    return pd.concat([ordered, previous, pd.DataFrame(flags, index=ordered.index)], axis="columns")


def list_purchases(sales: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Whose sales of a kind end a journey, and when: ``person_id``, ``at``. Refunds do not, nor does what nobody can
    date."""
    ends = sales[(sales["sale_kind"] == kind) & ~sales["is_refund"] & sales["journey_at"].notna()]
    return pd.DataFrame({"person_id": ends["person_id"], "at": ends["journey_at"].astype("int64")})


def list_at_risk(sales: pd.DataFrame) -> set[int]:
    """Who could have closed a deal: the people of any. (Of orders everyone who has touches could.)"""
    return set(sales.loc[sales["sale_kind"].isin(DEALS), "person_id"])


def _replace_touches(session: Session, rules: Rules, people: Collection[int]) -> set[TouchRow]:
    """Bring the touches of people to what holds. Returns the rows that went or came."""
    changed: set[TouchRow] = set()
    for part in chunks(sorted(people)):
        before, now = _stored(session, part), _touch_rows(session, rules, part)
        _write(session, before - now, now - before)
        changed |= before ^ now
    return changed


def _stored(session: Session, people: Sequence[int]) -> set[TouchRow]:
    columns = [_micros(TOUCH) if name == "occurred_at" else TOUCH.c[name] for name in TouchRow._fields]
    return {TouchRow(*row) for row in session.execute(select(*columns).where(among(TOUCH.c.person_id, people)))}


def _write(session: Session, gone: Collection[TouchRow], come: Collection[TouchRow]) -> None:
    key = {name: TOUCH.c[name] == bindparam(f"b_{name}") for name in ("person_id", "kind", "fact_id")}
    if gone:
        rows = [{f"b_{name}": getattr(row, name) for name in key} for row in gone]
        session.connection().execute(delete(TOUCH).where(*key.values()), rows)
    if come:
        insert_tuples(session, TOUCH, TouchRow._fields, sorted(come, key=itemgetter(0, 1, 2)))


def _micros(target: Any) -> Any:
    return type_coerce(target.c.occurred_at, BigInteger).label("occurred_at")


def _touch_rows(session: Session, rules: Rules, people: Sequence[int]) -> set[TouchRow]:
    buyers = _list_buyers(session, people)
    if not buyers:
        return set()
    rivals = list_rival_channels(session, rules.settings)
    rows = [*_visits(session, rules, buyers, rivals)]
    posts = [*_own_posts(session, buyers, rivals), *_answers(session, buyers, rivals)]
    campaigns = _list_campaigns(session, sorted({row.fact_id for row in posts}))
    named = (row._replace(campaign=campaigns[row.fact_id]) if row.fact_id in campaigns else row for row in posts)
    return {*rows, *named}


def _list_buyers(session: Session, people: Sequence[int]) -> list[int]:
    """Those of these people who can be seen to buy: in the CRM, with an order or a deal of their own or of their
    organisation, or on our website. Not the team, bots and the muted."""
    known = [
        exists().where(column == PERSON_IDENTITY.c.identity_id)
        for column in (ORDERS.c.identity_id, DEAL_CONTACT.c.identity_id, VISIT.c.identity_id)
    ]
    statement = (
        select(PERSON_IDENTITY.c.person_id)
        .join_from(PERSON_IDENTITY, IDENTITY, IDENTITY.c.id == PERSON_IDENTITY.c.identity_id)
        .join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .where(among(PERSON_IDENTITY.c.person_id, people), PERSON.c.role.is_(None))
        .where(or_(IDENTITY.c.network.in_(CRM_NETWORKS), *known))
    )
    taking_part = (
        select(SALE.c.person_id)
        .join_from(SALE, PERSON, PERSON.c.id == SALE.c.person_id)
        .where(among(SALE.c.person_id, people), PERSON.c.role.is_(None))
    )
    return sorted({*session.scalars(statement), *session.scalars(taking_part.distinct())})


def _visits(session: Session, rules: Rules, people: Sequence[int], rivals: Sequence[int]) -> Iterable[TouchRow]:
    names = ("id", "network", "channel_id", "utm_campaign")
    statement = (
        select(
            PERSON_IDENTITY.c.person_id,
            *(VISIT.c[name] for name in names),
            _micros(VISIT),
            CHANNEL.c.kind.label("layer"),
        )
        .join_from(PERSON_IDENTITY, VISIT, VISIT.c.identity_id == PERSON_IDENTITY.c.identity_id)
        .join(CHANNEL, CHANNEL.c.id == VISIT.c.channel_id, isouter=True)
        .where(among(PERSON_IDENTITY.c.person_id, people))
    )
    ours = or_(VISIT.c.channel_id.is_(None), VISIT.c.channel_id.not_in(rivals))
    for row in session.execute(statement.where(ours)):
        yield TouchRow(
            person_id=row.person_id,
            kind="visit",
            fact_id=row.id,
            occurred_at=row.occurred_at,
            day=from_micros(row.occurred_at).astimezone(rules.zone).date(),
            channel_id=row.channel_id,
            network=row.network,
            layer=row.layer or str(ChannelKind.HUB),
            campaign=row.utm_campaign,
            member_id=None,
            host_id=None,
        )


def _own_posts(session: Session, people: Sequence[int], rivals: Sequence[int]) -> Iterable[TouchRow]:
    """What they wrote themselves. Sharing is a touch only where the post shared is ours."""
    parent, parent_day, parent_holder = POST.alias("parent"), POST_DAY.alias("parent_day"), PERSON_IDENTITY.alias("pp")
    root, root_day, root_holder = POST.alias("root"), POST_DAY.alias("root_day"), PERSON_IDENTITY.alias("rp")
    statement = (
        select(
            PERSON_IDENTITY.c.person_id,
            POST.c.id,
            POST.c.kind,
            POST.c.network,
            POST.c.channel_id,
            _micros(POST),
            POST_DAY.c.day,
            CHANNEL.c.kind.label("layer"),
            POST_THREAD.c.parent_id,
            parent_day.c.side.label("parent_side"),
            parent_holder.c.person_id.label("parent_person_id"),
            root_day.c.side.label("root_side"),
            root_holder.c.person_id.label("root_person_id"),
        )
        .join_from(PERSON_IDENTITY, POST, POST.c.author_id == PERSON_IDENTITY.c.identity_id)
        .join(POST_DAY, and_(POST_DAY.c.post_id == POST.c.id, POST_DAY.c.side == Side.INBOUND))
        .join(POST_THREAD, POST_THREAD.c.post_id == POST.c.id)
        .join(CHANNEL, CHANNEL.c.id == POST.c.channel_id)
        .join(parent, parent.c.id == POST_THREAD.c.parent_id, isouter=True)
        .join(parent_day, parent_day.c.post_id == parent.c.id, isouter=True)
        .join(parent_holder, parent_holder.c.identity_id == parent.c.author_id, isouter=True)
        .join(root, root.c.id == POST_THREAD.c.conversation_id, isouter=True)
        .join(root_day, root_day.c.post_id == root.c.id, isouter=True)
        .join(root_holder, root_holder.c.identity_id == root.c.author_id, isouter=True)
        .where(among(PERSON_IDENTITY.c.person_id, people), POST.c.channel_id.not_in(rivals))
    )
    for row in session.execute(statement):
        kind = _kind(row)
        if kind is not None:
            member = row.parent_person_id if row.parent_side == Side.TEAM else None
            yield _post_touch(row, kind, member, _host(row))


def _kind(row: Row[Any]) -> str | None:
    if row.kind == PostKind.SHARE:
        return "share" if row.parent_side == Side.TEAM else None
    if row.kind == PostKind.CHECK_IN:
        return "check_in"
    return "reply" if row.parent_id is not None or row.kind in _ANSWERS else "post"


def _host(row: Row[Any]) -> int | None:
    """Whose conversation it is, where that is neither the buyer nor one of us."""
    is_other = row.root_side == Side.INBOUND and row.root_person_id != row.person_id
    return row.root_person_id if is_other else None


def _post_touch(row: Row[Any], kind: str, member: int | None, host: int | None) -> TouchRow:
    return TouchRow(
        person_id=row.person_id,
        kind=kind,
        fact_id=row.id,
        occurred_at=row.occurred_at,
        day=row.day,
        channel_id=row.channel_id,
        network=row.network,
        layer=row.layer,
        campaign=None,
        member_id=member,
        host_id=host,
    )


def _answers(session: Session, people: Sequence[int], rivals: Sequence[int]) -> Iterable[TouchRow]:
    """What the team answered to posts of theirs."""
    asked, asked_day = POST.alias("asked"), POST_DAY.alias("asked_day")
    member, root, root_day = PERSON_IDENTITY.alias("member"), POST.alias("root"), POST_DAY.alias("root_day")
    root_holder = PERSON_IDENTITY.alias("root_holder")
    statement = (
        select(
            PERSON_IDENTITY.c.person_id,
            POST.c.id,
            POST.c.network,
            POST.c.channel_id,
            _micros(POST),
            POST_DAY.c.day,
            CHANNEL.c.kind.label("layer"),
            member.c.person_id.label("member_id"),
            root_day.c.side.label("root_side"),
            root_holder.c.person_id.label("root_person_id"),
        )
        .join_from(PERSON_IDENTITY, asked, asked.c.author_id == PERSON_IDENTITY.c.identity_id)
        .join(asked_day, and_(asked_day.c.post_id == asked.c.id, asked_day.c.side == Side.INBOUND))
        .join(POST_THREAD, POST_THREAD.c.parent_id == asked.c.id)
        .join(POST, POST.c.id == POST_THREAD.c.post_id)
        .join(POST_DAY, and_(POST_DAY.c.post_id == POST.c.id, POST_DAY.c.side == Side.TEAM))
        .join(CHANNEL, CHANNEL.c.id == POST.c.channel_id)
        .join(member, member.c.identity_id == POST.c.author_id)
        .join(root, root.c.id == POST_THREAD.c.conversation_id, isouter=True)
        .join(root_day, root_day.c.post_id == root.c.id, isouter=True)
        .join(root_holder, root_holder.c.identity_id == root.c.author_id, isouter=True)
        .where(among(PERSON_IDENTITY.c.person_id, people), POST.c.channel_id.not_in(rivals))
    )
    for row in session.execute(statement):
        yield _post_touch(row, "answer", row.member_id, _host(row))


def _list_campaigns(session: Session, post_ids: Sequence[int]) -> dict[int, str]:
    """The campaign that the links of these posts are tagged with; of several the first in the alphabet."""
    found: dict[int, str] = {}
    for part in chunks(post_ids):
        tagged = _TAGGED_LINKS.where(among(POST_LINK.c.post_id, part))
        for row in session.execute(tagged):
            named = parse_qs(urlsplit(row.url).query).get("utm_campaign")
            if named:
                found[row.post_id] = min(named[0], found.get(row.post_id, named[0]))
    return found


_TAGGED_LINKS = select(POST_LINK.c.post_id, POST_LINK.c.url).where(POST_LINK.c.url.contains("utm_campaign="))


def list_people_by_place(session: Session, kind: str, ids: Collection[int]) -> set[int]:
    """Whose touches hang on what these channels or brands are; nobody's for other kinds of fact."""
    if kind == "brand":
        held = select(CHANNEL.c.id).where(CHANNEL.c.brand_id.in_(sorted(ids)))
        return _list_people_in_channels(session, set(session.scalars(held)))
    return _list_people_in_channels(session, ids if kind == "channel" else ())


def _list_people_in_channels(session: Session, channel_ids: Collection[int]) -> set[int]:
    """Whose posts and visits are in these channels, and who was answered there."""
    found: set[int] = set()
    for part in chunks(sorted(channel_ids)):
        for fact, account in ((POST, POST.c.author_id), (VISIT, VISIT.c.identity_id)):
            holders = select(PERSON_IDENTITY.c.person_id).join_from(
                fact, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == account
            )
            found.update(session.scalars(holders.where(among(fact.c.channel_id, part)).distinct()))
        answered = POST.alias("answered")
        asking = (
            select(PERSON_IDENTITY.c.person_id)
            .join_from(POST, POST_THREAD, POST_THREAD.c.post_id == POST.c.id)
            .join(answered, answered.c.id == POST_THREAD.c.parent_id)
            .join(PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == answered.c.author_id)
        )
        found.update(session.scalars(asking.where(among(POST.c.channel_id, part)).distinct()))
    return found
