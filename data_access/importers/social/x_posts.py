"""What X (Twitter) says of a post, an account and a place, whichever of its interfaces or its archive told it.

Network and source are those of the tables of tweets, so that an account is the same in all of them.
"""

import html
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.values import TimeReader, read_count, read_id, read_language, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, handle_id

NETWORK, SOURCE, CHANNEL = "twitter", "twitter.com", "X"
SITE = "https://x.com"
TIMELINE = ChannelRecord(NETWORK, SOURCE, CHANNEL, CHANNEL, url=SITE)
#: X writes some languages by codes that were withdrawn, and things that are none by codes of its own.
_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi", "zxx": None, "art": None}
_FIRST_SNOWFLAKE = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_SNOWFLAKES = range(1 << 32, 1 << 63)
#: Tables tell local times as well as UTC; an id that is off by more is not X's.
_SAME_TIME = timedelta(days=1)
#: How ids end that a spreadsheet cut to 15 figures.
_CUT = "000"

Json = Mapping[str, Any]


def x_language(value: Any) -> str | None:
    """The language of a post; None for those of X's codes that are no language.

    >>> x_language("in"), x_language("qme"), x_language("en")
    ('id', None, 'en')
    """
    code = read_language(value)
    if code is None or (len(code) == 3 and code.startswith("q")):
        return None
    return _LANGUAGES.get(code, code)


def time_of_id(native_id: str) -> datetime | None:
    """When a post was written, which its id tells since November 2010; None for older ones.

    >>> time_of_id("1261326399320715264").isoformat()
    '2020-05-15T16:03:42.566000+00:00'
    """
    if not native_id.isdecimal() or int(native_id) not in _SNOWFLAKES:
        return None
    return _FIRST_SNOWFLAKE + timedelta(milliseconds=int(native_id) >> 22)


def post_address(native_id: str) -> str:
    """Where people see a post, whoever wrote it."""
    return f"{SITE}/i/web/status/{native_id}"


def x_account(native_id: str, handle: str | None, display_name: str | None = None, **more: Any) -> IdentityRecord:
    """An account, as far as it is told."""
    page = f"{SITE}/{handle}" if handle else f"{SITE}/i/user/{native_id}"
    return IdentityRecord(
        NETWORK, SOURCE, native_id, handle=handle or None, display_name=display_name, url=page, **more
    )


def address_of_row(native_id: str | None, occurred_at: datetime) -> str | None:
    """Where people see a post that a table tells of; None where the id is not surely X's own: published tables have
    ids of their own making. X's tells about when the post was written.

    >>> address_of_row("1261326399320715264", datetime(2020, 5, 15, 16, tzinfo=UTC))
    'https://x.com/i/web/status/1261326399320715264'
    >>> address_of_row("71", datetime(2020, 5, 15, 16, tzinfo=UTC))
    """
    written = None if native_id is None or native_id.endswith(_CUT) else time_of_id(native_id)
    if native_id is None or written is None or abs(written - occurred_at) > _SAME_TIME:
        return None
    return post_address(native_id)


class Tweets:
    """Posts in the form of version 1.1 of the interface, which the archive writes, too."""

    def __init__(self, time_zone: str) -> None:
        self.times = TimeReader(time_zone)
        self.said = Announced()

    def records(self, tweet: Json) -> Iterator[Record]:
        """A post with its author, preceded by what it shares or quotes where that is given."""
        for name in ("retweeted_status", "quoted_status"):
            if isinstance(tweet.get(name), Mapping):
                yield from self.records(tweet[name])
        author = self.author(tweet["user"])
        yield from self.said.news(author)
        yield from self.post(tweet, author.native_id)

    @staticmethod
    def author(user: Json) -> IdentityRecord:
        """The account of a post."""
        return x_account(
            required(_id(user, "id"), "user's id"),
            user.get("screen_name"),
            user.get("name") or None,
            bio=html.unescape(user.get("description") or "") or None,
            location=user.get("location") or None,
            followers=read_count(user.get("followers_count")),
        )

    def post(self, tweet: Json, author: str | None) -> Iterator[Record]:
        """A post, preceded by the accounts that it names."""
        native_id = required(_id(tweet, "id"), "id")
        shared, quoted = tweet.get("retweeted_status") or {}, tweet.get("quoted_status") or {}
        is_share = bool(shared)
        post = PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=CHANNEL,
            occurred_at=required(self.times.read(tweet["created_at"]), "created_at"),
            author=author,
            text="" if is_share else text_of(tweet),
            url=post_address(native_id),
            language=None if is_share else x_language(tweet.get("lang")),
            likes=None if is_share else read_count(tweet.get("favorite_count")),
            shares=None if is_share else read_count(tweet.get("retweet_count")),
            replies=None if is_share else read_count(tweet.get("reply_count")),
            **_where(tweet),
        )
        mentioned = {} if is_share else mentions_of(tweet)
        post.mentions = tuple(mentioned)
        if is_share:
            post.kind, post.parent, post.parent_author = "share", _id(shared, "id"), _id(shared["user"], "id")
        elif _id(tweet, "in_reply_to_status_id"):
            post.kind, post.parent = "reply", _id(tweet, "in_reply_to_status_id")
            post.parent_author = _id(tweet, "in_reply_to_user_id")
        elif _id(tweet, "quoted_status_id"):
            post.kind, post.parent = "share", _id(tweet, "quoted_status_id")
            post.parent_author = _id(quoted.get("user") or {}, "id")
        yield from self.said.news(TIMELINE)
        for stranger in mentioned.values():
            yield from self.said.news_of_stranger(stranger)
        yield post


def text_of(tweet: Json) -> str:
    """A post's text, whole where it is given whole. X writes <, > and & as entities."""
    whole = (tweet.get("extended_tweet") or {}).get("full_text") or tweet.get("full_text")
    return html.unescape(whole or tweet.get("text") or "")


def mentions_of(tweet: Json) -> dict[str, IdentityRecord]:
    """The accounts that a post mentions, by id; by handle where X lost the account."""
    entities = (tweet.get("extended_tweet") or {}).get("entities") or tweet.get("entities") or {}
    found = {}
    for mention in entities.get("user_mentions") or ():
        handle = mention["screen_name"]
        native_id = _id(mention, "id")
        known = handle_id(handle) if native_id in (None, "-1") else str(native_id)
        found[known] = x_account(known, handle, mention.get("name") or None)
    return found


def _id(thing: Json, name: str) -> str | None:
    """An id: as text where it is given so, for some readers round long numbers."""
    return read_id(thing.get(f"{name}_str") or thing.get(name))


def _where(tweet: Json) -> dict[str, Any]:
    point = (tweet.get("coordinates") or {}).get("coordinates") or (None, None)
    return {
        "place": (tweet.get("place") or {}).get("full_name") or None,
        "longitude": None if point[0] is None else float(point[0]),
        "latitude": None if point[1] is None else float(point[1]),
    }
