"""Insights of a Facebook page or Instagram account, as the Graph API answers: a metric with a value for each day.

A day's value bears the time at which the day ends, in the account's zone: midnight there. Followers are those on
that day; new followers of a day, values of weeks and those of single posts are passed over and counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from data_access.importers.meta.graph import first_objects, read_objects
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import EARLIEST, TimeReader, read_count, read_id, required
from data_access.records import ChannelDayRecord, ChannelRecord, Record, Refusal

#: Which metric is which of our figures, the better one first; those of a page begin with its word.
_FIGURES = {
    "followers": ("page_follows", "page_fans"),
    "impressions": ("page_impressions", "impressions"),
    "reach": ("page_impressions_unique", "reach"),
}
_FIGURE_OF = {metric: figure for figure, metrics in _FIGURES.items() for metric in metrics}
_DAYS = frozenset({"day", "lifetime"})  # how many follow is said of a lifetime, as of a day

Json = Mapping[str, Any]
Day = tuple[str, str, date]  # network, account, day


class _Metrics:
    """Gathers the metrics of each day, for an answer lists them one after another."""

    def __init__(self, time_zone: str) -> None:
        self._times = TimeReader(time_zone)
        self.days: dict[Day, dict[str, tuple[int, int]]] = {}
        self.passed_over: dict[str, int] = {}

    def take(self, metric: Json) -> Iterator[Record]:
        """One metric with its values."""
        name, period = metric["name"], metric.get("period")
        account = required(read_id(str(metric["id"]).partition("/")[0]), "id of the account")
        figure = _FIGURE_OF.get(name)
        values = metric.get("values") or [{}]
        if figure is None or period not in _DAYS:
            reason = f"metric without use here: {name}" if period in _DAYS else f"metric of another period: {name}"
            self._pass_over(reason, len(values))
            return
        network = "facebook" if name.startswith("page_") else "instagram"
        found = [self._value(value) for value in values if "end_time" in value]
        if len(found) < len(values):
            self._pass_over(f"metric without a day: {name}", len(values) - len(found))
        rank = _FIGURES[figure].index(name)
        for day, count in found:
            figures = self.days.setdefault((network, account, day), {})
            if count is not None and (figure not in figures or rank < figures[figure][0]):
                figures[figure] = rank, count
        yield from ()

    def _pass_over(self, reason: str, count: int) -> None:
        self.passed_over[reason] = self.passed_over.get(reason, 0) + count

    def _value(self, value: Json) -> tuple[date, int | None]:
        """A value's day: the one that is half over twelve hours before its end."""
        end = required(self._times.read(value["end_time"]), "end_time")
        return (end - timedelta(hours=12)).date(), read_count(value.get("value"))


def _is_metric(value: Json) -> bool:
    return {"name", "period", "id"} <= value.keys() and "/insights/" in str(value["id"])


def _matches(sample: Sample) -> bool:
    objects = first_objects(sample)
    return bool(objects) and _is_metric(objects[0]) and bool({"values", "total_value"} & objects[0].keys())


def _one_value_each(items: Iterable[tuple[int, Any] | Refusal]) -> Iterator[tuple[int, Any] | Refusal]:
    """Each metric once for each of its values, so that a damaged one leaves the other days whole."""
    for item in items:
        values = item[1].get("values") if not isinstance(item, Refusal) and isinstance(item[1], Mapping) else None
        if isinstance(item, Refusal) or not isinstance(values, list) or len(values) < 2:
            yield item
        else:
            yield from ((item[0], {**item[1], "values": [value]}) for value in values)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    metrics = _Metrics(options.zone)
    yield from records_of_rows(_one_value_each(read_objects(sample)), metrics.take)
    sample.content.progress.skipped.update(metrics.passed_over)
    for account in dict.fromkeys((network, account) for network, account, _day in metrics.days):
        network, native_id = account
        yield ChannelRecord(network, f"{network}.com", native_id, native_id, observed_at=EARLIEST)
    for (network, native_id, day), figures in sorted(metrics.days.items()):
        if figures:
            counts = {figure: count for figure, (_rank, count) in figures.items()}
            yield ChannelDayRecord(
                network=network,
                source=f"{network}.com",
                native_id=f"{native_id}/{day}",
                channel=native_id,
                day=day,
                followers=counts.get("followers"),
                impressions=counts.get("impressions"),
                reach=counts.get("reach"),
            )


FORMAT = Format(
    name="meta_insights",
    label="Facebook and Instagram insights",
    description="Answers of the Graph API about a page or account by day: followers, impressions, reach.",
    matches=_matches,
    read=_read,
)
