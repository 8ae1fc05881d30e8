"""A file of posts to import, made from the demo community: no text twice, as real exports are at their worst."""

import csv
from itertools import islice
from pathlib import Path

from data_access.records import PostRecord
from jobs.demo import generate


def write_posts(path: Path, count: int) -> None:
    """A CSV of ``count`` posts with texts that are all different."""
    community = generate(posts=count, seed=7)
    posts = (record for record in community.records() if isinstance(record, PostRecord))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "created_at", "text", "in_reply_to_id", "likes", "channel"])
        for number, post in enumerate(islice(posts, count)):
            text = f"{post.text} ({number})"
            writer.writerow(
                [
                    post.native_id,
                    post.author,
                    post.occurred_at.isoformat(),
                    text,
                    post.parent or "",
                    post.likes or 0,
                    post.channel,
                ]
            )
