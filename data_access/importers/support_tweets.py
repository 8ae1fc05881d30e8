"""Customers and companies talking on Twitter, in threads, with ``inbound`` telling the two apart.

Accounts are numbers where they are customers and handles where they are companies; texts mention both with @.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import find_mentions, plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_flag, read_id, required
from data_access.importers.social.x_posts import address_of_row
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal

NETWORK, SOURCE, CHANNEL = "twitter", "twitter.com", "Twitter"


class _Tweets:
    def __init__(self, sample: Sample, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._spelling: dict[str, str] = {}  # companies' ids by lower case: people write @DELTA for Delta
        for row in sample.rows:
            self._learn(str(row.get("author_id") or ""))

    def _learn(self, author: str) -> None:
        if author and not author.isdigit():
            self._spelling.setdefault(author.lower(), author)

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The tweet of a row, preceded by its author where new. What is not inbound is by the company's team."""
        occurred_at = required(self._times.read(row.get("created_at")), "created_at")
        author = required(read_id(row.get("author_id")), "author_id")
        self._learn(author)
        text = plain_text(row.get("text") or "")
        parent = read_id(row.get("in_response_to_tweet_id"))
        mentions = (self._spelling.get(name.lower(), name) for name in find_mentions(text))
        native_id = required(read_id(row.get("tweet_id")), "tweet_id")
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=CHANNEL,
            occurred_at=occurred_at,
            author=author,
            kind="post" if parent is None else "reply",
            text=text,
            url=address_of_row(native_id, occurred_at),
            parent=parent,
            mentions=tuple(dict.fromkeys(mentions)),
        )
        handle = None if author.isdigit() else author
        is_team = True if read_flag(row.get("inbound")) is False else None
        yield from self._said.news(ChannelRecord(NETWORK, SOURCE, CHANNEL, CHANNEL, purpose="support"))
        yield from self._said.news(IdentityRecord(NETWORK, SOURCE, author, handle=handle, is_team=is_team))
        yield post


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    tweets = _Tweets(sample, options.zone)
    return records_of_rows(sample.read_rows(), tweets.records)


FORMAT = Format(
    name="support_tweets",
    label="Customer support on Twitter",
    description="A table with tweet_id, author_id, inbound, created_at, text, in_response_to_tweet_id.",
    matches=lambda sample: sample.has_columns(
        "tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to_tweet_id"
    ),
    read=_read,
)
