"""The communities of a period: their size and growth, their mood, and a label made from what they talk about."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from data_access.queries.influence_graph import read_newest_texts, read_topics_of
from jobs.derive.influence import LEAST_PEOPLE, PeriodRows
from jobs.derive.said import body_of
from metrics.communities import distinctive_topics, distinctive_words, labels

#: The largest communities get a label from what they say.
MOST_LABELLED = 60
#: What is read of each: the newest posts of its most important people.
_MEMBERS, _POSTS_EACH = 40, 15
_WORDS, _TOPICS = 8, 5


def community_rows(session: Session, rows: PeriodRows) -> list[dict[str, Any]]:
    """The rows of ``Community`` of a period."""
    needed = ["community", "pagerank", "posts", "positive", "negative", "scored", "x", "y"]
    members = rows.people.loc[rows.people["community"].notna(), needed].astype({"community": "int32"})
    groups = members.groupby("community")
    sizes = groups.size()
    kept = sizes[sizes >= LEAST_PEOPLE].index
    if kept.empty:
        return []
    counts = groups[["posts", "positive", "negative", "scored"]].sum().astype("int64")
    middles = groups[["x", "y"]].mean()
    within, across = _weights(rows, members["community"])
    said = _read_said(session, rows, members[members["community"].isin(sorted(kept)[:MOST_LABELLED])])
    words, topics = _words_of(said), _topics_of(session, said)
    names = labels(
        {number: [row["word"] for row in words.get(number, [])] for number in kept},
        {number: [row["topic"] for row in topics.get(number, [])] for number in kept},
    )
    found = []
    for number in kept:
        its_words, its_topics = words.get(number, []), topics.get(number, [])
        found.append(
            {
                "period": rows.summary["period"],
                "number": int(number),
                "label": names[number],
                "size": int(sizes[number]),
                "size_before": None if rows.before is None else int(rows.before.get(number, 0)),
                "words": its_words,
                "topics": its_topics,
                **{name: int(counts.at[number, name]) for name in counts},
                "weight_within": round(float(within.get(number, 0.0)), 6),
                "weight_across": round(float(across.get(number, 0.0)), 6),
                **{
                    name: None if pd.isna(middles.at[number, name]) else float(middles.at[number, name])
                    for name in middles
                },
            }
        )
    return found


def _place(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 6)


def _weights(rows: PeriodRows, community: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The weight of the ties within each community, and of those that cross its border."""
    ids, number = community.index.to_numpy(), community.to_numpy()
    left, right = (number[np.searchsorted(ids, rows.all_ties[end].to_numpy())] for end in ("source", "target"))
    weight, is_within = rows.all_ties["weight"], left == right
    within = weight[is_within].groupby(left[is_within]).sum()
    out, back = (weight[~is_within].groupby(end[~is_within]).sum() for end in (left, right))
    return within, out.add(back, fill_value=0.0)


def _read_said(session: Session, rows: PeriodRows, members: pd.DataFrame) -> pd.DataFrame:
    """The newest posts of the most important members: ``community``, ``post_id``, ``text``."""
    ranked = members.sort_values("pagerank", ascending=False, kind="stable").groupby("community").head(_MEMBERS)
    since, until = rows.window.moments
    people = sorted(int(person) for person in ranked.index)
    said = read_newest_texts(session, people, since=since, until=until, limit=_POSTS_EACH)
    texts = [body_of(title, text) for title, text in zip(said["title"], said["text"], strict=True)]
    return said.assign(community=said["person_id"].map(members["community"]), text=pd.Series(texts, dtype="object"))


def _words_of(said: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found = distinctive_words(said[["community", "text"]], limit=_WORDS)
    return _by_community(found, ("word", "posts"))


def _topics_of(session: Session, said: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    topics = read_topics_of(session, [int(post) for post in said["post_id"]])
    known = topics.merge(said[["post_id", "community"]], on="post_id")
    counts = known.groupby(["community", "topic"], as_index=False).size().rename(columns={"size": "posts"})
    found = distinctive_topics(counts, limit=_TOPICS)
    return _by_community(found, ("topic", "posts", "lift"))


def _by_community(found: pd.DataFrame, names: Sequence[str]) -> dict[int, list[dict[str, Any]]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in found.to_dict("records"):
        values = {name: round(row[name], 4) if isinstance(row[name], float) else row[name] for name in names}
        rows.setdefault(int(row["community"]), []).append(
            {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
        )
    return rows
