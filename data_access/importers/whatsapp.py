"""WhatsApp: a chat as the app exports it, as text. Android and iOS write it differently, and each language its dates.

People are known by the name in the exporting phone's address book, or by their number. A name that WhatsApp marks as
its bearer's own choice (``~ Ann``) counts within its chat only. Messages have no id: theirs is made of author, minute
and text, numbered where somebody wrote the same twice in a minute.
"""

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content, Progress
from data_access.importers.reading.mapping import DATE_ORDER, SAYS, header_shape
from data_access.importers.reading.options import Damaged, Format, ImportOptions
from data_access.importers.reading.questions import OpenQuestion, tell_date_order
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import DAY_FIRST, TimeReader, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, content_id, handle_id

NETWORK = "whatsapp"
SOURCE = "whatsapp.com"
_JUDGED_LINES = 200
_REMEMBERED = 50_000

_MARKS = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
_HALF = r"[AaPp]\.?\s?[Mm]\.?|上午|下午|午前|午後|오전|오후"
_START = re.compile(
    rf"{_MARKS}*(?P<bracket>\[)?(?P<first>\d{{1,4}})(?P<mark>[./-])\s?(?P<second>\d{{1,2}})(?P=mark)\s?(?P<third>\d{{1,4}})"
    rf"\.?,?\s+(?:(?:klo|kl\.|um|at|à|às)\s)?(?:(?P<before>{_HALF})\s?)?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<seconds>\d{{2}}))?"
    rf"(?:\s?(?P<after>{_HALF}))?(?(bracket)\]\s|\s+[-–]\s)(?P<rest>.*)",
    re.DOTALL,
)
_SENDER = re.compile(r"(?P<name>[^:\n]{1,100}):(?:\s(?P<text>.*)|$)", re.DOTALL)
_LOG_LEVELS = frozenset({"debug", "info", "warn", "warning", "error", "critical", "fatal", "trace", "notice"})
_AFTERNOON = frozenset({"下午", "午後", "오후"})
_QUOTES = frozenset('"“”„«»')
_PHONE = re.compile(r"\+?[\d\s()./-]{7,}")
_MENTION = re.compile("@\u2068([^\u2069]+)\u2069|@(\\d{7,15})(?!\\d)")
#: What stands for a photo or the like, in the words of several languages.
_OMITTED = re.compile(
    r"<[^<>\n]{3,60}>|[^\n:]{2,40}(?:omitted|weggelassen|omitid[oa]|ocult[oa]|omess[oa]|weggelaten|absente?|pominięto"
    r"|utelämna[dt]|省略|생략)|null",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"[^\n<>]{1,200} \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato|arquivo anexado"
    r"|bestand bijgevoegd)\)(?:\n|$)|<[^<>:\n]{3,20}: [^<>\n]{1,200}>\s*"
)
_EDITED = re.compile(rf"\s*{_MARKS}*<(?:This message was edited|Diese Nachricht wurde bearbeitet)>{_MARKS}*$")
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht"
    r"|Du hast diese Nachricht gelöscht|Se eliminó este mensaje|Eliminaste este mensaje|Ce message a été supprimé)\.?"
)
_KEPT_OF_APP = re.compile(r"(?:Location|POLL|Standort|UMFRAGE|Ubicación|ENCUESTA)\b")
_GROUP = re.compile(
    r'(?:created (?:this )?group|changed the (?:subject|group name) .*to|hat die Gruppe) ["“„]([^"“”„]+)["“”]'
)
_FILE = re.compile(
    r"(?:WhatsApp[ -]?Chat (?:with|mit|met|-)|Chat (?:de|di) WhatsApp con|Conversa do WhatsApp com"
    r"|Discussion WhatsApp avec)\s+(?P<name>.+?)(?: \(\d+\))?$",
    re.IGNORECASE,
)


def _lines(content: Content, encoding: str) -> Iterator[tuple[int, str]]:
    with content.open() as stream, io.TextIOWrapper(stream, encoding, errors="replace") as text:
        yield from ((number, line.rstrip("\n")) for number, line in enumerate(text, start=1))


