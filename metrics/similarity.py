"""How alike two people are in what they speak of, where, and how much."""

import numpy as np
import pandas as pd

from metrics.columns import require_columns

#: What each part of a person weighs in the likeness.
PARTS = {"topic": 0.5, "channel": 0.3, "activity": 0.2}


def similarity(person: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """How alike each of ``others`` is to a person: the cosine of their topics and that of their channels, and how near
    their numbers of posts are (the smaller by the larger), weighed .5, .3 and .2.

    ``person``: ``part`` (topic, channel or activity), ``key``, ``count`` (0 or more); ``others``: ``person_id`` too.
    A part that the person has nothing of is left out for all. Returns ``person_id``, ``similarity`` (0 to 1) and a
    column a part, most alike first; empty where there is nothing to compare.

    >>> ann = pd.DataFrame({"part": ["topic", "channel"], "key": ["price", "forum"], "count": [3, 3]})
    >>> ben = pd.DataFrame({"person_id": [2, 2], "part": ["topic", "topic"], "key": ["price", "size"], "count": [4, 3]})
    >>> similarity(ann, ben)[["person_id", "topic", "channel", "similarity"]].values.tolist()
    [[2.0, 0.8, 0.0, 0.5]]
    """
    require_columns(person, "similarity", "part", "key", "count")
    require_columns(others, "similarity", "person_id", "part", "key", "count")
    people = pd.Index(sorted(others["person_id"].unique()), name="person_id")
    present = [part for part in PARTS if person.loc[person["part"] == part, "count"].sum() > 0]
    likeness = pd.DataFrame(index=people)
    for part in present:
        compare = _ratio if part == "activity" else _cosine
        own, theirs = person[person["part"] == part], others[others["part"] == part]
        likeness[part] = compare(own, theirs).reindex(people).fillna(0.0)
    whole = sum(PARTS[part] for part in present)
    total = sum((PARTS[part] * likeness[part] for part in present), pd.Series(0.0, index=people))
    likeness.insert(0, "similarity", total / whole if whole else 0.0)
    found = likeness.reset_index() if present else likeness.iloc[:0].reset_index()
    return found.sort_values(["similarity", "person_id"], ascending=[False, True], ignore_index=True)


def _cosine(own: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    mine = own.groupby("key")["count"].sum().astype("float64")
    table = theirs.pivot_table(index="person_id", columns="key", values="count", aggfunc="sum", fill_value=0)
    counts = table.astype("float64")
    lengths = np.sqrt((counts**2).sum(axis=1)) * np.sqrt((mine**2).sum())
    together = counts.reindex(columns=mine.index, fill_value=0.0).mul(mine, axis=1).sum(axis=1)
    return (together / lengths.where(lengths > 0)).fillna(0.0).clip(upper=1.0)


def _ratio(own: pd.DataFrame, theirs: pd.DataFrame) -> pd.Series:
    mine = float(own["count"].sum())
    counts = theirs.groupby("person_id")["count"].sum().astype("float64")
    return np.minimum(counts, mine) / np.maximum(counts, mine)
