"""A file of posts to import, made from the demo community: no text twice, as real exports are at their worst."""

import csv
from collections import deque
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from data_access.records import PostRecord
from jobs.demo import generate

_OLDEST = datetime(2005, 1, 1, tzinfo=UTC)


def write_posts(path: Path, count: int, paragraphs: int = 1, a_day: int | None = None) -> None:
    """A CSV of ``count`` posts with texts that are all different, each of so many texts of the community; written when
    the community wrote them, or so many a day from 2005 on."""
    community = generate(posts=count, seed=7)
    posts = (record for record in community.records() if isinstance(record, PostRecord))
    latest: deque[str] = deque(maxlen=paragraphs)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "created_at", "text", "in_reply_to_id", "likes", "channel"])
        for number, post in enumerate(islice(posts, count)):
            latest.append(post.text)
            text = "\n\n".join(latest) + f" ({number})"
            moment = post.occurred_at if a_day is None else _OLDEST + number * timedelta(days=1) / a_day
            writer.writerow(
                [
                    post.native_id,
                    post.author,
                    moment.isoformat(),
                    text,
                    post.parent or "",
                    post.likes or 0,
                    post.channel,
                ]
            )


def write_newest_posts(path: Path, count: int, last: datetime) -> None:
    """A CSV of ``count`` posts of the two days up to ``last``, by new accounts, in one new channel."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "author", "created_at", "text", "in_reply_to_id", "likes", "channel"])
        for number in range(count):
            moment = last - timedelta(days=2) * (number / count)
            text = f"New of the day {number}: the lamp of my garden works, thank you!"
            writer.writerow([f"new-{number}", f"new{number % 300}", moment.isoformat(), text, "", number % 7, "new"])
