"""Rollups against a recount: their whole sums always, and each row of the days of a sample."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pyroaring import BitMap
from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, or_, select, text
from sqlmodel import Session

from data_access import rollups
from data_access.brands import list_rival_channels
from data_access.models import derived
from data_access.queries.influence_conditions import COUNT, select_alike
from data_access.queries.purchases import count_deals, sum_orders
from data_access.settings import read_settings
from data_access.upsert import chunks, table
from jobs.derive.anywhere import ACTIVE_ANYWHERE, DAY, MONTH, is_of_ours, read_days, read_months
from jobs.derive.due import CREDIT_DAY, INFLUENCE, STAGE_DAY, VALUE
from jobs.derive.months import ACTIVE_MONTH, read_month
from jobs.derive.people import ACCOUNT_ROLE, POST, POST_DAY, side_of
from jobs.derive.rules import load_rules
from jobs.derive.slices import ACTIVE_SET, TURN, TURN_DAY, read_turn_days
from jobs.doctor.findings import Again, Finding, or_fine, repairable
from jobs.doctor.sampling import Sample
from metrics.participation import pack_counts

CHECK = "rollups"
CREDIT = table(derived.CreditDay)
SALE = table(derived.Sale)
STAGES = table(derived.StageDay)
VALUES = table(derived.PersonValue)
PERSON_STAGE = table(derived.PersonStage)
_DAYS_AT_A_TIME = 50
_POSTS_LOOKED_AT = 20_000
_RECOUNTED: tuple[tuple[Table, Callable[[], Select[Any]]], ...] = (
    (rollups.DAILY_ACTIVITY, rollups.select_daily_activity),
    (rollups.HOURLY_ACTIVITY, rollups.select_hourly_activity),
    (rollups.PERSON_DAY, rollups.select_person_day),
    (rollups.TOPIC_DAY, rollups.select_topic_day),
    (rollups.BRAND_DAY, rollups.select_brand_day),
    (rollups.BRAND_TOPIC_DAY, rollups.select_brand_topic_day),
)
_Slice = tuple[date, int]


def check_counts(session: Session, sample: Sample) -> list[Finding]:
    """The days of the sample counted again, and the sums over all days."""
    said = f"{len(sample.days):,} of {sample.of_days:,} days were counted again, and all sums agree."
    return or_fine(CHECK, _check(session, sample), said)


def _check(session: Session, sample: Sample) -> Iterator[Finding]:
    wrong: dict[str, set[_Slice]] = defaultdict(set)
    for days in chunks(sample.days, _DAYS_AT_A_TIME):
        for target, statement in _RECOUNTED:
            wrong[target.name] |= _differing(session, target, statement(), days)
        wrong[ACTIVE_SET.name] |= _differing_sets(session, days)
        wrong[ACTIVE_MONTH.name] |= _differing_months(session, days)
        wrong[ACTIVE_ANYWHERE.name] |= _differing_anywhere(session, days)
        wrong[rollups.BRAND_DAY.name] |= _differing_brand_people(session, days)
        wrong[rollups.DAILY_ACTIVITY.name] |= _differing_plainly(session, days)
    wrong[rollups.DAILY_ACTIVITY.name] |= _differing_sums(session, rollups.DAILY_ACTIVITY, "posts", POST_DAY)
    wrong[rollups.HOURLY_ACTIVITY.name] |= _differing_sums(session, rollups.HOURLY_ACTIVITY, "posts", POST_DAY)
    for name in sorted(wrong):
        if wrong[name]:
            again = Again()
            for day, channel_id in wrong[name]:
                again.slices[day].add(channel_id)
            yield repairable(CHECK, _say(name, wrong[name]), again)
    yield from _check_turn_days(session, sample)
    yield from _check_days_of_posts(session, sample)
    yield from _check_credit(session, sample)
    yield from _check_stages(session)
    yield from _check_values(session)
    yield from _check_influence(session)


def _say(name: str, slices: set[_Slice]) -> str:
    days = sorted({day for day, _ in slices})
    span = f"{days[0]}" if len(days) == 1 else f"{len(days):,} days from {days[0]} to {days[-1]}"
    return f"{name} does not say what its posts do: {len(slices):,} days in a channel, of {span}."


def _differing(session: Session, target: Table, recount: Select[Any], days: Sequence[date]) -> set[_Slice]:
    """The slices where ``target`` has other rows than ``recount`` gives."""
    names = [column.name for column in recount.selected_columns]
    counted = {tuple(row) for row in session.execute(recount.where(POST_DAY.c.day.in_(days)))}
    held = {
        tuple(row) for row in session.execute(select(*(target.c[name] for name in names)).where(target.c.day.in_(days)))
    }
    day, channel = names.index("day"), names.index("channel_id")
    return {(row[day], row[channel]) for row in counted ^ held}


def _differing_plainly(session: Session, days: Sequence[date]) -> set[_Slice]:
    """The slices whose number of posts is not that of ``post_day``, counted in SQL of its own."""
    given = {f"day{number}": day.isoformat() for number, day in enumerate(days)}
    named = ", ".join(f"CAST(:{name} AS date)" for name in given)
    if session.get_bind().dialect.name == "sqlite":
        named = ", ".join(f":{name}" for name in given)
    counts = "SELECT day, channel_id, side, count(*) AS posts FROM post_day GROUP BY day, channel_id, side"
    held = "SELECT day, channel_id, side, posts FROM daily_activity"
    found: set[_Slice] = set()
    for left, right in ((counts, held), (held, counts)):
        rows = session.execute(
            text(
                f"SELECT l.day, l.channel_id FROM ({left.replace('GROUP', f'WHERE day IN ({named}) GROUP')}) l"
                f" LEFT JOIN ({right.replace('GROUP', f'WHERE day IN ({named}) GROUP')}) r"
                " ON r.day = l.day AND r.channel_id = l.channel_id AND r.side = l.side"
                f" WHERE l.day IN ({named}) AND (r.posts IS NULL OR r.posts <> l.posts)"
            ),
            given,
        )
        found |= {(date.fromisoformat(str(day)), channel_id) for day, channel_id in rows}
    return found


def _differing_sets(session: Session, days: Sequence[date]) -> set[_Slice]:
    """The slices whose set has other people than ``person_day``, or other numbers of posts of theirs."""
    target = rollups.PERSON_DAY
    people: dict[_Slice, BitMap] = defaultdict(BitMap)
    counts: dict[_Slice, list[int]] = defaultdict(list)
    columns = (target.c.day, target.c.channel_id, target.c.person_id, target.c.posts)
    rows = select(*columns).where(target.c.day.in_(days)).order_by(target.c.person_id)
    for day, channel_id, person_id, posts in session.execute(rows):
        people[day, channel_id].add(person_id)
        counts[day, channel_id].append(posts)
    held = select(*(ACTIVE_SET.c[name] for name in ("day", "channel_id", "people", "posts")))
    sets = {(row.day, row.channel_id): row for row in session.execute(held.where(ACTIVE_SET.c.day.in_(days)))}
    miscounted = {key for key, row in sets.items() if row.posts != pack_counts(counts.get(key, []))}
    return miscounted | _unlike(people, {key: row.people for key, row in sets.items()})


def _differing_months(session: Session, days: Sequence[date]) -> set[_Slice]:
    """The months of these days and their channels where the set is not what the sets of the days give."""
    found: set[_Slice] = set()
    for month in {day.replace(day=1) for day in days}:
        rows = session.execute(select(ACTIVE_MONTH).where(ACTIVE_MONTH.c.day == month))
        held = {(row.day, row.channel_id): (row.people, row.posts) for row in rows}
        given = {(row["day"], row["channel_id"]): (row["people"], row["posts"]) for row in read_month(session, month)}
        found |= {key for key in held.keys() | given.keys() if held.get(key) != given.get(key)}
    return found


def _differing_anywhere(session: Session, days: Sequence[date]) -> set[_Slice]:
    """The days where the set of all channels is not what those of the channels give, and the months where it is not
    what the days give. One that is missing, or of what were competitors' channels then, is nothing wrong: pages read
    the sets of the channels until the next import puts it together. No channel is named: whichever is counted again,
    these are put together again."""
    rivals = BitMap(list_rival_channels(session, read_settings(session)))
    months = sorted({day.replace(day=1) for day in days})
    given = {(DAY, row["day"]): row for row in read_days(session, days, rivals)}
    given |= {(MONTH, row["day"]): row for row in read_months(session, months)}
    is_of = (ACTIVE_ANYWHERE.c.length == DAY) & ACTIVE_ANYWHERE.c.day.in_(days)
    is_in = (ACTIVE_ANYWHERE.c.length == MONTH) & ACTIVE_ANYWHERE.c.day.in_(months)
    rows = session.execute(select(ACTIVE_ANYWHERE).where(is_of | is_in)).mappings()
    held = {(row["length"], row["day"]): row for row in rows}
    return {
        (key[1], 0)
        for key in held.keys() | given.keys()
        if key in held
        and (key not in given or any(held[key][name] != value for name, value in given[key].items()))
        and not _is_of_others(held[key], rivals)
    }


def _is_of_others(row: RowMapping, rivals: BitMap) -> bool:
    """Whether a row that can be read is of other channels than ours are now."""
    try:
        BitMap.deserialize(row["channels"]), BitMap.deserialize(row["others"])
    except ValueError:
        return False
    return not is_of_ours(row["channels"], row["others"], rivals)


def _differing_brand_people(session: Session, days: Sequence[date]) -> set[_Slice]:
    people: dict[tuple[date, int, int], BitMap] = defaultdict(BitMap)
    for day, channel, brand, person in session.execute(rollups.select_brand_people().where(POST_DAY.c.day.in_(days))):
        people[day, channel, brand].add(person)
    target = rollups.BRAND_DAY
    columns = (target.c.day, target.c.channel_id, target.c.brand_id, target.c.people)
    rows = session.execute(select(*columns).where(target.c.day.in_(days)))
    held = {(day, channel, brand): packed for day, channel, brand, packed in rows}
    return {(day, channel) for day, channel, _brand in _unlike(people, held)}


def _unlike(counted: dict[Any, BitMap], held: dict[Any, bytes]) -> set[Any]:
    """The keys under which other people are held than were counted. An empty set may have a row or none."""
    keys = counted.keys() | held.keys()
    return {key for key in keys if counted.get(key, BitMap()) != _unpacked(held.get(key))}


def _unpacked(packed: bytes | None) -> BitMap | None:
    if packed is None:
        return BitMap()
    try:
        return BitMap.deserialize(packed)
    except ValueError:
        return None


def _differing_sums(session: Session, target: Table, column: str, source: Table) -> set[_Slice]:
    """The slices where a rollup's sum is not the number of rows of what it counts; looked for only where the whole
    sums differ."""
    total = session.execute(select(func.coalesce(func.sum(target.c[column]), 0))).scalar_one()
    if total == session.execute(select(func.count()).select_from(source)).scalar_one():
        return set()
    counted = _by_slice(session, source, func.count())
    summed = _by_slice(session, target, func.sum(target.c[column]))
    return {key for key in counted.keys() | summed.keys() if counted.get(key, 0) != summed.get(key, 0)}


def _by_slice(session: Session, target: Table, value: Any) -> dict[_Slice, int]:
    statement = select(target.c.day, target.c.channel_id, value).group_by(target.c.day, target.c.channel_id)
    return {(day, channel_id): int(number) for day, channel_id, number in session.execute(statement)}


def _check_turn_days(session: Session, sample: Sample) -> Iterator[Finding]:
    wrong = _differing_sums(session, TURN_DAY, "opened", TURN) | _unreadable_turn_days(session)
    for days in chunks(sample.days, _DAYS_AT_A_TIME):
        wrong |= _differing_turn_days(session, days)
    if wrong:
        again = Again()
        for day, channel_id in wrong:
            again.turn_slices[day].add(channel_id)
        yield repairable(CHECK, _say("turn_day", wrong), again)


def _differing_turn_days(session: Session, days: Sequence[date]) -> set[_Slice]:
    """The slices whose numbers of turns or whose times are not those of their turns."""
    counted = {(row["day"], row["channel_id"]): row for row in read_turn_days(session, days)}
    rows = session.execute(select(TURN_DAY).where(TURN_DAY.c.day.in_(days))).mappings()
    held = {(row["day"], row["channel_id"]): dict(row) for row in rows}
    return {key for key in counted.keys() | held.keys() if counted.get(key) != held.get(key)}


def _unreadable_turn_days(session: Session) -> set[_Slice]:
    """The slices of any day whose times are cut off: a pair of seconds and turns, or a moment, takes eight bytes."""
    times = (TURN_DAY.c.response_seconds, TURN_DAY.c.business_seconds, TURN_DAY.c.open_since)
    cut = or_(*(func.length(packed) % 8 != 0 for packed in times))
    return {
        (day, channel) for day, channel in session.execute(select(TURN_DAY.c.day, TURN_DAY.c.channel_id).where(cut))
    }


def _check_days_of_posts(session: Session, sample: Sample) -> Iterator[Finding]:
    """The local day, hour, channel and side of posts, from their moments and accounts."""
    zone = load_rules(session).zone
    wrong: set[int] = set()
    seen = 0
    columns = (POST.c.id, POST.c.channel_id, POST.c.occurred_at, ACCOUNT_ROLE.c.role)
    held = (POST_DAY.c.day, POST_DAY.c.hour, POST_DAY.c.channel_id.label("held_channel"), POST_DAY.c.side)
    for day in reversed(sample.days):
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        after = day + timedelta(days=1)
        next_midnight = datetime(after.year, after.month, after.day, tzinfo=zone)
        statement = (
            select(*columns, *held)
            .join_from(POST, POST_DAY, POST_DAY.c.post_id == POST.c.id)
            .outerjoin(ACCOUNT_ROLE, ACCOUNT_ROLE.c.identity_id == POST.c.author_id)
            .where(POST.c.occurred_at >= midnight, POST.c.occurred_at < next_midnight)
        )
        for row in session.execute(statement):
            seen += 1
            hour = row.occurred_at.astimezone(zone).hour
            if (row.day, row.hour, row.held_channel, row.side) != (day, hour, row.channel_id, str(side_of(row.role))):
                wrong.add(row.id)
        if seen > _POSTS_LOOKED_AT:
            break
    if wrong:
        what = f"{len(wrong):,} posts stand on the wrong day, hour, channel or side."
        yield repairable(CHECK, what, Again(posts=wrong))


def _check_credit(session: Session, sample: Sample) -> Iterator[Finding]:
    """On each day, every credit rule gives away what was sold, no more and no less."""
    sold = (
        select(SALE.c.sale_kind, SALE.c.fact_id, SALE.c.day, SALE.c.currency, SALE.c.amount_minor)
        .where(SALE.c.sale_kind.in_(("order", "deal")), SALE.c.day.is_not(None), SALE.c.currency != "")
        .distinct()
        .subquery()
    )
    counted = _sums(session, (sold.c.sale_kind, sold.c.day, sold.c.currency), sold.c.amount_minor)
    names = (CREDIT.c.sale_kind, CREDIT.c.day, CREDIT.c.currency, CREDIT.c.lookback_days, CREDIT.c.dimension)
    wrong: set[date] = set()
    found: dict[Any, set[Any]] = defaultdict(set)
    for rule in ("linear", "shapley"):
        for (*key, lookback, dimension), total in _sums(session, names, CREDIT.c[rule]).items():
            found[tuple(key)].add((lookback, dimension))
            if total != counted.get(tuple(key), 0):
                wrong.add(key[1])
    kinds = set().union(*found.values()) if found else set()
    wrong |= {key[1] for key, total in counted.items() if total and not (found[key] and found[key] == kinds)}
    if wrong:
        again = Again()
        again.due[CREDIT_DAY] = {day.toordinal() for day in wrong}
        what = f"The credit of {len(wrong):,} days does not add up to what was sold on them."
        yield repairable(CHECK, what, again)


def _sums(
    session: Session, keys: Sequence[ColumnElement[Any]], value: ColumnElement[Any]
) -> dict[tuple[Any, ...], int]:
    rows = session.execute(select(*keys, func.sum(value)).group_by(*keys))
    return {tuple(row[:-1]): int(row[-1]) for row in rows}


def _check_stages(session: Session) -> Iterator[Finding]:
    channel = func.coalesce(PERSON_STAGE.c.first_channel_id, 0)
    keys = (PERSON_STAGE.c.first_on, channel, PERSON_STAGE.c.path)
    counted = {tuple(row[:3]): row[3] for row in session.execute(select(*keys, func.count()).group_by(*keys))}
    columns = (STAGES.c.first_on, STAGES.c.first_channel_id, STAGES.c.path, STAGES.c.people)
    held = {tuple(row[:3]): row[3] for row in session.execute(select(*columns))}
    wrong = {key[0] for key in counted.keys() | held.keys() if counted.get(key) != held.get(key)}
    if wrong:
        again = Again()
        again.due[STAGE_DAY] = {day.toordinal() for day in wrong}
        yield repairable(CHECK, f"How far people have come does not add up on {len(wrong):,} days.", again)


def _check_values(session: Session) -> Iterator[Finding]:
    """What people are said to have bought, against their orders and deals."""
    orders, deals = sum_orders(session), count_deals(session)
    columns = (VALUES.c.person_id, VALUES.c.currency, VALUES.c.revenue_minor, VALUES.c.deals_won + VALUES.c.deals_open)
    held = {(row[0], row[1]): (row[2], row[3]) for row in session.execute(select(*columns))}
    counted = {key: (orders.get(key, 0), deals.get(key, 0)) for key in orders.keys() | deals.keys()}
    wrong = {key[0] for key in counted.keys() | held.keys() if counted.get(key) != held.get(key)}
    if wrong:
        again = Again()
        again.due[VALUE] = wrong
        yield repairable(CHECK, f"What {len(wrong):,} people bought does not add up to their orders and deals.", again)


def _check_influence(session: Session) -> Iterator[Finding]:
    """How many people are alike in each period, against their scores."""
    counted = {tuple(row) for row in session.execute(select_alike())}
    held = {tuple(row) for row in session.execute(select(COUNT).where(COUNT.c.people > 0))}
    if wrong := {row[0] for row in counted ^ held}:
        again = Again()
        again.due[INFLUENCE] = {0}
        yield repairable(CHECK, f"The people with scores do not add up in {len(wrong)} periods.", again)
