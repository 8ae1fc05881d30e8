"""People like one person: who speaks of the same in the same places, about as much, and why we say so."""

from datetime import date, timedelta

import pandas as pd
from sqlmodel import Session

from answers.scope import Scope, read_scope
from data_access.queries.profile import list_networks
from data_access.queries.similar_people import (
    count_channels,
    count_topics,
    list_authors_about,
    list_public,
    list_writers_in,
)
from metrics.similarity import similarity

#: How far back channels and numbers of posts are compared.
COMPARED_DAYS = 365
#: Candidates are looked for in so many of the person's topics and channels, and so many are compared.
MOST_PLACES = 4
MOST_CANDIDATES = 60
MOST_SHOWN = 20
#: So many of each are named.
MOST_NAMED = 2
#: Less alike than this is not alike.
LEAST_SIMILARITY = 0.2
_COLUMNS = ["person_id", "name", "network", "similarity", "why", "posts"]


def read_similar_people(
    session: Session, person_id: int, *, limit: int = MOST_SHOWN, scope: Scope | None = None
) -> pd.DataFrame:
    """People of the public like one, the most alike first: ``person_id``, ``name``, ``network`` (theirs),
    ``similarity`` (0 to 1: topics half, channels three tenths, number of posts two tenths), ``why`` (in words),
    ``posts`` (in the last ``COMPARED_DAYS``). Compared are at most ``MOST_CANDIDATES``, who wrote of the person's main
    topics or in their main channels lately. Empty where the person wrote nothing in that time."""
    scope = scope or read_scope(session)
    until = scope.last_days(1).end
    since = until - timedelta(days=COMPARED_DAYS)
    channels = count_channels(session, [person_id], since=since)
    topics = count_topics(session, [person_id])
    people = _candidates(session, person_id, channels, topics, (since, until))
    if people.empty or channels.empty:
        return pd.DataFrame(columns=_COLUMNS)
    ids = [int(person) for person in people["person_id"]]
    their_channels = count_channels(session, ids, since=since)
    their_topics = count_topics(session, ids)
    alike = similarity(_features(channels, topics), _features(their_channels, their_topics))
    alike = alike[alike["similarity"] >= LEAST_SIMILARITY].head(limit).reset_index(drop=True)
    own = set(topics["topic"]), set(channels["channel"])
    why = [_why(int(person), own, their_topics, their_channels) for person in alike["person_id"]]
    posts = their_channels.groupby("person_id")["posts"].sum()
    networks = list_networks(session, [int(person) for person in alike["person_id"]]).groupby("person_id")["network"]
    return alike.assign(
        name=alike["person_id"].map(people.set_index("person_id")["name"]),
        network=alike["person_id"].map(networks.agg(lambda names: ", ".join(dict.fromkeys(names)))),
        why=pd.Series(why, index=alike.index, dtype="object"),
        posts=alike["person_id"].map(posts).fillna(0).astype("int64"),
    )[_COLUMNS]


def _candidates(
    session: Session, person_id: int, channels: pd.DataFrame, topics: pd.DataFrame, days: tuple[date, date]
) -> pd.DataFrame:
    """Who shares the main topics and channels, those first who are met most often there."""
    found = [list_authors_about(session, topic) for topic in _most(topics, "topic")]
    found += [
        list_writers_in(session, int(channel), since=days[0], until=days[1])
        for channel in _most(channels, "channel_id")
    ]
    if not found:
        return pd.DataFrame(columns=["person_id", "name"])
    # being met in several places says more than writing a lot in one
    met = pd.concat(found).groupby("person_id")["posts"].agg(["size", "sum"]).drop(index=person_id, errors="ignore")
    first = met.sort_values(["size", "sum"], ascending=False, kind="stable").index[: 2 * MOST_CANDIDATES]
    public = list_public(session, [int(person) for person in first])
    place = {person: number for number, person in enumerate(first)}
    return public.sort_values("person_id", key=lambda ids: ids.map(place)).head(MOST_CANDIDATES)


def _most(counts: pd.DataFrame, key: str) -> list[str]:
    ordered = counts.sort_values(["posts", key], ascending=[False, True])
    return [str(value) for value in ordered[key].head(MOST_PLACES)]


def _features(channels: pd.DataFrame, topics: pd.DataFrame) -> pd.DataFrame:
    """What ``metrics.similarity`` compares."""
    places = channels.assign(part="channel", key=channels["channel_id"].astype(str), count=channels["posts"])
    spoken = topics.assign(part="topic", key=topics["topic"], count=topics["posts"])
    wrote = channels.assign(part="activity", key="posts", count=channels["posts"])
    columns = ["person_id", "part", "key", "count"]
    return pd.concat([frame[columns] for frame in (places, spoken, wrote)], ignore_index=True)


def _why(person: int, own: tuple[set[str], set[str]], topics: pd.DataFrame, channels: pd.DataFrame) -> str:
    """What the two share, most first, in words."""
    words = []
    for names, counts, key, opening in (
        (own[0], topics, "topic", "speaks of"),
        (own[1], channels, "channel", "writes in"),
    ):
        theirs = counts[counts["person_id"] == person].sort_values("posts", ascending=False, kind="stable")[key]
        shared = [str(name) for name in theirs if name in names][:MOST_NAMED]
        if shared:
            words.append(f"{opening} {_listed(shared)}")
    text = "; ".join(f"also {part}" for part in words)
    return text[:1].upper() + text[1:]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