def _encoding(head: bytes) -> str:
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _entries(content: Content, encoding: str) -> Iterator[tuple[int, str] | Refusal]:
    """The chat's messages and notes with their first line; lines that begin none belong to the one before."""
    first = 0
    lines: list[str] = []
    for number, line in _lines(content, encoding):
        if _START.match(line) is None:
            if lines:
                lines.append(line)
            elif line.strip():
                yield Refusal(number, "stands before the first message", line)
            continue
        if lines:
            content.progress.rows += 1
            yield first, "\n".join(lines)
        first, lines = number, [line]
    if lines:
        content.progress.rows += 1
        yield first, "\n".join(lines)


def _year_first(start: re.Match[str]) -> bool:
    return len(start["first"]) == 4


def moment_of(start: re.Match[str], date_order: str) -> datetime:
    """The time of a message on the exporting phone's clock. Raises ``Damaged`` where it is none."""
    first, second, third = int(start["first"]), int(start["second"]), int(start["third"])
    if _year_first(start):
        year, month, day = first, second, third
    elif start["mark"] == "." or date_order == DAY_FIRST:
        day, month, year = first, second, third
    else:
        month, day, year = first, second, third
    hour, half = int(start["hour"]), start["before"] or start["after"]
    if half:
        hour = hour % 12 + (12 if half[0] in "Pp" or half in _AFTERNOON else 0)
    try:
        return datetime(
            year if year > 99 else 2000 + year, month, day, hour, int(start["minute"]), int(start["seconds"] or 0)
        )
    except ValueError as error:
        said = start.group(0)[: start.start("rest") - start.start()].strip(" -[]\u200e")
        raise Damaged(f"{' '.join(said.split())!r} is no time") from error


class _Chat:
    def __init__(self, name: str, date_order: str, time_zone: str, progress: Progress) -> None:
        self._channel = ChannelRecord(NETWORK, SOURCE, name, name, kind="private")
        self._date_order = date_order
        self._times = TimeReader(time_zone)
        self._skipped = progress.skipped
        self._said = Announced()
        self._written: Counter[str] = Counter()

    def records(self, written: str) -> Iterator[Record]:
        """A message, preceded by its chat and author where they are new."""
        start = _START.match(written)
        sender = None if start is None else _SENDER.match(start["rest"])
        if start is None or sender is None or not _QUOTES.isdisjoint(sender["name"]):
            self._skipped["not a post: a note of WhatsApp's"] += 1
            return
        moment = required(self._times.read(moment_of(start, self._date_order)), "time")
        text, reason = read_text(sender["text"] or "")
        if reason is not None:
            self._skipped[reason] += 1
            return
        author = self._account(sender["name"])
        yield from self._said.news(self._channel)
        yield from self._said.news(author)
        yield PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=f"{self._channel.native_id}/{self._id(author.native_id, moment, text)}",
            channel=self._channel.native_id,
            occurred_at=moment,
            author=author.native_id,
            text=re.sub("[\u2068\u2069]", "", text),
            mentions=tuple(
                dict.fromkeys(
                    self._account(name).native_id if name else f"+{number}" for name, number in _MENTION.findall(text)
                )
            ),
        )

    def _account(self, written: str) -> IdentityRecord:
        """Who goes by a name or number."""
        name = re.sub(f"{_MARKS}|\u00a0|\u202f", " ", written).strip()
        if _PHONE.fullmatch(name):
            return IdentityRecord(NETWORK, SOURCE, "+" + re.sub(r"\D", "", name), display_name=name)
        if name.startswith("~"):
            shown = name.lstrip("~ ")
            return IdentityRecord(NETWORK, SOURCE, f"{handle_id(shown)}/{self._channel.native_id}", display_name=shown)
        return IdentityRecord(NETWORK, SOURCE, handle_id(name), display_name=name)

    def _id(self, author: str, moment: datetime, text: str) -> str:
        native_id = content_id(author, moment.replace(second=0), text)
        if len(self._written) >= _REMEMBERED:
            self._written.clear()
        self._written[native_id] += 1
        again = self._written[native_id]
        return native_id if again == 1 else f"{native_id}.{again}"


