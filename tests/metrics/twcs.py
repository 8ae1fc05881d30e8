"""Real threads of customers and brands, read without any importer."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from metrics.conversations import MICROSECONDS


def read_twcs(shared_data: Path) -> pd.DataFrame:
    """The posts as ``find_turns`` takes them; every account a person."""
    path = shared_data / "twcs" / "twcs_first5000.csv"
    with path.open(newline="\n", encoding="utf-8") as file:  # a text holds bare carriage returns: rows end at \n only
        text = file.read().replace("\r", " ")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    parent = {row["tweet_id"]: row["in_response_to_tweet_id"].split(".")[0] for row in rows}
    people = {name: number for number, name in enumerate(dict.fromkeys(row["author_id"] for row in rows))}

    def root(post: str) -> str:
        while parent.get(post) in parent:
            post = parent[post]
        return post

    posts = [
        {
            "post_id": int(row["tweet_id"]),
            "conversation_id": int(root(row["tweet_id"])),
            "parent_id": int(parent[row["tweet_id"]]) if parent[row["tweet_id"]] in parent else None,
            "author_person_id": people[row["author_id"]],
            "author_id": people[row["author_id"]],
            "is_team": row["inbound"] == "False",
            "occurred_at": int(
                datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y").astimezone(UTC).timestamp()
            )
            * MICROSECONDS,
        }
        for row in rows
    ]
    defaults = {"is_excluded": False, "kind": "post", "channel_kind": "public"}
    return pd.DataFrame(posts).assign(**defaults, is_question=False, mentions_us=False, is_negative=False)
