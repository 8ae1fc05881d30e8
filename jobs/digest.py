"""The day's digest: what Today says, as a mail in plain text. Sent once for each day of data."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd
from sqlalchemy import Engine
from sqlmodel import Session

from answers.alerts import count_unseen, read_alerts
from answers.drivers import read_drivers
from answers.filters import DAY, Filters
from answers.scope import Scope, read_scope
from answers.settled import Settled, read_settled
from answers.today import TodayNumber, Unusual, group_by_day, in_words, read_today
from answers.waiting import describe_customer, read_waiting
from data_access.decisions import list_standing
from data_access.models.decisions import Setting
from data_access.settings import add_setting, list_setting_rows
from data_access.store import reading, writing
from metrics.priority import duration_in_words

DECIDED_BY = "rapport watch"
#: The setting that remembers the last day of data of which a digest was mailed.
SENT_SETTING = "digest_sent_for"
#: The days of which Today lists who waits, where nobody chose others.
_WAITING_DAYS = 28
_SHOWN = 10
_TEXT_LENGTH = 160
_TIMEOUT_SECONDS = 30
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MissingMailSettings(RuntimeError):
    """Mail was asked for, but the environment does not say through which server."""


@dataclass(frozen=True)
class Digest:
    """A written digest: the day of data that it is about, subject and text."""

    day: date
    subject: str
    text: str


@dataclass(frozen=True)
class MailSettings:
    """How mail goes out. ``url``: ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://``."""

    url: str
    sender: str
    recipients: tuple[str, ...]

    @property
    def host(self) -> str:
        """The mail server's name."""
        return urlsplit(self.url).hostname or "localhost"

    @classmethod
    def from_environment(cls, recipients: tuple[str, ...]) -> "MailSettings":
        """From ``RAPPORT_SMTP_URL`` and ``RAPPORT_MAIL_FROM``. Raises ``MissingMailSettings``."""
        url, sender = os.environ.get("RAPPORT_SMTP_URL"), os.environ.get("RAPPORT_MAIL_FROM")
        if not url or not sender:
            raise MissingMailSettings(
                "To send mail, set RAPPORT_SMTP_URL (smtp://user:password@host:587 or smtps://...) and "
                "RAPPORT_MAIL_FROM (the sender's address)."
            )
        return cls(url, sender, recipients)


def write_digest(engine: Engine) -> Digest | None:
    """The digest of the last day with posts; None where there is no post."""
    with reading(engine) as session:
        scope = read_scope(session)
        if scope.last_day is None or not scope.posts:
            return None
        today = read_today(session, scope.last_days(1), scope=scope)
        unusual = _unusual_lines(session, today.unusual, scope=scope)
        recent: Filters = scope.last_days(_WAITING_DAYS)
        waiting = read_waiting(session, recent, scope=scope).to_us
        unseen, alerts = count_unseen(session), read_alerts(session, limit=_SHOWN)
        sent = next((row for row in list_standing(session, Setting) if row.key == SENT_SETTING), None)
        settled = read_settled(session, recent, since=sent.decided_at if sent else None, scope=scope, limit=_SHOWN)
    day = _named(scope.last_day)
    lines = [f"{scope.settings.workspace_name}: {day}, the last day that has data", ""]
    lines += [_number_line(number) for number in today.numbers]
    if unseen:
        lines += ["", f"New posts of watched people, which nobody has seen: {unseen:,}", *alert_lines(alerts)]
    lines += ["", "Unusual in the last seven days"]
    lines += unusual or ["- nothing"]
    many = f"at least {waiting.waiting:,}" if waiting.is_least else f"{waiting.waiting:,}"
    lines += ["", f"Waiting for an answer, of the last {_WAITING_DAYS} days: {many}"]
    if not waiting.is_told:
        lines.append("(Everyone who wrote and has no answer: no brand of ours is named in Settings.)")
    for turn in waiting.turns.head(_SHOWN).itertuples(index=False):
        worth = describe_customer(turn.bought, turn.bought_minor, scope.settings.currency) if turn.bought_minor else ""
        who = _joined(turn.person or "someone", turn.channel, worth)
        lines.append(f"- {who}: {turn.reason}")
        lines.append(f"  {shortened(turn.text)}")
        if turn.url:
            lines.append(f"  {turn.url}")
    lines += ["", *_settled_lines(settled, date.fromisoformat(sent.value) if sent else None)]
    subject = f"{scope.settings.workspace_name}, {day}: {many} waiting, {len(today.unusual)} unusual"
    return Digest(scope.last_day, subject, "\n".join(lines) + "\n")


