"""Mailboxes: mails one after the other, each behind a line "From ...", as Mailman, HyperKitty and mail programs write.

A mail's text is what its writer wrote in it (``reading/own_words.py``): quotes, signatures and footers are left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from itertools import islice
from pathlib import PurePosixPath

from data_access.importers.reading.announced import Announced
from data_access.importers.reading.content import Content
from data_access.importers.reading.options import Format, ImportOptions
from data_access.importers.reading.own_words import own_words
from data_access.importers.reading.plain_text import html_to_text
from data_access.importers.reading.records_of_rows import records_of_rows
from data_access.importers.reading.sample import Sample
from data_access.importers.reading.values import TimeReader, read_email, required
from data_access.records import ChannelRecord, IdentityRecord, PostRecord, Record, Refusal, content_id

NETWORK = SOURCE = "email"
_FROM_LINE = re.compile(rb"From \S.*\d\d:\d\d(?::\d\d)?.*\b(?:19|20)\d\d\b.*")
_HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]+:")
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_ID = re.compile(r"<([^<>\s]+)>")
_AT = re.compile(r"\s+at\s+|\s*\(a?t?\)\s*|\s*\[at\]\s*|(?<=\w)\s*_at_\s*(?=\w)|\s*\{at\}\s*", re.IGNORECASE)
_ADDRESS_IN_BRACKETS = re.compile(r"(.*?)<([^<>]*)>")
_ANSWER_MARK = re.compile(r"(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr|rv)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_TAG = re.compile(r"\[([^\[\]]{2,60})\]")
_LIST_HEADERS = ("List-Id", "List-Post", "X-BeenThere", "Mailing-List", "X-Mailing-List")
_LIST_NAME = re.compile(r"<(?:mailto:)?([^<>\s]+)>")
_REMEMBERED = 50_000
_LOOKED_AT = 50


def read_mails(content: Content) -> Iterator[tuple[int, bytes]]:
    """The mails of a mailbox, each with the number of the line behind which it begins, streamed."""
    begins, after_blank = 0, True
    lines: list[bytes] = []
    with content.open() as stream:
        for number, line in enumerate(stream, start=1):
            if after_blank and line.startswith(b"From ") and _FROM_LINE.match(line):
                if begins:
                    content.progress.rows += 1
                    yield begins, b"".join(lines)
                begins, lines = number, []
            elif begins:
                lines.append(line)
            after_blank = not line.strip()
    if begins:
        content.progress.rows += 1
        yield begins, b"".join(lines)


# --- parts of a mail


def _header(mail: Message, name: str) -> str:
    """A header's text, decoded, on one line."""
    raw = mail.get(name)
    if raw is None:
        return ""
    return " ".join(_decoded(str(raw)).split())


def _decoded(raw: str) -> str:
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw
    return "".join(part if isinstance(part, str) else decode_text(part, charset) for part, charset in parts)


