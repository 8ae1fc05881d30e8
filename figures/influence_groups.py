"""Whom the graph of influence colours alike: by community, by mood, by what they bought. At most three colours and
grey, each with a shape of its own, so that nothing is said by colour alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

COLOURED = 3
Positions: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"


@dataclass(frozen=True)
class Group:
    """People drawn alike. ``colour``: 0 blue, 1 yellow, 2 red, None grey."""

    name: str
    colour: int | None = None
    is_team: bool = False

    @property
    def symbol(self) -> str:
        """The shape that stands for it beside the colour."""
        if self.is_team:
            return "rect"
        return "circle" if self.colour is None else ("circle", "diamond", "triangle")[self.colour]


@dataclass(frozen=True)
class Grouping:
    """The groups in the legend's order, and for each person the place of theirs."""

    groups: tuple[Group, ...]
    of: Positions


TEAM = Group("Team and bots", is_team=True)


def _grouped(people: pd.DataFrame, groups: list[Group], of: "pd.Series[int]") -> Grouping:
    """With the team and bots in a group of their own; groups that nobody is in are left out."""
    place = np.where(people["role"].notna(), len(groups), of.to_numpy()).astype(np.int64)
    every = [*groups, TEAM]
    used = [number for number in range(len(every)) if (place == number).any()]
    renumbered = np.zeros(len(every), dtype=np.int64)
    renumbered[used] = np.arange(len(used))
    return Grouping(tuple(every[number] for number in used), renumbered[place])


def group_by_community(people: pd.DataFrame, communities: pd.DataFrame) -> Grouping:
    """The three communities with most people among ``people`` (``role``, ``community``), and grey for the others.
    ``communities``: ``number``, ``label``."""
    public = people[people["role"].isna()]
    counts = public["community"].dropna().astype(int).value_counts()
    largest = sorted(counts.index, key=lambda number: (-counts[number], number))[:COLOURED]
    labels = dict(zip(communities["number"], communities["label"], strict=True))
    groups = [Group(name_community(number, labels.get(number)), colour) for colour, number in enumerate(largest)]
    places = {number: place for place, number in enumerate(largest)}
    of = people["community"].map(lambda number: COLOURED if pd.isna(number) else places.get(int(number), COLOURED))
    rest = Group("Other communities" if len(counts) > COLOURED else "No community")
    groups += [rest] * (COLOURED + 1 - len(groups))
    return _grouped(people, groups, of)


def name_community(number: int, label: str | None) -> str:
    """How a community is called: its number tells those apart that talk about the same.

    >>> name_community(2, "lamps, parcels")
    '2 · lamps, parcels'
    """
    return f"{number} · {label}" if isinstance(label, str) and label else f"{number} · community"


def group_by_sentiment(people: pd.DataFrame) -> Grouping:
    """By ``net_sentiment`` (-100 to 100, NaN where nothing is scored)."""
    balance = people["net_sentiment"].astype("float64")
    groups = [
        Group("More positive than negative posts", 0),
        Group("More negative", 2),
        Group("As many, or none scored"),
    ]
    return _grouped(people, groups, pd.Series(np.select([balance > 0, balance < 0], [0, 1], 2), index=people.index))


def group_by_revenue(people: pd.DataFrame, amount: Callable[[int], str]) -> Grouping:
    """By ``revenue_minor`` and ``is_customer``: the upper quarter of the customers shown, the other customers, and
    grey for who has bought nothing. ``amount`` writes minor units."""
    revenue = people["revenue_minor"].astype("float64").fillna(0)
    buys = (revenue > 0) | people["is_customer"].astype(bool)
    spent = revenue[buys & people["role"].isna() & (revenue > 0)]
    bound = _rounded_down(float(spent.quantile(0.75))) if len(spent) else 0
    top = Group(f"Bought for {amount(bound)} or more", 0)
    some = Group("Bought for less" if len(spent) else "Customer, amount unknown", 1)
    groups = [top, some, Group("Bought nothing")]
    is_top = buys & (revenue >= bound) & (revenue > 0)
    return _grouped(people, groups, pd.Series(np.select([is_top, buys], [0, 1], 2), index=people.index))


def _rounded_down(number: float) -> int:
    """The number, rounded down to its first two digits, so that a bound stays below who is to reach it.

    >>> _rounded_down(20645.0), _rounded_down(12560.0), _rounded_down(7.4)
    (20000, 12000, 7)
    """
    unit = int("1" + "0" * max(len(str(int(number))) - 2, 0))
    return int(number) // unit * unit
