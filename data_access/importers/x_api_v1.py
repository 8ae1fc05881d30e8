"""X (Twitter), version 1.1 of its API: lists of posts, answers to searches, posts a line as its stream gave them."""

from collections.abc import Iterator, Mapping
from typing import Any

from data_access.importers.reading.content import Progress
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.sample import Sample
from data_access.importers.social.json_pages import Item, first_objects, items_of, read_pages, records_of_items
from data_access.importers.social.x_posts import Tweets
from data_access.records import Record, Refusal

_LISTS = ("statuses", "users")
#: What the stream says between posts.
_NOTICES = frozenset({"delete", "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect", "warning"})


class _Answers:
    def __init__(self, time_zone: str, progress: Progress) -> None:
        self._tweets = Tweets(time_zone)
        self._progress = progress

    def records(self, item: Item) -> Iterator[Record]:
        """A post with what it shares, or an account with its last post."""
        value = item.value
        if len(value) == 1 and _NOTICES & value.keys():
            self._progress.skipped[f"not a post: {next(iter(value))}"] += 1
        elif _is_user(value):
            yield from self._tweets.said.news(self._tweets.author(value))
            if isinstance(value.get("status"), Mapping):
                yield from self._tweets.records({**value["status"], "user": value})
        else:
            yield from self._tweets.records(value)


def _is_user(value: Any) -> bool:
    return isinstance(value, Mapping) and {"screen_name", "followers_count", "statuses_count"} <= value.keys()


def _is_tweet(value: Any) -> bool:
    if not isinstance(value, Mapping) or not {"created_at", "user"} <= value.keys():
        return False
    has_text, user = "text" in value or "full_text" in value, value["user"]
    return has_text and "id_str" in value and isinstance(user, Mapping) and "id_str" in user


def _matches(sample: Sample) -> bool:
    objects = first_objects(sample)[:20]
    items = [item.value for value in objects for item in list(items_of(value, _LISTS))[:20]]
    is_empty_search = bool(objects) and {"search_metadata", "statuses"} <= objects[0].keys()
    return is_empty_search or any(_is_tweet(item) or _is_user(item) for item in items)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    answers = _Answers(options.zone, sample.content.progress)
    return records_of_items(read_pages(sample, _LISTS), answers.records)


FORMAT = Format(
    name="x_api_v1",
    label="X (Twitter), API v1.1",
    description="JSON of X's older API: posts with their user, entities and counts; searches, timelines, streams.",
    matches=_matches,
    read=_read,
)
