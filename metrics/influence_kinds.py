"""Kinds of people as rules that anyone can read: who speaks for us, who connects, who is on the way up."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns

KINDS = ("advocate", "detractor", "hub", "broker", "newcomer_rising", "silent_customer")
COLUMNS = (
    *("praise", "blame", "posts", "pagerank", "in_people", "in_strength", "betweenness", "constraint", "community"),
    *("first_on_days", "is_customer", "trend"),
)


@dataclass(frozen=True)
class KindRules:
    """From where on somebody is of a kind. Shares are of everyone with a tie in the period."""

    advocate_posts: int = 3
    advocate_ratio: float = 2
    advocate_days: int = 180
    hub_share: float = 0.01
    hub_least: int = 5
    hub_people: int = 10
    broker_share: float = 0.01
    broker_least: int = 5
    broker_betweenness: float = 0.001
    broker_constraint: float = 0.25
    broker_communities: int = 2
    newcomer_days: int = 90
    newcomer_share: float = 0.25
    newcomer_people: int = 3


def kinds_of_people(people: pd.DataFrame, rules: KindRules, *, period_days: int | None = None) -> "pd.Series[object]":
    """The kinds that each row is of, as tuples in the order of ``KINDS``, on the index of ``people``.

    Columns: ``praise``, ``blame`` (positive and negative posts about us in ``advocate_days``), ``posts`` (in the
    period), ``pagerank``, ``in_people``, ``in_strength``, ``betweenness``, ``constraint``, ``community`` (NaN without
    a tie), ``first_on_days`` (from the first post ever to the end of the period; NaN unknown), ``is_customer``,
    ``trend``; where there is a column ``tie_communities`` (in how many communities their ties end) brokers need two.
    ``period_days``: how long the period is, None for all of time.
    """
    codes = kind_codes(people, rules, period_days=period_days)
    said = {
        code: tuple(kind for bit, kind in enumerate(KINDS) if code >> bit & 1) for code in np.unique(codes).tolist()
    }
    return pd.Series([said[code] for code in codes.tolist()], index=people.index, dtype=object, name="kinds")


def kind_codes(people: pd.DataFrame, rules: KindRules, *, period_days: int | None = None) -> npt.NDArray[np.uint8]:
    """``kinds_of_people`` as a number for each row, of millions: a bit for each of ``KINDS``, the lowest the first."""
    require_columns(people, "kinds_of_people", *COLUMNS)
    tied = people["pagerank"].notna()
    is_of = {
        "advocate": _outweighs(people["praise"], people["blame"], rules),
        "detractor": _outweighs(people["blame"], people["praise"], rules),
        "hub": _most(people["in_people"].where(tied), rules.hub_share, rules.hub_least)
        & (people["in_people"] >= rules.hub_people),
        "broker": _is_broker(people, tied, rules),
        "newcomer_rising": _is_rising_newcomer(people, tied, rules, period_days),
        "silent_customer": people["is_customer"].astype(bool) & (people["posts"] == 0),
    }
    codes = np.zeros(len(people), dtype=np.uint8)
    for bit, kind in enumerate(KINDS):
        codes |= is_of[kind].fillna(False).to_numpy(dtype=bool).astype(np.uint8) << np.uint8(bit)
    return codes


def kinds_of_speaker(kinds: str, *, praise: int, blame: int, rules: KindRules) -> str:
    """The kinds of one person, between bars in the order of ``KINDS``, where nothing but what they say of us has
    changed.

    >>> kinds_of_speaker("|detractor|hub|", praise=3, blame=1, rules=KindRules())
    '|advocate|hub|'
    """
    is_of = {"advocate": _outweighs(praise, blame, rules), "detractor": _outweighs(blame, praise, rules)}
    others = {kind for kind in kinds.split("|") if kind and kind not in is_of}
    held = others | {kind for kind, holds in is_of.items() if holds}
    return "|" + "".join(f"{kind}|" for kind in KINDS if kind in held)


def _outweighs(one: Any, other: Any, rules: KindRules) -> Any:
    """Of one number of posts and another, or of many: whether the one is much the larger."""
    return (one >= rules.advocate_posts) & (one >= rules.advocate_ratio * other)


def _most(score: "pd.Series[float]", share: float, least: int) -> "pd.Series[bool]":
    """Whose score is above 0 and among the largest ``share``, at least ``least`` of them; all of the last who tie."""
    known = score.dropna()
    if known.empty:
        return score > math.inf
    count = min(max(math.ceil(share * len(known)), least), len(known))
    return (score > 0) & (score >= known.nlargest(count).iloc[-1])


def _is_broker(people: pd.DataFrame, tied: "pd.Series[bool]", rules: KindRules) -> "pd.Series[bool]":
    joins = people["constraint"].le(rules.broker_constraint) & people["betweenness"].ge(rules.broker_betweenness) & tied
    if "tie_communities" in people:
        joins &= people["tie_communities"] >= rules.broker_communities
    least = max(rules.broker_least, math.ceil(rules.broker_share * int(tied.sum())))
    return joins & _most(people["betweenness"].where(joins), 0.0, least)


def _is_rising_newcomer(
    people: pd.DataFrame, tied: "pd.Series[bool]", rules: KindRules, period_days: int | None
) -> "pd.Series[bool]":
    days = rules.newcomer_days if period_days is None else min(rules.newcomer_days, period_days)
    listened_to = _most(people["pagerank"], rules.newcomer_share, 1) | _most(
        people["in_strength"].where(tied), rules.newcomer_share, 1
    )
    new = people["first_on_days"].le(days)
    return new & listened_to & (people["in_people"] >= rules.newcomer_people) & (people["trend"] != "fading")


def describe_kinds(rules: KindRules) -> dict[str, str]:
    """The rules in words, by kind, as a page shows them.

    >>> describe_kinds(KindRules())["advocate"]
    'At least 3 positive posts about us in 180 days, and at least 2 times as many as negative ones.'
    """
    posts, times, days = rules.advocate_posts, f"{rules.advocate_ratio:g}", rules.advocate_days
    return {
        "advocate": f"At least {posts} positive posts about us in {days} days, and at least {times} times as many as "
        "negative ones.",
        "detractor": f"At least {posts} negative posts about us in {days} days, and at least {times} times as many as "
        "positive ones.",
        "hub": f"Answered, mentioned or shared by at least {rules.hub_people} different people in the period, and "
        f"among the {rules.hub_share * 100:g} % (at least {rules.hub_least}) whom most turn to.",
        "broker": f"On the shortest way between many others: the top {rules.broker_share * 100:g} % (at least "
        f"{rules.broker_least}) by betweenness, from {rules.broker_betweenness:g}, among those whose contacts hardly "
        f"know each other (constraint up to {rules.broker_constraint:g}) and are of {rules.broker_communities} "
        "communities or more.",
        "newcomer_rising": f"First post within the last {rules.newcomer_days} days of the period, answered, mentioned "
        f"or shared by at least {rules.newcomer_people} people, already in the top {rules.newcomer_share * 100:g} % "
        "by PageRank or by weight received, and not fading.",
        "silent_customer": "Has bought from us, and wrote nothing in the period.",
    }
