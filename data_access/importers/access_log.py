"""A web server's log in the combined format (NCSA), as Apache and nginx write it.

A visit needs a visitor: the signed-in user, or the cookie that a server can be told to write behind the rest in
quotation marks. An address of a network is no person, so that lines without either are counted and passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.records import IdentityRecord, Record, Refusal, VisitRecord, content_id

NETWORK, SOURCE = "web", "access log"
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(rf"\S+ \S+ (.+?) \[([^\]]+)\] {_QUOTED} (\d{{3}}) (?:\d+|-) {_QUOTED} {_QUOTED}(?: {_QUOTED})?\s*")
_ASSET = re.compile(r"\.(?:css|js|map|png|jpe?g|gif|svg|webp|ico|woff2?|ttf|mp4|json|xml|txt)$", re.IGNORECASE)
_DATA = re.compile(r"/(?:api|graphql|rest|rpc|ajax|wp-json|feed|rss)(?:/|$)", re.IGNORECASE)
#: What robots call themselves; a phone made by CUBOT is none.
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|curl/|wget/|python-requests|python-urllib|aiohttp|go-http-client"
    r"|headlesschrome|facebookexternalhit|\bmonitor(?:ing|is)?\b|uptime|pingdom|lighthouse",
    re.IGNORECASE,
)
_SEEN = ("200", "304")
_NOBODY = "a page seen by nobody known: an address of a network is no person"
_JUDGED_LINES = 5


def _matches(sample: Sample) -> bool:
    lines = sample.head[: 1 << 14].decode("utf-8", "replace").splitlines()
    whole = [line for line in lines if line.strip()][:_JUDGED_LINES]
    return bool(whole) and all(_LINE.fullmatch(line) for line in (whole[:-1] or whole))


def _lines(content: Content) -> Iterator[tuple[int, str]]:
    with content.open() as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                content.progress.rows += 1
                yield number, line.decode("utf-8", "replace").rstrip("\r\n")


@dataclass
class _Visits:
    progress: Progress
    visits: int = 0
    _said: Announced = field(default_factory=Announced)

    def records(self, line: str) -> Iterator[Record]:
        """The visit of a line, where a known visitor saw a page."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise Damaged("is no line of the combined format")
        user, written, request, status, referrer, agent, cookie = found.groups()
        path = request.partition(" ")[2].partition(" ")[0]
        reason = _why_not(request, path, status, agent)
        visitor = next((name for name in (cookie, user) if name not in (None, "", "-")), None)
        if reason is not None or visitor is None:
            self.progress.skipped[reason or _NOBODY] += 1
            return
        moment = datetime.strptime(written, "%d/%b/%Y:%H:%M:%S %z")
        query = parse_qs(path.partition("?")[2])
        source, medium, campaign = (query.get(f"utm_{part}", [None])[0] for part in ("source", "medium", "campaign"))
        self.visits += 1
        yield from self._said.news(IdentityRecord(NETWORK, SOURCE, visitor))
        yield VisitRecord(
            NETWORK,
            SOURCE,
            content_id(visitor, moment, path),
            visitor,
            moment,
            url=path,
            referrer=None if referrer in ("", "-") else referrer,
            utm_source=source,
            utm_medium=medium,
            utm_campaign=campaign,
        )


def _is_no_page(path: str) -> bool:
    return _ASSET.search(path) is not None or _DATA.search(path) is not None


def _why_not(request: str, path: str, status: str, agent: str) -> str | None:
    """Why a request is no page that a person saw; None where it is one."""
    if not request.startswith("GET ") or status not in _SEEN or _is_no_page(path.split("?")[0]):
        return "a request that is no page seen"
    return "a robot's request" if _ROBOT.search(agent) else None


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    visits = _Visits(sample.content.progress)
    yield from records_of_rows(_lines(sample.content), visits.records)
    if not visits.visits:
        yield Refusal(
            None,
            "the log names no visitor, and an address of a network is no person: let the server write its visitors'"
            " cookie behind each line, in quotation marks",
        )


FORMAT = Format(
    name="access_log",
    label="Web server's log",
    description="A log in the combined format with signed-in users, or a visitor's cookie behind each line.",
    matches=_matches,
    read=_read,
)
