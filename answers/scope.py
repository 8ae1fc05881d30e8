"""What the store holds: channels, whose they are, and which days have data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from data_access.queries.channels import list_channel_days, list_channels, read_span
from data_access.settings import Settings, read_settings
from data_access.store import read_data_version

LAST_HOUR = 23


@dataclass(frozen=True)
class Scope:
    """``channels``: one row each with ``id`` (int64), ``network``, ``source``, ``native_id``, ``name``, ``kind``,
    ``purpose``, ``voice``, ``url``, ``brand`` (None where none), ``is_competitor`` (bool), ``first_day``, ``last_day``
    (datetime64, with posts; NaT where it has none).

    ``last_day`` is "now": the last local day that has data. ``last_hour`` is the last hour of it that has data, and
    ``last_moment`` the time (UTC) of the newest post. All None in an empty store.
    """

    channels: pd.DataFrame
    settings: Settings
    first_day: date | None
    last_day: date | None
    last_hour: int | None
    last_moment: datetime | None
    posts: int
    data_version: int

    @property
    def time_zone(self) -> str:
        """The workspace's time zone, which days and hours follow."""
        return self.settings.time_zone

    @property
    def is_empty(self) -> bool:
        """Whether there is no post at all."""
        return self.last_day is None

    @property
    def is_last_day_unfinished(self) -> bool:
        """Whether data ends before the last hour of the last day: compare it with the same hours of other days."""
        return self.last_hour is not None and self.last_hour < LAST_HOUR

    def days_of(self, channels: Collection[int]) -> tuple[date | None, date | None]:
        """From which to which local day there is data of ``channels``: the first post of any of them, and the last of
        their sources, for a channel may be silent while its export goes on. None where there is no post."""
        rows = self.channels[self.channels["id"].isin(channels)]
        first = rows["first_day"].min()
        if pd.isna(first):
            return None, None
        sources = pd.MultiIndex.from_frame(self.channels[["network", "source"]])
        exported = self.channels[sources.isin(pd.MultiIndex.from_frame(rows[["network", "source"]]))]
        return first.date(), exported["last_day"].max().date()

    def last_days(self, days: int) -> Filters:
        """The last ``days`` days that have data, or today's where the store is empty."""
        end = (self.last_day or date.today()) + timedelta(days=1)
        return Filters(end - timedelta(days=days), end)


def _whose(channels: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    fact = channels["is_competitor"].fillna(False).astype(bool)
    decided = channels["brand"].isin(settings.competitors)
    is_ours = channels["brand"].isin(settings.own_brands) | channels["brand"].isna()
    return channels.assign(is_competitor=(fact | decided) & ~is_ours)


def read_scope(session: Session) -> Scope:
    """What the store holds, in a few quick look-ups."""
    settings = read_settings(session)
    span = read_span(session)
    channels = list_channels(session).merge(list_channel_days(session), on="id", how="left")
    return Scope(
        channels=_whose(channels, settings),
        settings=settings,
        first_day=span.first_day,
        last_day=span.last_day,
        last_hour=span.last_hour,
        last_moment=span.last_moment,
        posts=span.posts,
        data_version=read_data_version(session),
    )


def channel_ids(scope: Scope, filters: Filters) -> tuple[int, ...]:
    """The channels that ``filters`` speaks of: of our brands (and of none), unless it names channels or brands."""
    rows = scope.channels
    chosen = pd.Series(True, index=rows.index)
    if filters.networks:
        chosen &= rows["network"].isin(filters.networks)
    if filters.channels:
        chosen &= rows["id"].isin(filters.channels)
    if filters.brands:
        chosen &= rows["brand"].isin(filters.brands)
    if not filters.channels and not filters.brands:
        chosen &= ~rows["is_competitor"]
    return tuple(sorted(int(value) for value in rows.loc[chosen, "id"]))


def rival_channel_ids(scope: Scope, filters: Filters) -> tuple[int, ...]:
    """Whom share of voice compares with, on the networks that ``filters`` names or on all: the competitors' channels;
    where ``filters`` itself speaks of a competitor, the channels of all other brands. None where there is no
    competitor."""
    branded = scope.channels[scope.channels["brand"].notna()]
    if filters.networks:
        branded = branded[branded["network"].isin(filters.networks)]
    if not branded["is_competitor"].any():
        return ()
    chosen = branded[branded["id"].isin(channel_ids(scope, filters))]
    others = branded[~branded["brand"].isin(chosen["brand"])]
    rivals = others if chosen["is_competitor"].any() else others[others["is_competitor"]]
    return tuple(sorted(int(value) for value in rivals["id"]))