def _unusual_lines(session: Session, unusual: tuple[Unusual, ...], *, scope: Scope) -> list[str]:
    lines = []
    for of_day in group_by_day(unusual):
        lines += [f"- {one.what}" for one in of_day]
        day = of_day[0].day
        why = read_drivers(session, Filters(day, day + DAY), scope=scope).words
        lines += [f"  {why}"] if why else []
    return lines


def _named(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _joined(*parts: Any) -> str:
    """Those that are known: what a row lacks is None, NaN or empty.

    >>> _joined("Ann", float("nan"), "")
    'Ann'
    """
    return ", ".join(part for part in parts if isinstance(part, str) and part)


def _name(person: Any) -> str:
    return _joined(person) or "someone"


def _settled_lines(settled: Settled, last: date | None) -> list[str]:
    """What was settled, since the digest of the day ``last``; None: since before the last day."""
    since = f"since the digest of {_named(last)}" if last else "on this day, and decided so far"
    lines = [f"Settled {since}: {settled.answered:,} answered, {settled.decided:,} decided"]
    for row in settled.answers.itertuples(index=False):
        who = _joined(_name(row.person), row.channel, row.customer)
        lines.append(f"- {who}: answered after {duration_in_words(row.response_seconds)}")
    for row in settled.decisions.itertuples(index=False):
        who = _joined(_name(row.person), row.channel, row.customer)
        lines.append(f"- {who}: {row.kind.replace('_', ' ')}, says {row.decided_by}")
    more = settled.answered + settled.decided - len(settled.answers) - len(settled.decisions)
    return [*lines, f"- and {more:,} more"] if more else lines


def _number_line(number: TodayNumber) -> str:
    mark = " (unusual)" if number.is_unusual else ""
    usual = in_words(number.metric, number.expected)
    return f"- {number.metric.label}: {in_words(number.metric, number.value)}, {number.comparison} {usual}{mark}"


def alert_lines(alerts: pd.DataFrame) -> list[str]:
    """Posts of watched people as lines of a mail. ``alerts`` as ``answers.alerts.read_alerts``."""
    lines = []
    for post in alerts.itertuples(index=False):
        feeling = f", {post.label}" if isinstance(post.label, str) else ""
        lines.append(f"- {post.author or 'someone'}, {post.channel}{feeling}. {post.why}")
        lines.append(f"  {shortened(post.text)}")
        if post.url:
            lines.append(f"  {post.url}")
    return lines


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_LENGTH else line[: _TEXT_LENGTH - 1].rstrip() + "…"


def send_digest(engine: Engine, mail: MailSettings) -> Digest | None:
    """Write and mail the digest. Returns what was sent; None where there is no data."""
    digest = write_digest(engine)
    if digest is not None:
        send_mail(mail, digest.subject, digest.text)
    return digest


def send_digest_once(engine: Engine, mail: MailSettings) -> Digest | None:
    """Mail the digest unless that of the last day of data has gone out. Returns what was sent."""
    digest = write_digest(engine)
    if digest is None:
        return None
    with reading(engine) as session:
        sent = list_setting_rows(session).get(SENT_SETTING)
    if sent is not None and sent >= digest.day.isoformat():
        return None
    send_mail(mail, digest.subject, digest.text)
    with writing(engine, counts=False) as session:
        add_setting(session, key=SENT_SETTING, value=digest.day.isoformat(), decided_by=DECIDED_BY)
    return digest


def send_mail(mail: MailSettings, subject: str, text: str) -> None:
    """Send one mail in plain text. Raises what smtplib raises where the server refuses it."""
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message.set_content(text)
    place = urlsplit(mail.url)
    host = mail.host
    secure = ssl.create_default_context()
    if place.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, place.port or 465, timeout=_TIMEOUT_SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, place.port or 587, timeout=_TIMEOUT_SECONDS)
    is_secret = place.scheme == "smtps"
    with server:
        server.ehlo()
        if place.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=secure)
            server.ehlo()
            is_secret = True
        if place.username and not is_secret and host not in _LOOPBACK:
            raise smtplib.SMTPException(f"{host} offers no encryption, so the password was not sent. Use smtps://.")
        if place.username:
            server.login(unquote(place.username), unquote(place.password or ""))
        server.send_message(message)
