"""Writes posts down as records: their ids, addresses and times."""

from data_access.records import PostRecord
from jobs.demo import calendar
from jobs.demo.calendar import to_datetime
from jobs.demo.company import Network
from jobs.demo.people import Account

_URLS = {
    "twitter": "https://tweets.example/{handle}/status/{id}",
    "mastodon": "https://gardens.example/@{handle}/{id}",
    "bluesky": "https://sky.example/profile/{handle}/post/{id}",
    "reddit": "https://reddit.example/{channel}/comments/{id}",
    "discourse": "https://community.sillgrove.example/t/{id}",
    "web": "https://www.sillgrove.example/{channel}#c{id}",
}
_SERIALS_A_SECOND = 2**24


class Scribe:
    """Hands out ids that grow with time, as networks do."""

    def __init__(self) -> None:
        self.written = 0

    def record(
        self, network: Network, channel: str, account: Account, second: int, text: str, *, kind: str
    ) -> PostRecord:
        """A post as its network gives it, without counts; the caller adds whom it answers."""
        self.written += 1
        serial = (second - calendar.day_start(0)) * _SERIALS_A_SECOND + self.written % _SERIALS_A_SECOND
        native_id = _native_id(network.name, serial, kind)
        return PostRecord(
            network.name,
            network.source,
            native_id,
            channel,
            to_datetime(second),
            author=account.native_id,
            kind=kind,
            text=text,
            url=_URLS[network.name].format(handle=account.handle, id=native_id, channel=channel),
            language="en" if network.has_language else None,
            observed_at=calendar.OBSERVED_AT,
        )


def _native_id(network: str, serial: int, kind: str) -> str:
    if network == "reddit":
        return f"t1_{serial:x}" if kind == "comment" else f"t3_{serial:x}"
    return f"{serial:x}" if network == "bluesky" else str(serial)
