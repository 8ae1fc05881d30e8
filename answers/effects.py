"""What one like, comment, share or answered question goes with: later orders, honestly compared."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids, read_scope
from data_access.models.columns import from_micros, to_micros
from data_access.models.facts import PostKind
from data_access.queries import effects as queries
from metrics.matched_comparison import Span
from metrics.matched_effects import Effect, Verdict, judge, matched_effect
from metrics.signs import with_minus

WINDOWS = (30, 60, 90)
EVERYONE, PRIVATE, ORGANIZATIONS = "everyone", "private", "organizations"
BUYERS = (EVERYONE, PRIVATE, ORGANIZATIONS)
#: A network that fewer of the customers are on than this is no trait to match on.
FEWEST_ON_NETWORK = 30
_MICROS_A_DAY = 86_400 * 1_000_000


@dataclass(frozen=True)
class Act:
    """Something that customers do, or that is done for them. ``did`` and ``did_not`` name the two groups."""

    name: str
    label: str
    did: str
    did_not: str


ACTS = (
    Act("answer", "A question answered", "asked and were answered by us", "asked and got no answer"),
    Act("like", "A like given", "liked a post", "were active and liked nothing"),
    Act("comment", "A comment written", "wrote a comment or a reply", "were active and wrote none"),
    Act("share", "A post shared", "shared a post", "were active and shared nothing"),
)
_ACTS = {act.name: act for act in ACTS}


@dataclass(frozen=True)
class Effects:
    """Each act beside matched customers who did not.

    ``table``: a row an act, as ``ACTS``: ``act``, ``label``, ``verdict``, ``words``, ``did``, ``did_not`` (people),
    ``orders``, ``low``, ``high`` (extra orders a person in the window; NaN where a check fails), ``worth_minor``,
    ``worth_low_minor``, ``worth_high_minor`` (Int64: the same times the mean order; missing without one currency),
    ``adjusted_p``. ``effects``: all that is behind a row, by act. ``customers``: all there are; ``looked_at``: of whom
    the comparison is made. ``first_at`` to ``last_at``: the time of which both orders and posts are known; None where
    there is none. ``why_empty``: why there is no row, in words.
    """

    filters: Filters
    window_days: int
    table: pd.DataFrame = field(repr=False)
    effects: dict[str, Effect] = field(repr=False)
    customers: int = 0
    looked_at: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    mean_order_minor: int | None = None
    currency: str | None = None
    why_empty: str = ""


def read_effects(
    session: Session,
    filters: Filters,
    *,
    window_days: int = 60,
    buyers: str = EVERYONE,
    scope: Scope | None = None,
) -> Effects:
    """What each act goes with, from all data of the filter's channels before the end of its period.

    ``buyers``: everyone, private customers, or those who buy for an organisation. Raises ``ValueError`` for others.
    """
    if buyers not in BUYERS:
        raise ValueError(f"buyers are one of {', '.join(BUYERS)}, not {buyers!r}")
    scope = scope or read_scope(session)
    customers = queries.count_customers(session)
    history = _read_history(session, filters, scope, queries.choose_buckets(customers), buyers)
    span = history.span(window_days)
    why = _why_empty(history, span)
    if span is None or why:
        nothing = pd.DataFrame(columns=_COLUMNS)
        return Effects(filters, window_days, nothing, {}, customers, len(history.people), why_empty=why)
    effects = judge([_one(act.name, history, span) for act in ACTS])
    mean_order, currency = _mean_order(history.orders)
    compared = count_compared(effects)
    rows = [_row(effect, window_days, compared, mean_order) for effect in effects]
    return Effects(
        filters=filters,
        window_days=window_days,
        table=pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(_WORTH, "Int64")),
        effects={effect.act: effect for effect in effects},
        customers=customers,
        looked_at=len(history.people),
        first_at=from_micros(round(span.first_day * _MICROS_A_DAY)),
        last_at=from_micros(round(span.last_day * _MICROS_A_DAY)),
        mean_order_minor=mean_order,
        currency=currency,
    )


@dataclass(frozen=True)
class _History:
    """Times in days since 1970. ``known``: from where both orders and posts of any customer are known, to the last
    order: whether there were later ones is not known. None where there is none."""

    people: pd.DataFrame
    orders: pd.DataFrame
    posts: pd.DataFrame
    likes: pd.DataFrame
    turns: pd.DataFrame
    known: tuple[float, float] | None

    @property
    def activity(self) -> pd.DataFrame:
        return pd.concat([self.posts[["person_id", "day"]], self.likes[["person_id", "day"]]], ignore_index=True)

    def span(self, window_days: int) -> Span | None:
        return None if self.known is None else Span(*self.known, window_days)


def _read_history(session: Session, filters: Filters, scope: Scope, buckets: int, buyers: str) -> _History:
    until = to_micros(datetime.combine(filters.end, time(), ZoneInfo(scope.time_zone)))
    channels = channel_ids(scope, filters)
    people = queries.list_customers(session, buckets)
    orders = queries.list_orders(session, buckets, until=until)
    posts = queries.list_posts_of(session, buckets, channels, until=until)
    known = _known(orders, posts)
    if buyers != EVERYONE:
        people = people[people["is_organization"] == (buyers == ORGANIZATIONS)]
    return _History(
        people=_with_networks(people, queries.list_networks(session, buckets)),
        orders=_in_days(orders, people),
        posts=_in_days(posts, people),
        likes=_in_days(queries.list_likes_of(session, buckets, channels, until=until), people),
        turns=_in_days(queries.list_turns_of(session, buckets, channels, until=until), people),
        known=known,
    )


def _known(orders: pd.DataFrame, posts: pd.DataFrame) -> tuple[float, float] | None:
    bought = orders.loc[~orders["is_refund"], "at"]
    if bought.empty or posts.empty:
        return None
    return max(bought.min(), posts["at"].min()) / _MICROS_A_DAY, bought.max() / _MICROS_A_DAY


def _in_days(events: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    theirs = events[events["person_id"].isin(people["person_id"])]
    return theirs.assign(day=theirs["at"] / _MICROS_A_DAY).reset_index(drop=True)


def _with_networks(people: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """A column for each network that many of them are on."""
    theirs = networks[networks["person_id"].isin(people["person_id"])]
    often = theirs["network"].value_counts()
    names = sorted(often.index[often >= FEWEST_ON_NETWORK])
    ids = {name: theirs.loc[theirs["network"] == name, "person_id"] for name in names}
    return people.assign(**{f"on {name}": people["person_id"].isin(ids[name]) for name in names})


def _acts_and_chances(name: str, history: _History) -> tuple[pd.DataFrame, pd.DataFrame]:
    pairs: dict[str, Callable[[], tuple[pd.DataFrame, pd.DataFrame]]] = {
        "answer": lambda: (
            history.turns[history.turns["is_answered"]],
            history.turns[~history.turns["is_answered"]],
        ),
        "like": lambda: (history.likes, history.activity),
        "comment": lambda: (
            history.posts[history.posts["kind"].isin([PostKind.REPLY, PostKind.COMMENT])],
            history.activity,
        ),
        "share": lambda: (history.posts[history.posts["kind"] == PostKind.SHARE], history.activity),
    }
    return pairs[name]()


def _one(name: str, history: _History, span: Span) -> Effect:
    acts, chances = _acts_and_chances(name, history)
    return matched_effect(
        name,
        acts=acts,
        chances=chances,
        activity=history.activity,
        orders=history.orders[~history.orders["is_refund"]],
        people=history.people,
        span=span,
    )


def _why_empty(history: _History, span: Span | None) -> str:
    if history.people.empty:
        return "There are no customers to compare: no contact of a CRM and no order has been imported."
    if span is None:
        missing = "posts by customers" if len(history.orders) else "orders"
        return f"There are no {missing} before the end of this period, so nothing can be compared."
    days = math.floor(span.last_day - span.first_day)
    if span.earliest >= span.latest:
        return (
            f"Orders and posts are both known of {max(days, 0)} days. To look {span.window_days} days back and "
            f"{span.window_days} days ahead of an act, more than {2 * span.window_days} are needed."
        )
    return ""


def _mean_order(orders: pd.DataFrame) -> tuple[int | None, str | None]:
    """What an order comes to less refunds, in minor units; None where there are several currencies."""
    currencies = orders["currency"].unique()
    bought = int((~orders["is_refund"]).sum())
    if len(currencies) != 1 or not bought:
        return None, None
    return round(int(orders["amount_minor"].sum()) / bought), str(currencies[0])


def count_compared(effects: Iterable[Effect]) -> int:
    """How many acts had people enough to be compared: so many the p-values are corrected for."""
    return sum(effect.verdict != Verdict.TOO_FEW for effect in effects)


_WORTH = ("worth_minor", "worth_low_minor", "worth_high_minor")
_COLUMNS = [
    *("act", "label", "verdict", "words", "did", "did_not", "orders", "low", "high"),
    *_WORTH,
    "adjusted_p",
]


def _row(effect: Effect, window_days: int, acts: int, mean_order: int | None) -> tuple[object, ...]:
    holds = effect.verdict in (Verdict.EFFECT, Verdict.NOT_TOLD_FROM_ZERO)
    change = effect.change
    orders = (change.estimate, change.low, change.high) if holds else (math.nan,) * 3
    worth = [None if mean_order is None or math.isnan(value) else round(value * mean_order) for value in orders]
    return (
        effect.act,
        _ACTS[effect.act].label,
        str(effect.verdict),
        describe_effect(effect, window_days=window_days, acts=acts),
        effect.treated,
        effect.others,
        *orders,
        *worth,
        effect.adjusted_p,
    )


def describe_effect(effect: Effect, *, window_days: int, acts: int) -> str:
    """What can be said of an act, in a sentence. ``acts``: how many were compared together."""
    change = effect.change
    found = with_minus(f"{change.estimate:+.2f} orders ({change.low:+.2f} to {change.high:+.2f}) in {window_days} days")
    if effect.verdict == Verdict.EFFECT:
        return f"Consistent with an effect of {found}."
    if effect.verdict == Verdict.NOT_TOLD_FROM_ZERO:
        several = f" once {acts} acts are compared" if change.p_value <= 0.05 else ""
        return f"Cannot be told from zero{several}: {found}."
    if effect.verdict == Verdict.DIFFERED_BEFORE:
        return f"The groups differed before: in the {window_days} days before, their orders did not run alike."
    if effect.verdict == Verdict.UNBALANCED:
        return f"The groups differed before: no weights make them alike in “{describe_trait(effect.worst_trait)}”."
    if math.isnan(effect.effective_treated):
        return f"Too few people to compare: {effect.treated} who did, {effect.others} who did not."
    return (
        f"Too few people who are alike: {effect.effective_treated:.0f} who did count, and "
        f"{effect.effective_others:.0f} who did not."
    )


_TRAITS = {
    "earlier_orders": "orders earlier on",
    "earlier_activity": "activity earlier on",
    "recent_activity": "activity in the window before",
    "last_week": "activity in the week before",
    "tenure": "days since they were first seen",
    "date": "the date",
    "date_squared": "the date",
    "is_organization": "buying for an organisation",
}


def describe_trait(name: str) -> str:
    """What people were matched on, in words.

    >>> describe_trait("last_week"), describe_trait("on reddit")
    ('activity in the week before', 'being on reddit')
    """
    return _TRAITS.get(name, f"being {name}" if name.startswith("on ") else name)


def count_customers(session: Session) -> int:
    """How many customers there are to compare."""
    return queries.count_customers(session)


def list_effect_people(session: Session, people: tuple[int, ...]) -> pd.DataFrame:
    """Names of the people behind a comparison: ``person_id``, ``name``."""
    return queries.list_names(session, people)


def whole_history(filters: Filters, first_day: date) -> Filters:
    """The same channels over all days before the end of the period: what a comparison is made of."""
    return filters.between(min(first_day, filters.end), filters.end)
