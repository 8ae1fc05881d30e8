"""Tables that a connector copies from the insights of one's own pages: Facebook, Instagram, LinkedIn, X and YouTube.

Days of a page (followers, impressions, reach) become days of its channel, tables of posts become posts of the page,
which speaks for us: insights are told to its owners only. Each table is known by its columns and comes in alone;
those that hold only figures of posts, without their texts and times, are counted and passed over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Progress
from data_access.importers.reading.json_records import JsonRecords
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.plain_text import plain_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.several_tables import (
    Read,
    Row,
    TableKind,
    first_of,
    kind_of,
    plain_rows,
    table_kind,
    text_of,
)
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_id, read_language, required
from data_access.records import ChannelDayRecord, ChannelRecord, IdentityRecord, PostRecord, Record

_SYNCED = "fivetransynced"
_NO_TEXT = "figures of a post without its text and time"
_NO_POST = "a row that ties ids and says no more"


@dataclass(frozen=True)
class _Table:
    """A kind of table: ``network``, what its rows become (``of``: "days", "tweet days", "posts" or "page"; else the
    reason why they are passed over), and the plain names of its columns."""

    kind: TableKind
    network: str
    of: str
    page: str = "pageid"
    post: str = "id"
    text: str = "message"
    time: str = "createdtime"
    followers: str = ""
    impressions: str = ""
    reach: str = ""
    likes: str = ""
    shares: str = ""
    replies: str = ""
    views: str = ""


_TABLES = (
    _Table(table_kind("facebook_days", "date pageid pageimpressions", "pagefans pageimpressionsunique"), "facebook",
           "days", followers="pagefans", impressions="pageimpressions", reach="pageimpressionsunique"),
    _Table(table_kind("facebook_posts", "id pageid createdtime message", "statustype sharecount"), "facebook", "posts",
           shares="sharecount"),
    _Table(table_kind("facebook_page", "id name fancount fivetransynced"), "facebook", "page", page="id",
           followers="fancount"),
    _Table(table_kind("facebook_post_days", "date postid postimpressions"), "facebook", _NO_TEXT),
    _Table(table_kind("instagram_posts", "id userid username createdtime mediatype", "caption permalink"), "instagram",
           "posts", page="userid", text="caption"),
    _Table(table_kind("instagram_page", "id followerscount mediacount username"), "instagram", "page", page="id",
           followers="followerscount"),
    _Table(table_kind("instagram_figures", "id storyreach videophotoreach"), "instagram", _NO_TEXT),
    _Table(table_kind("linkedin_posts", "id author commentary lifecyclestate", "createdtime firstpublishedat"),
           "linkedin", "posts", page="author", text="commentary"),
    _Table(table_kind("linkedin_page", "id localizedname organizationtype"), "linkedin", "page", page="id"),
    _Table(table_kind("linkedin_figures", "shareentityurn impressioncount likecount"), "linkedin", _NO_TEXT),
    _Table(table_kind("linkedin_content", "articletitle mediaid pollquestion", "postid shareid"), "linkedin", _NO_TEXT),
    _Table(table_kind("linkedin_ties", "fivetransynced", "sharestatisticid shareid ugcpostid",
                      "clickcount author date"),
           "linkedin", _NO_POST),
    _Table(table_kind("x_days", "accountid date organictweetid impressions"), "twitter", "tweet days", page="accountid",
           impressions="impressions"),
    _Table(table_kind("x_posts", "id accountid createdat favoritecount retweetcount userid", "fulltest fulltext text"),
           "twitter", "posts", page="accountid", text="fulltext", time="createdat", likes="favoritecount",
           shares="retweetcount"),
    _Table(table_kind("x_account", "id name timezone timezoneswitchat"), "twitter", "page", page="id"),
    _Table(table_kind("x_person", "id screenname followerscount statusescount"), "twitter", "page", page="id",
           followers="followerscount"),
    _Table(table_kind("youtube_posts", "id snippetchannelid snippetpublishedat snippettitle"), "youtube", "posts",
           page="snippetchannelid", text="snippetdescription", time="snippetpublishedat", likes="statisticslikecount",
           replies="statisticscommentcount", views="statisticsviewcount"),
    _Table(table_kind("youtube_days", "date channelid videoid views watchtimeminutes"), "youtube",
           "views of a day: neither followers, impressions nor reach"),
    _Table(table_kind("youtube_people", "date channelid agegroup viewspercentage"), "youtube",
           "shares of viewers by age and sex"),
)  # fmt: skip
_BY_NAME = {table.kind.name: table for table in _TABLES}
_NAMES = ("name", "localizedname", "username", "snippetchanneltitle", "screenname")


def _table_of(sample: Sample) -> _Table | None:
    if isinstance(sample.table, JsonRecords):
        return None  # an API's answer, of which the connector's tables are made
    name = kind_of(sample.columns, [table.kind for table in _TABLES])
    return None if name is None else _BY_NAME[name]


def _bare(value: str) -> str:
    """An id without what LinkedIn writes before it: ``urn:li:organization:7`` is 7."""
    return value.rsplit(":", 1)[-1]


class _Rows:
    """Makes the records of one table's rows."""

    def __init__(self, table: _Table, progress: Progress, time_zone: str) -> None:
        self._table = table
        self._source = f"{table.network}.com"
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._skipped = progress.skipped
        self._sums: dict[tuple[str, date], int] = {}

    def maker(self) -> Callable[[Row], Iterator[Record]]:
        """What makes records of a row of this table."""
        makers = {"days": self._day, "tweet days": self._add_up, "posts": self._post, "page": self._page}
        return makers.get(self._table.of, self._pass_over)

    def _page_id(self, row: Row) -> str:
        return _bare(required(read_id(row.get(self._table.page)), self._table.page))

    def _channel(self, page: str, row: Row, *, is_described: bool) -> ChannelRecord:
        """The page as a channel. Where the row is not about the page, a name that another table gives stands."""
        name = text_of(row, *_NAMES) if is_described or self._table.network != "twitter" else None
        observed_at = self._times.read(row.get(_SYNCED)) if is_described else EARLIEST
        return ChannelRecord(
            self._table.network, self._source, page, name or page, voice="corporate", observed_at=observed_at
        )

    def _pass_over(self, _row: Row) -> Iterator[Record]:
        self._skipped[self._table.of] += 1
        yield from ()

    def _page(self, row: Row) -> Iterator[Record]:
        """What a page or account is called, and how many follow it on the day of copying."""
        page = self._page_id(row)
        yield from self._said.news(self._channel(page, row, is_described=True))
        moment = self._times.read(row.get(_SYNCED))
        followers = read_count(row.get(self._table.followers))
        if self._table.followers:
            yield from self._said.news(self._author(page, row, moment))
        if followers is not None and moment is not None:
            yield self._channel_day(page, moment.date(), row, followers=followers)

    def _day(self, row: Row) -> Iterator[Record]:
        page = self._page_id(row)
        table = self._table
        yield from self._said.news(self._channel(page, row, is_described=False))
        counts = {name: read_count(row.get(getattr(table, name))) for name in ("followers", "impressions", "reach")}
        yield self._channel_day(page, self._day_of(row), row, **counts)

    def _channel_day(self, page: str, day: date, row: Row, **counts: int | None) -> ChannelDayRecord:
        return ChannelDayRecord(
            network=self._table.network,
            source=self._source,
            native_id=f"{page}/{day}",
            channel=page,
            day=day,
            observed_at=self._times.read(row.get(_SYNCED)),
            **counts,
        )

    def _day_of(self, row: Row) -> date:
        """The day that a row is of. It may stand as its midnight in the account's zone: the nearest one is meant."""
        return (required(self._times.read(row["date"]), "date") + timedelta(hours=12)).date()

    def _add_up(self, row: Row) -> Iterator[Record]:
        """Impressions of a post on a day, to be added up: those of all posts are the account's."""
        key = (self._page_id(row), self._day_of(row))
        count = read_count(row.get(self._table.impressions))
        self._sums[key] = self._sums.get(key, 0) + required(count, "impressions")
        yield from ()

    def added_up(self) -> Iterator[Record]:
        """The days of accounts that came together."""
        for (page, day), impressions in sorted(self._sums.items()):
            yield from self._said.news(self._channel(page, {}, is_described=False))
            yield self._channel_day(page, day, {}, impressions=impressions)

    def _post(self, row: Row) -> Iterator[Record]:
        table = self._table
        page = self._page_id(row)
        author = read_id(row.get("userid")) or page
        is_visitors = row.get("statustype") == "wall_post"  # what others wrote on the page; the table keeps not who
        parent = read_id(first_of(row, "parentid", "inreplytostatusid", "responsecontextparent"))
        times = (row.get(table.time), row.get("firstpublishedat"))
        yield from self._said.news(self._channel(page, row, is_described=False))
        if not is_visitors:
            yield from self._said.news(self._author(author, row, EARLIEST))
        yield PostRecord(
            network=table.network,
            source=self._source,
            native_id=required(read_id(row.get(table.post)), table.post),
            channel=page,
            occurred_at=required(self._times.read(next((time for time in times if time), None)), table.time),
            author=None if is_visitors else author,
            kind="post" if parent is None else "reply",
            text=plain_text(text_of(row, table.text, "fulltest", "text") or ""),
            title=text_of(row, "snippettitle"),
            url=text_of(row, "permalink"),
            language=read_language(row.get("lang")),
            parent=parent,
            observed_at=self._times.read(row.get(_SYNCED)),
            likes=read_count(row.get(table.likes)),
            shares=read_count(row.get(table.shares)),
            replies=read_count(row.get(table.replies)),
            views=read_count(row.get(table.views)),
        )

    def _author(self, account: str, row: Row, observed_at: datetime | None) -> IdentityRecord:
        return IdentityRecord(
            network=self._table.network,
            source=self._source,
            native_id=account,
            handle=text_of(row, "username", "screenname"),
            display_name=text_of(row, "name", "snippetchanneltitle"),
            followers=read_count(row.get(self._table.followers)),
            is_team=True,
            observed_at=observed_at,
        )


def _read(sample: Sample, options: ImportOptions) -> Read:
    table = _table_of(sample)
    if table is None:
        return
    rows = _Rows(table, sample.content.progress, options.zone)
    yield from records_of_rows(plain_rows(sample), rows.maker())
    yield from rows.added_up()


FORMAT = Format(
    name="social_insights",
    label="Insights of one's own pages",
    description="Tables that a connector copies from Facebook, Instagram, LinkedIn, X and YouTube: days, posts, pages.",
    matches=lambda sample: _table_of(sample) is not None,
    read=_read,
)
