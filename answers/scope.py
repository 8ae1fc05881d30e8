"""What the store holds: channels, whose they are, and which days have data.

Posts and sales need not end on the same day, nor need there be both. One rule: a page's days are the days of what it
is about. Pages of posts end on the newest day with posts, Revenue on the newest day with sales, Journeys and
organisations on the newest day with anything; so "the last 28 days" is never empty because something else reaches
further. Where a store holds nothing of what a page is about, its days are those of anything. "Now" (``newest_day``), up
to which open deals are taken and cohorts are followed, is the last day that has data of any kind, whatever the page.

A clock that is wrong dates a post or an order years ahead. Days end today at the latest, unless all are later.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from data_access.brands import is_competitor
from data_access.queries.channels import Span, list_channel_days, list_channels, read_span
from data_access.queries.held import has_facts, read_moments
from data_access.queries.sales import SOLD, read_sales_span
from data_access.settings import Settings, read_settings
from data_access.store import read_data_version

LAST_HOUR = 23
#: What days are taken from.
POSTS, SALES, ANYTHING = "posts", "sales", "anything"
_Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class Scope:
    """``channels``: one row each with ``id`` (int64), ``network``, ``source``, ``native_id``, ``name``, ``kind``,
    ``purpose``, ``voice``, ``url``, ``brand`` (None where none), ``is_competitor`` (bool), ``first_day``, ``last_day``
    (datetime64, with posts; NaT where it has none).

    ``first_day`` and ``last_day``: the local days between which there is what ``about`` names (``posts``, ``sales`` or
    ``anything``), else anything; None where nothing has a day. ``last_hour`` is the last hour of the last day that has
    posts, where that day is about posts, and ``last_moment`` the time (UTC) of the newest post. ``oldest_day`` and
    ``newest_day`` hold whatever ``about`` is: between them there is data of any kind. ``ahead``: how many posts are
    dated after today, up to ``ahead_day``, and hence belong to none of these days; ``last_post_day``, the newest local
    day with posts but for these.
    """

    channels: pd.DataFrame
    settings: Settings
    first_day: date | None
    last_day: date | None
    last_hour: int | None
    last_moment: datetime | None
    posts: int
    data_version: int
    about: str = POSTS
    oldest_day: date | None = None
    newest_day: date | None = None
    is_empty: bool = False
    ahead: int = 0
    ahead_day: date | None = None
    last_post_day: date | None = None

    @property
    def time_zone(self) -> str:
        """The workspace's time zone, which days and hours follow."""
        return self.settings.time_zone

    @property
    def as_of(self) -> Filters:
        """The last day that has data of any kind, or today where no data has a day."""
        day = self.newest_day or self.last_day or date.today()
        return Filters(day, day + timedelta(days=1))

    @property
    def is_last_day_unfinished(self) -> bool:
        """Whether data ends before the last hour of the last day: compare it with the same hours of other days."""
        return self.last_hour is not None and self.last_hour < LAST_HOUR

    def days_of(self, channels: Collection[int]) -> tuple[date | None, date | None]:
        """From which to which local day there is data of ``channels``: the first post of any of them, and the last of
        their sources, for a channel may be silent while its export goes on. None where there is no post."""
        rows = self.channels
        is_asked = rows["id"].isin(channels).to_numpy()
        sources = list(zip(rows["network"].tolist(), rows["source"].tolist(), strict=True))
        exported = {source for source, is_one in zip(sources, is_asked, strict=True) if is_one}
        is_exported = np.array([source in exported for source in sources], dtype="bool")
        first, last = rows["first_day"].to_numpy()[is_asked], rows["last_day"].to_numpy()[is_exported]
        first, last = (days[~np.isnat(days)].astype("datetime64[D]") for days in (first, last))
        if not len(first):
            return None, None
        newest, oldest = last.max().item(), first.min().item()
        # one that is dated ahead says nothing of the days up to it
        return oldest, max(oldest, min(newest, self.newest_day or newest))

    def last_days(self, days: int) -> Filters:
        """The last ``days`` days up to ``last_day``, or up to today where no data has a day."""
        end = (self.last_day or date.today()) + timedelta(days=1)
        return Filters(end - timedelta(days=days), end)


def _whose(channels: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    facts = channels["is_competitor"].fillna(False).astype(bool)
    pairs = zip(channels["brand"], facts, strict=True)
    whose = [isinstance(name, str) and is_competitor(name, fact, settings) for name, fact in pairs]
    return channels.assign(is_competitor=pd.Series(whose, index=channels.index, dtype=bool))


def read_scope(session: Session, about: str = POSTS, today: date | None = None) -> Scope:
    """What the store holds, in a few quick look-ups. ``about``: of what ``first_day`` and ``last_day`` are. ``today``:
    the local day; else the clock's."""
    settings = read_settings(session)
    today = today or datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)).date()
    span = read_span(session, today=today, time_zone=settings.time_zone)
    channels = list_channels(session).merge(list_channel_days(session), on="id", how="left")
    oldest, newest = _days_of_anything(session, settings, span, today)
    first, last = _days_about(session, about, span, today)
    if first is None or last is None:
        first, last = oldest, newest
    return Scope(
        channels=_whose(channels, settings),
        settings=settings,
        first_day=first,
        last_day=last,
        last_hour=span.last_hour if last == span.last_day and about != SALES else None,
        last_moment=span.last_moment,
        posts=span.posts,
        data_version=read_data_version(session),
        about=about,
        oldest_day=oldest,
        newest_day=newest,
        is_empty=not span.posts and not has_facts(session),
        ahead=span.ahead,
        ahead_day=span.ahead_day,
        last_post_day=span.last_day,
    )


def _days_about(session: Session, about: str, span: Span, today: date) -> _Days:
    if about == POSTS:
        return span.first_day, span.last_day
    if about == SALES:
        spans = (read_sales_span(session, kind, today=today) for kind in SOLD)
        return _ends([day for days in spans for day in days if day is not None], today)
    return None, None


def _days_of_anything(session: Session, settings: Settings, span: Span, today: date) -> _Days:
    zone = ZoneInfo(settings.time_zone)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), zone).astimezone(UTC)
    days = [moment.astimezone(zone).date() for moment in read_moments(session, before=tomorrow) or ()]
    return _ends([*days, *(day for day in (span.first_day, span.last_day) if day is not None)], today)


def _ends(days: Sequence[date], today: date) -> _Days:
    """The first and the last of days, those after today only where all are."""
    kept = [day for day in days if day <= today] or days
    return min(kept, default=None), max(kept, default=None)


def channel_ids(scope: Scope, filters: Filters) -> tuple[int, ...]:
    """The channels that ``filters`` speaks of: of our brands (and of none), unless it names channels or brands."""
    is_of_anyone = bool(filters.channels or filters.brands)
    rows = zip(*(scope.channels[name].tolist() for name in ("id", "network", "brand", "is_competitor")), strict=True)
    return tuple(
        sorted(
            int(number)
            for number, network, brand, is_competitor in rows
            if (not filters.networks or network in filters.networks)
            and (not filters.channels or number in filters.channels)
            and (not filters.brands or brand in filters.brands)
            and (is_of_anyone or not is_competitor)
        )
    )
