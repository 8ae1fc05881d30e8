"""People by their scores in the graph of who talks with whom, from ``Influence``, ``Tie`` and ``Community``."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlmodel import Session

from data_access.among import among
from data_access.models import derived, facts
from data_access.models.derived import Due, InfluencePeriod
from data_access.queries.frames import Rows, read_frame
from data_access.queries.influence_conditions import (
    INFLUENCE,
    MENTION,
    PERSON_IDENTITY,
    REPLY,
    SHARE,
    VALUE,
    InfluenceConditions,
    count_wanted,
    has_bought,
    list_of_kind,
    select_of_kind,
    select_wanted,
)
from data_access.upsert import chunks, table

TIE = table(derived.Tie)
COMMUNITY = table(derived.Community)
PERSON = table(derived.Person)
ACCOUNT_ROLE = table(derived.AccountRole)
IDENTITY = table(facts.Identity)

#: What is noted while the graph is to be worked out again.
INFLUENCE_DUE = "influence"
REVENUE = "revenue"
#: Scores that say most where they are lowest.
LOWEST_FIRST = ("constraint",)
#: Scores by which an index has the people of a period in order.
_INDEXED = ("pagerank", "in_people", "in_strength", "betweenness")
_KEYS = (TIE.c.source_id, TIE.c.target_id)
_COUNTS = {"replies": REPLY, "mentions": MENTION, "shares": SHARE}
_MOST_IDS = 5_000
#: So many of the first by a score are looked at before more, and these before a whole period is.
_FIRST_LOOKED_AT = 1_000, 3_000
#: Of up to so many of a kind, all are put in order at once.
_FEW_OF_KIND = 50_000
#: Up to so many people, ties are looked up by both ends.
_FEW = 1_000
_OPTIONAL = ("core", "reach", "h_index", "community")


def read_influence_period(session: Session, period: str) -> InfluencePeriod | None:
    """Of which days the scores of a period are, and how large its graph is; None where it was never worked out."""
    return session.get(InfluencePeriod, period)


def is_influence_due(session: Session) -> bool:
    """Whether the graph is to be worked out again."""
    noted = table(Due)
    return session.execute(select(noted.c.key).where(noted.c.kind == INFLUENCE_DUE).limit(1)).first() is not None


def _columns() -> list[ColumnElement[object]]:
    return [column for column in INFLUENCE.c if column.name != "period"]


def list_influencers(
    session: Session,
    wanted: InfluenceConditions,
    *,
    by: str = "pagerank",
    limit: int = 300,
    worth: str = "revenue_minor",
    rates: Mapping[str, float] | None = None,
) -> tuple[pd.DataFrame, int]:
    """The people of the public who match, the first by a score (a column of ``Influence``, or ``revenue``): its columns
    but ``period``; and how many match in all. Who has no such score comes last.

    ``revenue`` is the column ``worth`` of ``PersonValue``, each currency times its rate in ``rates``; others are left
    out of it."""
    if wanted.about is not None:
        source, score = _scored(by, worth, rates)
        return _list_at_once(session, source, select_wanted(wanted), score, by, limit)
    rows = list_first_influencers(session, wanted, by=by, limit=limit, worth=worth, rates=rates)
    return rows, len(rows) if len(rows) < limit else count_wanted(session, wanted)


def list_first_influencers(
    session: Session,
    wanted: InfluenceConditions,
    *,
    by: str = "pagerank",
    limit: int = 300,
    worth: str = "revenue_minor",
    rates: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """The rows of ``list_influencers`` alone: to count all who match takes longer than to find the first."""
    (source, score), where = _scored(by, worth, rates), select_wanted(wanted)
    if wanted.about is not None:
        return _list_at_once(session, source, where, score, by, limit)[0]
    statement: Rows = select(*_columns()).select_from(source).where(*where)
    kinds = list_of_kind(session, wanted) if by in (*_INDEXED, REVENUE) else None
    if kinds is not None and (by == REVENUE or sum(kinds.values()) <= _FEW_OF_KIND):
        return _list_of_kind(session, wanted, kinds, by, limit, worth, rates)
    if _is_in_order(wanted, by) or by == REVENUE:
        return _list_known_first(session, statement, score, by, limit)
    if by in _INDEXED and wanted.community is None and not wanted.customers_only:
        for looked_at in _FIRST_LOOKED_AT:
            rows = _list_of_first(session, wanted.period, where, by, limit, looked_at)
            if len(rows) == limit:
                return rows
    if kinds is not None:
        return _list_of_kind(session, wanted, kinds, by, limit, worth, rates)
    return _read(session, statement.order_by(*_sorted(score, by)).limit(limit))


def _scored(by: str, worth: str, rates: Mapping[str, float] | None) -> tuple[FromClause, ColumnElement[float]]:
    """Where a score stands, and the score."""
    if by != REVENUE:
        return INFLUENCE, INFLUENCE.c[by]
    bought = _revenue_of_all(worth, rates or {})
    return INFLUENCE.outerjoin(bought, bought.c.person_id == INFLUENCE.c.person_id), bought.c.revenue


def _list_of_first(
    session: Session, period: str, where: Sequence[ColumnElement[bool]], by: str, limit: int, looked_at: int
) -> pd.DataFrame:
    """Those who match of the first ``looked_at`` of the period by an indexed score: ``limit`` of them are the first of
    all."""
    order = _sorted(INFLUENCE.c[by], by)[1:]
    known = select(INFLUENCE.c.person_id).where(INFLUENCE.c.period == period, INFLUENCE.c[by] > 0)
    first = known.order_by(*order).limit(looked_at).subquery()
    statement: Rows = select(*_columns()).join_from(first, INFLUENCE, INFLUENCE.c.person_id == first.c.person_id)
    return _read(session, statement.where(*where).order_by(*order).limit(limit))


def _list_of_kind(
    session: Session,
    wanted: InfluenceConditions,
    kinds: Collection[str],
    by: str,
    limit: int,
    worth: str,
    rates: Mapping[str, float] | None,
) -> pd.DataFrame:
    """People of a kind, all that puts them in order read from the index of kinds."""
    score = _revenue_of_each(worth, rates or {}) if by == REVENUE else INFLUENCE.c[by]
    names = INFLUENCE.c.person_id, INFLUENCE.c.in_strength, score.label("score")
    # made before they are sorted: what each bought would be added up for each comparison
    found = select(*names).where(*select_of_kind(wanted, kinds)).cte("found").prefix_with("MATERIALIZED")
    alike = (found.c.in_strength.desc(),) if by == "in_people" else ()
    order = (found.c.score.is_(None), _direction(found.c.score, by), *alike, found.c.person_id)
    first = select(found.c.person_id, func.row_number().over(order_by=order).label("place")).order_by(*order)
    placed = first.limit(limit).subquery()
    is_it = and_(INFLUENCE.c.period == wanted.period, INFLUENCE.c.person_id == placed.c.person_id)
    statement: Rows = select(*_columns()).join_from(placed, INFLUENCE, is_it).order_by(placed.c.place)
    return _read(session, statement)


def _is_in_order(wanted: InfluenceConditions, by: str) -> bool:
    """Whether an index has just those who are wanted in this order. One that has more could be walked to its end, and
    to look through a period at once takes a tenth of that."""
    if wanted == InfluenceConditions(wanted.period):
        return by in _INDEXED
    return by == "pagerank" and wanted == InfluenceConditions(wanted.period, community=wanted.community)


def _direction(score: ColumnElement[float], by: str) -> ColumnElement[float]:
    return score.asc() if by in LOWEST_FIRST else score.desc()


def _sorted(score: ColumnElement[float], by: str) -> tuple[ColumnElement[Any], ...]:
    """Of those whom as many people answered, mentioned or shared, the one who got more attention comes first."""
    alike = (INFLUENCE.c.in_strength.desc(),) if by == "in_people" else ()
    return score.is_(None), _direction(score, by), *alike, INFLUENCE.c.person_id


def _list_known_first(
    session: Session, statement: Rows, score: ColumnElement[float], by: str, limit: int
) -> pd.DataFrame:
    order = _sorted(score, by)[1:]
    first = _read(session, statement.where(score.is_not(None)).order_by(*order).limit(limit))
    if len(first) == limit:
        return first
    rest = statement.where(score.is_(None)).order_by(INFLUENCE.c.person_id).limit(limit - len(first))
    return pd.concat([first, _read(session, rest)], ignore_index=True)


def _list_at_once(
    session: Session,
    source: FromClause,
    where: Sequence[ColumnElement[bool]],
    score: ColumnElement[float],
    by: str,
    limit: int,
) -> tuple[pd.DataFrame, int]:
    """Rows and their number by one statement, where to find who matches is most of the work."""
    order = _sorted(score, by)
    place, total = func.row_number().over(order_by=order).label("place"), func.count().over().label("total")
    found = select(INFLUENCE.c.period, INFLUENCE.c.person_id, place, total).select_from(source).where(*where)
    first = found.order_by(place).limit(limit).subquery()
    is_it = and_(first.c.period == INFLUENCE.c.period, first.c.person_id == INFLUENCE.c.person_id)
    statement: Rows = select(*_columns(), first.c.total).join_from(first, INFLUENCE, is_it).order_by(first.c.place)
    rows = _read(session, statement)
    return rows.drop(columns="total"), int(rows["total"].iloc[0]) if len(rows) else 0


def _in_one_currency(worth: str, rates: Mapping[str, float]) -> ColumnElement[float]:
    amounts = [(VALUE.c.currency == currency, VALUE.c[worth] * rate) for currency, rate in rates.items()]
    return func.sum(case(*amounts, else_=0.0) if amounts else VALUE.c[worth] * 0.0)


def _revenue_of_all(worth: str, rates: Mapping[str, float]) -> Subquery:
    revenue = _in_one_currency(worth, rates).label("revenue")
    known = select(VALUE.c.person_id, revenue).where(VALUE.c.currency.in_(rates))
    return known.group_by(VALUE.c.person_id).subquery()


def _revenue_of_each(worth: str, rates: Mapping[str, float]) -> ColumnElement[float]:
    """As ``_revenue_of_all``, looked up for each person: of a part of them that is faster."""
    is_theirs = VALUE.c.person_id == INFLUENCE.c.person_id, VALUE.c.currency.in_(rates)
    return select(_in_one_currency(worth, rates)).where(*is_theirs).correlate(INFLUENCE).scalar_subquery()


def _read(session: Session, statement: Rows) -> pd.DataFrame:
    return read_frame(session, statement, optional=_OPTIONAL)


def _of_each(session: Session, statement: Rows, column: ColumnElement[int], ids: Collection[int]) -> pd.DataFrame:
    parts = [read_frame(session, statement.where(among(column, part))) for part in chunks(sorted(set(ids)), _MOST_IDS)]
    return pd.concat(parts, ignore_index=True) if parts else read_frame(session, statement.where(false()))


def list_influence_of(session: Session, period: str, people: Collection[int]) -> pd.DataFrame:
    """The scores of these people, of the team and of bots as well: the columns of ``Influence`` but ``period``."""
    statement: Rows = select(*_columns()).where(INFLUENCE.c.period == period).order_by(INFLUENCE.c.person_id)
    parts = [
        _read(session, statement.where(INFLUENCE.c.person_id.in_(part)))
        for part in chunks(sorted(set(people)), _MOST_IDS)
    ]
    return pd.concat(parts, ignore_index=True) if parts else _read(session, statement.where(false()))


def list_team_influence(session: Session, period: str) -> pd.DataFrame:
    """The team and bots that are drawn, by id: columns as of ``list_influence_of``."""
    ours = select(PERSON_IDENTITY.c.person_id).join_from(
        ACCOUNT_ROLE, PERSON_IDENTITY, PERSON_IDENTITY.c.identity_id == ACCOUNT_ROLE.c.identity_id
    )
    drawn = INFLUENCE.c.role.is_not(None), INFLUENCE.c.x.is_not(None)
    statement: Rows = (
        select(*_columns())
        .where(INFLUENCE.c.period == period, *drawn, INFLUENCE.c.person_id.in_(ours))
        .order_by(INFLUENCE.c.person_id)
    )
    return _read(session, statement)


def list_ties(
    session: Session,
    period: str,
    people: Collection[int],
    *,
    relations: Sequence[str] = (),
    networks: Sequence[str] = (),
) -> pd.DataFrame:
    """Who of these people answers, mentions or shares whom of them: ``source_id``, ``target_id``, ``weight``,
    ``times``, ``replies``, ``mentions``, ``shares``, a row a pair with a direction, heaviest first."""
    ids = sorted(set(people))
    statement = _ties(relations, networks).where(TIE.c.period == period)
    if len(ids) <= _FEW:  # more are sorted out here: the engine would look each up for each source
        statement = statement.where(TIE.c.target_id.in_(ids))
    ties = _of_each(session, statement, TIE.c.source_id, ids)
    return _heaviest_first(ties[ties["target_id"].isin(ids)])


def list_ties_of(
    session: Session,
    period: str,
    people: Collection[int],
    *,
    others: Collection[int],
    relations: Sequence[str] = (),
    networks: Sequence[str] = (),
) -> pd.DataFrame:
    """The ties of some people with some others, in both directions: columns and order as of ``list_ties``."""
    # summed here: SQLite would walk the whole period in the order of the groups, and not look the targets up
    statement = _narrowed(select(*_KEYS, TIE.c.kind, TIE.c.weight, TIE.c.times), relations, networks)
    statement = statement.where(TIE.c.period == period)
    sent = _of_each(session, statement, TIE.c.source_id, people)
    got = _of_each(session, statement, TIE.c.target_id, people)
    got = got[~got["source_id"].isin(people)]
    rows = pd.concat([sent[sent["target_id"].isin(others)], got[got["source_id"].isin(others)]], ignore_index=True)
    counts = {name: rows["times"].where(rows["kind"] == kind, 0) for name, kind in _COUNTS.items()}
    ties = rows.drop(columns="kind").assign(**counts).groupby(["source_id", "target_id"], as_index=False).sum()
    return _heaviest_first(ties)


def _heaviest_first(ties: pd.DataFrame) -> pd.DataFrame:
    order = ["weight", "source_id", "target_id"]
    return ties.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _ties(relations: Sequence[str], networks: Sequence[str]) -> Rows:
    counts = {name: func.sum(case((TIE.c.kind == kind, TIE.c.times), else_=0)) for name, kind in _COUNTS.items()}
    statement: Rows = select(
        *_KEYS,
        func.sum(TIE.c.weight).label("weight"),
        func.sum(TIE.c.times).label("times"),
        *(count.label(name) for name, count in counts.items()),
    )
    return _narrowed(statement, relations, networks).group_by(*_KEYS)


def _narrowed(statement: Rows, relations: Sequence[str], networks: Sequence[str]) -> Rows:
    if relations:
        statement = statement.where(TIE.c.kind.in_(relations))
    if networks:
        statement = statement.where(TIE.c.network.in_(networks))
    return statement


def list_communities(session: Session, period: str, *, numbers: Collection[int] = (), largest: int = 0) -> pd.DataFrame:
    """The communities of these numbers and the ``largest`` ones: the columns of ``Community`` but ``period``."""
    columns = [column for column in COMMUNITY.c if column.name != "period"]
    is_asked = or_(COMMUNITY.c.number <= largest, COMMUNITY.c.number.in_(sorted(set(numbers))))
    statement: Rows = select(*columns).where(COMMUNITY.c.period == period, is_asked).order_by(COMMUNITY.c.number)
    return read_frame(session, statement, optional=("size_before",))


def list_accounts_of(session: Session, people: Collection[int]) -> pd.DataFrame:
    """The accounts of these people: ``person_id``, ``person`` (name or None), ``network``, ``source``, ``native_id``,
    ``handle``, ``display_name``."""
    statement: Rows = (
        select(
            PERSON_IDENTITY.c.person_id,
            PERSON.c.name.label("person"),
            *(IDENTITY.c[name] for name in ("network", "source", "native_id", "handle", "display_name")),
        )
        .join_from(PERSON_IDENTITY, IDENTITY, IDENTITY.c.id == PERSON_IDENTITY.c.identity_id)
        .join(PERSON, PERSON.c.id == PERSON_IDENTITY.c.person_id)
        .order_by(PERSON_IDENTITY.c.person_id, IDENTITY.c.id)
    )
    return _of_each(session, statement, PERSON_IDENTITY.c.person_id, people)


def list_worth(session: Session, people: Collection[int]) -> pd.DataFrame:
    """What these people bought, a row a currency: ``person_id``, ``currency``, ``revenue_minor`` (orders less
    refunds), ``deals_won_minor``."""
    names = ("person_id", "currency", "revenue_minor", "deals_won_minor")
    return _of_each(session, select(*(VALUE.c[name] for name in names)), VALUE.c.person_id, people)


def list_sold_currencies(session: Session, worth: str) -> list[str]:
    """The currencies of what people bought, by the column of ``PersonValue``."""
    bought = exists().where(VALUE.c.currency == bindparam("currency"), VALUE.c[worth] != 0)
    known = list[str]()
    # from one to the next through the index: to look at all people for a handful of currencies takes far longer
    lowest = select(func.min(VALUE.c.currency))
    currency = session.scalar(lowest)
    while currency is not None:
        known.append(currency)
        currency = session.scalar(lowest.where(VALUE.c.currency > currency))
    return [name for name in known if session.scalar(select(bought), {"currency": name})]


def list_customers_among(session: Session, people: Collection[int]) -> set[int]:
    """Those of these people who bought something that was not wholly refunded, or took part in a deal that was won."""
    statement: Rows = select(VALUE.c.person_id).where(has_bought())
    return {int(person) for person in _of_each(session, statement, VALUE.c.person_id, people)["person_id"]}