def decode_text(raw: bytes, charset: str | None) -> str:
    """Text in the charset that is named, where it fits; else UTF-8, else Western European.

    >>> decode_text(b"caf\\xe9", "utf-8"), decode_text(b"caf\\xc3\\xa9", "no-such")
    ('café', 'café')
    """
    for name in (charset or "utf-8", "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _text(mail: Message) -> str:
    """What a mail says: its first plain text, else its first HTML as text; attachments are no text."""
    parts = [part for part in mail.walk() if not part.is_multipart() and part.get_content_disposition() != "attachment"]
    for kind, as_text in (("text/plain", str), ("text/html", html_to_text)):
        for part in parts:
            if part.get_content_type() == kind:
                payload = part.get_payload(decode=True)
                raw = payload if isinstance(payload, bytes) else b""
                return as_text(decode_text(_ESCAPED_FROM.sub(rb"\1", raw), part.get_content_charset()))
    return ""


def read_sender(header: str) -> tuple[str, str]:
    """The name and the address of a sender, also where the archive hides the address as "ann at example.org".

    >>> read_sender("ann at example.org (Ann Lee)"), read_sender('"Lee, Ann" <ann(a)example.org>')
    (('Ann Lee', 'ann@example.org'), ('Lee, Ann', 'ann@example.org'))
    """
    bracketed = _ADDRESS_IN_BRACKETS.fullmatch(header.strip())
    if bracketed:
        return bracketed[1].strip().strip("\"'").strip(), _shown_address(bracketed[2])
    address, mark, comment = header.partition(" (")
    if mark and not comment.startswith(("a)", "at)")):
        return comment.rsplit(")", 1)[0].strip(), _shown_address(address)
    name, plain = parseaddr(_shown_address(header))
    return name, plain


def _shown_address(text: str) -> str:
    return (text if "@" in text else _AT.sub("@", text, count=1)).strip()


def _ids(mail: Message, name: str) -> list[str]:
    return _ID.findall(str(mail.get(name) or ""))


def _list_address(mail: Message) -> str | None:
    """The list that a mail went to, as its headers say: ``list@host``, or its id ``list.host``."""
    for name in _LIST_HEADERS:
        value = _header(mail, name)
        found = _LIST_NAME.search(value) or re.search(r"([^\s;,<>]+[@.][^\s;,<>]+)", value)
        if found:
            return found[1].lower()
    return None


# --- records


class _Mails:
    def __init__(self, channel: str, time_zone: str) -> None:
        self._channel = channel
        self._times = TimeReader(time_zone)
        self._said = Announced()
        self._subjects: dict[str, str] = {}

    def records(self, raw: bytes) -> Iterator[Record]:
        """A mail, preceded by its list and its sender where they are new."""
        mail = message_from_bytes(raw)
        occurred_at = required(self._time(mail), "Date")
        author = self._author(mail, occurred_at)
        text = own_words(_text(mail))
        author_id = None if author is None else author.native_id
        list_address = _list_address(mail)
        native_id = next(iter(_ids(mail, "Message-ID")), None) or content_id(author_id, occurred_at, text, list_address)
        parents, thread = _ids(mail, "In-Reply-To"), _ids(mail, "References")
        parent = next((one for one in (*parents[:1], *reversed(thread)) if one != native_id), None)
        channel = list_address or self._channel
        if author is not None:
            yield from self._said.news(author)
        yield from self._said.news(
            ChannelRecord(NETWORK, SOURCE, channel, channel, kind="private", purpose="community")
        )
        yield PostRecord(
            network=NETWORK,
            source=SOURCE,
            native_id=native_id,
            channel=channel,
            occurred_at=occurred_at,
            author=author_id,
            kind="post" if parent is None else "reply",
            text=text,
            title=self._title(mail, native_id, parent),
            url=next(iter(_ids(mail, "Archived-At")), None),
            parent=parent,
            root=next(iter(thread), None) or parent or native_id,
        )

    def _time(self, mail: Message) -> datetime | None:
        return self._times.read(re.sub(r"\s*\([^()]*\)\s*$", "", _header(mail, "Date")))

    @staticmethod
    def _author(mail: Message, observed_at: datetime) -> IdentityRecord | None:
        """Who wrote a mail, as they were called then."""
        name, address = read_sender(_header(mail, "From"))
        email = read_email(address)
        native_id = email or (f"name:{(name or address).casefold()}" if name or address else None)
        if native_id is None:
            return None
        return IdentityRecord(
            NETWORK, SOURCE, native_id, display_name=name or None, email=email, observed_at=observed_at
        )

    def _title(self, mail: Message, native_id: str, parent: str | None) -> str | None:
        """The subject, where it is news: an answer that keeps its thread's has none of its own."""
        subject = _header(mail, "Subject")
        plain = _plain_subject(subject)
        if len(self._subjects) >= _REMEMBERED:
            self._subjects.clear()
        self._subjects[native_id] = plain
        if parent is not None and self._subjects.get(parent, plain) == plain:
            return None
        return subject or None


def _plain_subject(subject: str) -> str:
    """A subject without its list's tag and "Re:"."""
    return _ANSWER_MARK.sub("", _TAG.sub("", subject)).casefold().strip()


def _usual_channel(content: Content) -> str:
    """What the mails of a mailbox without headers of a list went to: the tag that most subjects bear, else its name."""
    first = [message_from_bytes(raw) for _line, raw in islice(read_mails(content.aside()), _LOOKED_AT)]
    marked = (_TAG.match(_ANSWER_MARK.sub("", _header(mail, "Subject"))) for mail in first)
    tags = Counter(found[1].strip() for found in marked if found)
    tag, mails = tags.most_common(1)[0] if tags else ("", 0)
    return tag if 2 * mails > len(first) else PurePosixPath(content.name).name.split(".")[0]


def _matches(sample: Sample) -> bool:
    """A line "From" with a time, and a mail's headers right below."""
    lines = sample.head.lstrip(b"\r\n").split(b"\n", 3)
    return len(lines) > 2 and _FROM_LINE.match(lines[0]) is not None and _HEADER.match(lines[1]) is not None


def _as_raw(make: Callable[[bytes], Iterator[Record]]) -> Callable[[str], Iterator[Record]]:
    """Mails go through as text of one byte a letter, so that a refused one can be shown."""
    return lambda text: make(text.encode("latin-1"))


def _read(sample: Sample, options: ImportOptions) -> Iterator[Record | Refusal]:
    mails = _Mails(options.channel or _usual_channel(sample.content), options.zone)
    rows = ((line, raw.decode("latin-1")) for line, raw in read_mails(sample.content))
    return records_of_rows(rows, _as_raw(mails.records))


FORMAT = Format(
    name="mbox",
    label="Mailbox",
    description="Mails one after the other behind lines 'From ...', as mailing lists and mail programs export them.",
    matches=_matches,
    read=_read,
)
