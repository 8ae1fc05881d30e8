"""Tweets to airlines, as the published sets of customer sentiment have them. Their labels by people are left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import find_mentions, plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_count, read_id, required
from data_access.records import BrandRecord, ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, handle_id

NETWORK, SOURCE = "twitter", "twitter.com"


class _Tweets:
    def __init__(self, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self._said = Announced()

    def records(self, row: Mapping[str, Any]) -> Iterator[Record]:
        """The tweet of a row, preceded by its airline and author where they are new."""
        occurred_at = required(self._times.read(row.get("tweet_created")), "time")
        airline = required(row.get("airline") or None, "airline")
        handle = required(row.get("name") or None, "name")
        text = plain_text(row.get("text") or "")
        author = handle_id(handle)
        location = (row.get("tweet_location") or "").strip() or None
        native_id = required(read_id(row.get("tweet_id")), "tweet_id")
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            url=f"https://twitter.com/i/web/status/{native_id}",
            channel=airline,
            occurred_at=occurred_at,
            author=author,
            text=text,
            mentions=tuple(dict.fromkeys(handle_id(mention) for mention in find_mentions(text))),
            shares=read_count(row.get("retweet_count")),
        )
        yield from self._said.news(BrandRecord(airline))
        yield from self._said.news(ChannelRecord(NETWORK, SOURCE, airline, airline, purpose="support", brand=airline))
        yield from self._said.news(
            IdentityRecord(NETWORK, SOURCE, author, handle=handle, location=location, observed_at=occurred_at)
        )
        yield post


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    tweets = _Tweets(options.zone)
    return records_of_rows(sample.read_rows(), tweets.records)


FORMAT = Format(
    name="airline_tweets",
    label="Tweets to airlines",
    description="A table with tweet_id, airline, name, text, tweet_created: one channel and brand an airline.",
    matches=lambda sample: sample.has_columns("tweet_id", "airline", "name", "text", "tweet_created"),
    read=_read,
)
