"""What an import brought, in people's words."""

from collections.abc import Iterable, Mapping
from typing import Any

_WORDS = {
    "post": ("post", "posts"),
    "deal": ("deal", "deals"),
    "order": ("order", "orders"),
    "visit": ("visit", "visits"),
    "feedback": ("survey answer", "survey answers"),
    "identity": ("account", "accounts"),
    "organization": ("organisation", "organisations"),
    "interaction": ("reaction", "reactions"),
    "channel": ("channel", "channels"),
    "channel_day": ("day of a channel", "days of channels"),
    "brand": ("brand", "brands"),
}
_PERSON = ("person", "people")


def describe_counts(counts: Mapping[str, int]) -> str:
    """Facts by table, in words; empty where there is none. Accounts are people where no post is among them.

    >>> describe_counts({"post": 10, "identity": 8, "channel": 1, "brand": 0})
    '10 posts, 8 accounts, 1 channel'
    >>> describe_counts({"order": 1, "identity": 1})
    '1 order, 1 person'
    """
    words = _WORDS if counts.get("post") else _WORDS | {"identity": _PERSON}
    known = [(count, words[kind]) for kind in words if (count := counts.get(kind, 0))]
    return ", ".join(f"{count:,} {one if count == 1 else many}" for count, (one, many) in known)


def describe_runs(runs: Iterable[Mapping[str, Any]]) -> str:
    """What the runs of an import brought, in a sentence or two: ``counts``, ``changed`` and ``refused`` of each.

    >>> describe_runs([{"counts": {"post": 2}, "changed": 1, "refused": 3}, {"counts": {"post": 1}}])
    '3 posts added. 1 known before was brought up to date. 3 rows were refused: choose the file below to see why.'
    >>> describe_runs([{"counts": {}, "changed": 0, "refused": 0}])
    'Everything in it was here already: nothing changed.'
    """
    total: dict[str, int] = {}
    changed = refused = 0
    for run in runs:
        for kind, count in (run.get("counts") or {}).items():
            total[kind] = total.get(kind, 0) + count
        changed += run.get("changed") or 0
        refused += run.get("refused") or 0
    sentences = [f"{added} added."] if (added := describe_counts(total)) else []
    if changed:
        sentences.append(f"{changed:,} known before {'was' if changed == 1 else 'were'} brought up to date.")
    if not sentences:
        sentences.append("Nothing was added." if refused else "Everything in it was here already: nothing changed.")
    if refused:
        rows = "1 row was" if refused == 1 else f"{refused:,} rows were"
        sentences.append(f"{rows} refused: choose the file below to see why.")
    return " ".join(sentences)
