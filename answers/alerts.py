"""Alerts: the posts of people who are watched, and the list of those people."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from data_access.queries.alerts import (
    count_alerts_by_person,
    count_unseen_alerts,
    list_alerts,
    list_thanks,
    list_watches,
    read_last_posts,
)
from data_access.queries.people import read_person
from data_access.queries.posts import list_posts_by_id
from data_access.settings import read_settings

MOST_ALERTS = 50
WATCH_COLUMNS = ["person_id", "name", "since", "decided_at", "decided_by", "note", "posts", "unseen", "last_at"]


def count_unseen(session: Session) -> int:
    """How many posts of watched people nobody has seen."""
    return count_unseen_alerts(session)


def read_alerts(
    session: Session,
    *,
    unseen_only: bool = True,
    run_id: int | None = None,
    among: Collection[int] | None = None,
    limit: int = MOST_ALERTS,
) -> pd.DataFrame:
    """Posts of watched people, newest first: the columns of ``data_access.queries.posts.list_posts`` (``post_id``,
    ``person_id``, ``author``, ``occurred_at`` in UTC, ``label``, ``text``, ``url`` and so on), ``is_seen``, and ``why``
    (since when they are watched, by whom, the note). ``run_id``: only what this import brought; ``among``: only these
    posts."""
    alerts = list_alerts(session, unseen_only=unseen_only, run_id=run_id, limit=None if among is not None else limit)
    if among is not None:
        alerts = alerts[alerts["post_id"].isin(among)].head(limit)
    posts = list_posts_by_id(session, [int(post_id) for post_id in alerts["post_id"]])
    posts = posts.merge(alerts[["post_id", "is_seen"]], on="post_id")
    watches, zone = list_watches(session), ZoneInfo(read_settings(session).time_zone)
    watched = watches if watches.empty else _by_person(watches)
    why = {person: describe_watch(row, zone) for person, row in watched.iterrows()}
    return posts.assign(why=posts["person_id"].map(why).astype("object"))


def list_unseen(session: Session) -> list[int]:
    """The ids of all posts of watched people that nobody has seen."""
    return [int(post_id) for post_id in list_alerts(session)["post_id"]]


def describe_watch(row: pd.Series, zone: ZoneInfo) -> str:
    """Since when somebody is watched (a local day), by whom and why, in words."""
    since = row["since"]
    day = "" if pd.isna(since) else f" since {since.astimezone(zone).day} {since.astimezone(zone):%b %Y}"
    return f"Watched{day} by {row['decided_by']}" + (f": {row['note']}" if row["note"] else "")


def read_watch_list(session: Session) -> pd.DataFrame:
    """Who is watched, longest first: ``person_id``, ``name``, ``since`` (UTC; NaT: since ever), ``decided_at``,
    ``decided_by`` (whoever said so first), ``note`` (the newest, or None), ``posts`` (since then), ``unseen`` (of
    these), ``last_at`` (UTC, their newest post, NaT where there is none). Those of whom no account is here, for an
    import was undone, are not in it."""
    watches = list_watches(session)
    if watches.empty:
        return watches.assign(posts=[], unseen=[], last_at=watches["since"])[WATCH_COLUMNS]
    people = _by_person(watches)
    counts = count_alerts_by_person(session).set_index("person_id")
    last = read_last_posts(session, [int(person) for person in people.index]).set_index("person_id")
    people = people.join(counts).join(last)
    people = people.fillna({"posts": 0, "unseen": 0}).astype({"posts": "int64", "unseen": "int64"})
    return people.reset_index()[WATCH_COLUMNS]


def _by_person(watches: pd.DataFrame) -> pd.DataFrame:
    """A row for each watched person, by their id: what the watches on their accounts come to."""
    by_person = watches.groupby("person_id", sort=False)
    people = by_person[["name", "decided_at", "decided_by"]].first()
    people["since"] = by_person["since"].min().mask(by_person["since"].apply(lambda times: times.isna().any()))
    notes = [next((note for note in reversed(list(said)) if note), None) for _, said in by_person["note"]]
    people["note"] = pd.Series(notes, index=people.index, dtype="object")
    return people


def read_name(session: Session, person_id: int) -> str:
    """What a person goes by; "someone" where there is none of that id, or they have no name."""
    person = read_person(session, person_id)
    return (person.name if person else None) or "someone"


def read_thanks(session: Session, person_id: int) -> pd.DataFrame:
    """How often the team has thanked a person, oldest first: ``decided_at``, ``decided_by``, ``until`` (UTC: the newest
    post then), ``note``."""
    return list_thanks(session, person_id)[["decided_at", "decided_by", "until", "note"]]
