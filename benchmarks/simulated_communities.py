"""Made-up communities as plain frames, a hundredth of a second each, with a planted effect or without.

Who is active acts more, is answered more and buys more; some buy far more often than others; sales have a season.
Being answered adds the planted number of orders in the 60 days after it, and nothing else adds any. In a community of
phases no act adds any order, but everybody has 90 days in which they post, like and buy more: what nobody recorded.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.matched_comparison import Span
from metrics.matched_effects import Effect, judge, matched_effect

DAYS = 400.0
WINDOW_DAYS = 60
ORDERS_IN_WINDOW = 0.26
POSTS_A_DAY = 0.03
PHASE_DAYS = 90.0


@dataclass(frozen=True)
class Community:
    """Frames as ``metrics.matched_effects.matched_effect`` takes them; ``acts`` and ``chances`` by act."""

    people: pd.DataFrame
    orders: pd.DataFrame
    activity: pd.DataFrame
    acts: dict[str, pd.DataFrame]
    chances: dict[str, pd.DataFrame]
    span: Span


def simulate_community(seed: int, *, extra_orders: float, people: int = 900) -> Community:
    """A community whose answers add ``extra_orders`` in 60 days. The same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    activity = np.minimum(np.exp(rng.normal(0, 0.85, people)), 6.0)
    is_private = rng.random(people) < 0.64
    joined = np.where(rng.random(people) < 0.55, 0.0, rng.random(people) * (DAYS - 20))
    posts = _moments(rng, activity * POSTS_A_DAY, joined)
    likes = _moments(rng, activity * 0.01, joined)
    is_attended = rng.random(people) < 0.57 + 0.08 * is_private + 0.12 * (activity > 1.3)
    draw = rng.random(len(posts))
    asked = posts[draw < 0.6]
    is_answered = is_attended[asked["person_id"]] & (rng.random(len(asked)) < 0.8)
    rate = rng.gamma(2.5, ORDERS_IN_WINDOW / 2.5, people) / WINDOW_DAYS * activity**0.3
    everything = pd.concat([posts, likes], ignore_index=True)
    plain = _in_season(rng, _moments(rng, rate * 1.3, np.zeros(people)))
    orders = [plain, _extra_orders(rng, asked[is_answered], extra_orders)]
    return Community(
        people=pd.DataFrame({"person_id": np.arange(people), "is_private": is_private}),
        orders=pd.concat(orders, ignore_index=True),
        activity=everything,
        acts={
            "answer": asked[is_answered],
            "like": likes,
            "comment": posts[(draw >= 0.6) & (draw < 0.9)],
            "share": posts[draw >= 0.9],
        },
        chances={"answer": asked[~is_answered], "like": everything, "comment": everything, "share": everything},
        span=Span(0.0, DAYS, WINDOW_DAYS),
    )


def simulate_phases(seed: int, *, orders_times: float, posts_times: float = 4.0, people: int = 900) -> Community:
    """A community without any effect in which everybody has a phase of ``PHASE_DAYS`` with ``posts_times`` as many
    posts and likes and ``orders_times`` as many orders. The same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    activity = np.minimum(np.exp(rng.normal(0, 0.85, people)), 6.0)
    start = rng.random(people) * (DAYS + PHASE_DAYS) - PHASE_DAYS
    posts = _moments_in_phases(rng, activity * 0.02, start, posts_times)
    likes = _moments_in_phases(rng, activity * 0.006, start, posts_times)
    rate = rng.gamma(2.5, ORDERS_IN_WINDOW / 2.5, people) / WINDOW_DAYS
    orders = _moments_in_phases(rng, rate, start, orders_times)
    draw = rng.random(len(posts))
    asked = posts[draw < 0.6]
    is_answered = rng.random(len(asked)) < 0.6
    everything = pd.concat([posts, likes], ignore_index=True)
    return Community(
        people=pd.DataFrame({"person_id": np.arange(people), "is_private": rng.random(people) < 0.6}),
        orders=orders,
        activity=everything,
        acts={
            "answer": asked[is_answered],
            "like": likes,
            "comment": posts[(draw >= 0.6) & (draw < 0.9)],
            "share": posts[draw >= 0.9],
        },
        chances={"answer": asked[~is_answered], "like": everything, "comment": everything, "share": everything},
        span=Span(0.0, DAYS, WINDOW_DAYS),
    )


def _moments_in_phases(rng: np.random.Generator, rate: np.ndarray, start: np.ndarray, times: float) -> pd.DataFrame:
    """Events a day of each person, ``times`` as many in the phase that begins on their day ``start``."""
    events = _moments(rng, rate * times, np.zeros(len(rate)))
    since = events["day"].to_numpy() - start[events["person_id"]]
    is_within = (since >= 0) & (since < PHASE_DAYS)
    return events[is_within | (rng.random(len(events)) < 1 / times)].reset_index(drop=True)


def _moments(rng: np.random.Generator, rate: np.ndarray, since: np.ndarray) -> pd.DataFrame:
    """Poisson processes: events a day of each person, from their day on."""
    counts = rng.poisson(rate * (DAYS - since))
    who = np.repeat(np.arange(len(rate)), counts)
    day = since[who] + rng.random(len(who)) * (DAYS - since[who])
    return pd.DataFrame({"person_id": who, "day": day})


def _in_season(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    wanted = 1 + 0.3 * np.sin(2 * np.pi * orders["day"].to_numpy() / 365)
    return orders[rng.random(len(orders)) < wanted / 1.3]


def _extra_orders(rng: np.random.Generator, answers: pd.DataFrame, extra: float) -> pd.DataFrame:
    """Days that an earlier answer covers are not counted twice."""
    ordered = answers.sort_values(["person_id", "day"])
    until = ordered.groupby("person_id")["day"].shift() + WINDOW_DAYS
    since = np.fmax(ordered["day"].to_numpy(), until.to_numpy())
    length = ordered["day"].to_numpy() + WINDOW_DAYS - since
    counts = rng.poisson(extra * length / WINDOW_DAYS)
    day = np.repeat(since, counts) + rng.random(counts.sum()) * np.repeat(length, counts)
    bought = pd.DataFrame({"person_id": np.repeat(ordered["person_id"].to_numpy(), counts), "day": day})
    return bought[bought["day"] < DAYS]


def judge_community(community: Community) -> dict[str, Effect]:
    """Every act of a community, judged beside each other."""
    found = [
        matched_effect(
            name,
            acts=community.acts[name],
            chances=community.chances[name],
            activity=community.activity,
            orders=community.orders,
            people=community.people,
            span=community.span,
        )
        for name in community.acts
    ]
    return {effect.act: effect for effect in judge(found)}