def read_text(written: str) -> tuple[str, str | None]:
    """What somebody wrote, without what stands for attachments; or why it is no post.

    >>> read_text("<Media omitted>"), read_text("A.jpg (file attached)\\nLook!"), read_text("You deleted this message")
    (('', None), ('Look!', None), ('', 'deleted message'))
    """
    text = _EDITED.sub("", written).strip()
    is_of_app = text.startswith("\u200e")
    bare = re.sub(f"^{_MARKS}+|{_MARKS}+$", "", text).strip() if text[:1] in "\u200e\u200f" else text
    if _DELETED.fullmatch(bare):
        return "", "deleted message"
    if _OMITTED.fullmatch(bare):
        return "", None
    without = _ATTACHED.sub("", bare)
    if is_of_app and without == bare and not _KEPT_OF_APP.match(bare):
        return "", "not a post: a note of WhatsApp's"
    return without.replace("\u200e", "").strip(), None


# --- the file as a whole


def _first_lines(sample: Sample) -> list[str]:
    return sample.head.decode(_encoding(sample.head), errors="replace").splitlines()[:_JUDGED_LINES]


def _matches(sample: Sample) -> bool:
    """The first line begins a message, and one of the first has an author who is no level of a log."""
    if sample.head[:1] in b"{<":
        return False
    starts = (_START.match(line) for line in _first_lines(sample) if line.strip())
    first = next(starts, None)
    if first is None or (first["seconds"] and not first["bracket"]):
        return False
    senders = [_SENDER.match(start["rest"]) for start in (first, *starts) if start is not None]
    names = [sender["name"].strip().lower() for sender in senders if sender is not None]
    return bool(names) and _LOG_LEVELS.isdisjoint(names)


def _dates(content: Content, encoding: str) -> Iterator[tuple[str, str]]:
    """The dates that could be read two ways, as cells of the file."""
    starts = (_START.match(line) for _number, line in _lines(content.aside(), encoding))
    for start in starts:
        if start is not None and start["mark"] != "." and not _year_first(start):
            yield content.name, f"{start['first']}/{start['second']}/{start['third']}"


def _name(sample: Sample) -> str:
    """The chat's: as the file says, which the app names after it, else as the group's founding does."""
    place = PurePosixPath(sample.content.name)
    stems = [part.removesuffix(".zip").removesuffix(".txt") for part in reversed(place.parts)]
    for stem in stems[:2]:
        if match := _FILE.match(stem):
            return match["name"].strip()
    groups = [match[1] for line in _first_lines(sample) if (match := _GROUP.search(line))]
    if groups:
        return groups[-1]
    return next((stem for stem in stems if stem != "_chat"), "WhatsApp chat")


def _shape(sample: Sample) -> str:
    """The key under which an answer is kept: for this chat, or all of a folder or zip, which one phone exported."""
    return header_shape([NETWORK, PurePosixPath(sample.content.name).parts[0]])


def _settle(sample: Sample, options: ImportOptions) -> dict[str, str]:
    """Which of day and month comes first: as the file tells, else as people said. Raises ``OpenQuestion``."""
    encoding = _encoding(sample.head)
    told = tell_date_order(
        itertools.islice(_dates(sample.content, encoding), 1), lambda: _dates(sample.content, encoding)
    )
    if told is None or isinstance(told, str):
        return {} if told is None else {DATE_ORDER: told}
    shape = _shape(sample)
    for said in (options.mapping or {}, options.saved_mappings.get(shape, {})):
        if said.get(DATE_ORDER) in SAYS[DATE_ORDER]:
            return {DATE_ORDER: said[DATE_ORDER]}
    raise OpenQuestion(sample.content.name, DATE_ORDER, told, shape)


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    date_order = _settle(sample, options).get(DATE_ORDER, DAY_FIRST)
    chat = _Chat(_name(sample), date_order, options.zone, sample.content.progress)
    return records_of_rows(_entries(sample.content, _encoding(sample.head)), chat.records)


FORMAT = Format(
    name="whatsapp",
    label="WhatsApp chat",
    description="A chat as WhatsApp on Android or iOS exports it: text, alone or in a zip.",
    matches=_matches,
    read=_read,
    settle=_settle,
)
