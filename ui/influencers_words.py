"""How the Influencers page says what it shows: scores, places, kinds of people."""

from typing import Any

import pandas as pd

from answers.influencers import LOWEST_FIRST, SCORES, Influencers, PeriodGraph
from figures.influence_groups import name_community
from ui.numbers import NOTHING, compact, counted, is_missing, money, signed, signed_percent, whole

KINDS = {
    "advocate": "Advocate",
    "detractor": "Detractor",
    "hub": "Hub",
    "broker": "Broker",
    "newcomer_rising": "Newcomer on the rise",
    "silent_customer": "Silent customer",
}
#: In a narrow column, under a title that explains them.
TREND_SIGNS = {"rising": "↑ up", "fading": "↓ down", "steady": "→", "new": "✦ new"}
TRENDS = {"rising": "↑ rising", "fading": "↓ fading", "steady": "→ steady", "new": "✦ new"}
RELATIONS = {"reply": "Replies", "mention": "Mentions", "share": "Shares"}
MOODS = {"positive": "More positive", "neutral": "As many of both", "negative": "More negative"}
PERIOD_TITLES = {"28": "28 days", "90": "90 days", "365": "365 days", "all": "all days"}
ROLE_TITLES = {"team": "Team", "bot": "Bot", "rival": "Competitor"}
_SMALL = ("pagerank", "betweenness", "constraint")


def kind_title(kind: str) -> str:
    """The kind of person in words."""
    return KINDS.get(kind, kind.capitalize())


def kinds_of(row: Any) -> list[str]:
    """The kinds of people that somebody is, and whether they are of the team."""
    role = ROLE_TITLES.get(row.role) if isinstance(row.role, str) else None
    return [*([role] if role else []), *(kind_title(kind) for kind in row.kinds)]


def in_score(value: Any, score: str, currency: str) -> str:
    """A value of a score as it is read.

    >>> in_score(0.01234, "pagerank", "EUR"), in_score(1234.5, "in_strength", "EUR"), in_score(120, "revenue", "EUR")
    ('0.0123', '1,234', 'EUR 1.20')
    """
    if value is None or value is pd.NA or is_missing(value):
        return NOTHING
    if score == "revenue":
        return money(int(value), currency)
    return f"{value:.3g}" if score in _SMALL else compact(float(value))


def score_column(score: str) -> str:
    """The column of people that holds a score."""
    return "revenue_minor" if score == "revenue" else score


def ordinal(place: int) -> str:
    """A place in an order.

    >>> [ordinal(place) for place in (1, 2, 3, 4, 11, 22, 1013)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '1,013th']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{whole(place)}{ending}"


def community_of(row: Any) -> str | None:
    """The community of a person by number and label, or None."""
    if row.community is None or pd.isna(row.community):
        return None
    return name_community(int(row.community), row.community_label)


def mood_of(net_sentiment: float) -> str:
    """A net sentiment with its sign."""
    return signed(net_sentiment)


def hover_lines(row: Any, score: str, currency: str) -> list[str]:
    """What the pointer shows of a person: members' text as it stands."""
    lines = [str(row.name_)]
    if kinds := kinds_of(row):
        lines.append(", ".join(kinds))
    lines.append(f"{SCORES[score].title}: {in_score(getattr(row, score_column(score)), score, currency)}")
    if not is_missing(row.net_sentiment):
        lines.append(f"Net sentiment {mood_of(row.net_sentiment)}, of {counted(int(row.scored), 'scored post')}")
    if isinstance(row.trend, str):
        lines.append(TRENDS.get(row.trend, row.trend))
    if community := community_of(row):
        lines.append(community)
    return lines


def every_hover(people: pd.DataFrame, score: str, currency: str) -> list[list[str]]:
    """``hover_lines`` of each person."""
    named = people.rename(columns={"name": "name_"})  # a row has a method of that name
    return [hover_lines(row, score, currency) for row in named.itertuples(index=False)]


def describe_graph(graph: PeriodGraph) -> str:
    """What the graph is, in a line: how to read it."""
    return (
        "A line leads from who answers, mentions or shares to whom: the wider, the more often and the more lately "
        f"(half as much with each {counted(graph.half_life_days, 'day')}; a share counts twice). "
        f"{people_counted(graph.people)} of the public with a tie, {counted(graph.ties, 'tie')}, "
        f"{counted(graph.communities, 'community').replace('communitys', 'communities')}. "
        "Team and bots are not scored."
    )


def describe_shown(graph: Influencers, score: str) -> str:
    """How many of those who match are drawn and listed, as Markdown."""
    shown = int(graph.people["role"].isna().sum())
    if shown < graph.total:
        lowest = " (lowest first)" if score in LOWEST_FIRST else ""
        return f"The first {whole(shown)} of {people_counted(graph.total)} by {SCORES[score].title}{lowest}"
    return people_counted(shown)


def describe_numbers(graph: Influencers, score: str, *, is_narrowed: bool) -> str:
    """How many are shown, in sentences, and why they are more than have a tie."""
    words = f"{describe_shown(graph, score)}, drawn and listed"
    if is_narrowed:
        return f"{words}: those who match the filters."
    tied = graph.period.people if graph.period else 0
    if graph.total > tied:
        words += f"; {whole(graph.total - tied)} of all wrote or bought something and talked with nobody"
    return f"{words}."


def growth_words(growth: float) -> str:
    """How a community grew."""
    return signed_percent(growth, 0)


def people_counted(number: int) -> str:
    """How many people.

    >>> people_counted(1), people_counted(1200)
    ('1 person', '1,200 people')
    """
    return f"{whole(number)} {'person' if number == 1 else 'people'}"
