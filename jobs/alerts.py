"""Alerts beyond the pages: in words, as rows for programs, and as a mail when an import brings some."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from answers.alerts import read_alerts
from data_access.settings import read_settings
from data_access.store import reading
from jobs.digest import MailSettings, alert_lines, send_mail

#: Columns of ``list_alert_rows``.
COLUMNS = ("post_id", "occurred_at", "person_id", "person", "network", "channel", "sentiment", "text", "url", "why")
MOST_LISTED = 1_000
MOST_NAMED = 5


def describe_new_alerts(engine: Engine, run_id: int) -> str | None:
    """What an import brought of people who are watched, in a sentence; None where that is nothing."""
    with reading(engine) as session:
        alerts = read_alerts(session, run_id=run_id, limit=MOST_LISTED)
    return None if alerts.empty else say_alerts(alerts)


def say_alerts(alerts: pd.DataFrame) -> str:
    """How many posts of whom, in a sentence. ``alerts`` as ``answers.alerts.read_alerts``."""
    many = "1 new post of a watched person" if len(alerts) == 1 else f"{len(alerts):,} new posts of watched people"
    by_name = alerts["author"].fillna("someone").value_counts(sort=False)
    names = [name if count == 1 else f"{name} ({count})" for name, count in by_name.items()]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{many}: {', '.join(names[:MOST_NAMED])}{more}"


def send_alerts(engine: Engine, mail: MailSettings, run_ids: Sequence[int]) -> str | None:
    """Mail at once what these imports brought of people who are watched, as far as nobody has seen it. Returns the
    subject; None where there is nothing to say. Raises what smtplib raises where the server refuses it."""
    with reading(engine) as session:
        found = [read_alerts(session, run_id=run_id, limit=MOST_LISTED) for run_id in run_ids]
        workspace = read_settings(session).workspace_name
    found = [alerts for alerts in found if not alerts.empty]
    if not found:
        return None
    alerts = pd.concat(found, ignore_index=True)
    subject = f"{workspace}: {say_alerts(alerts)}"
    send_mail(mail, subject, "\n".join(alert_lines(alerts)) + "\n")
    return subject


def list_alert_rows(engine: Engine, *, unseen_only: bool = True) -> list[dict[str, Any]]:
    """Alerts for programs, newest first, at most ``MOST_LISTED``: ``COLUMNS`` and ``is_seen``; times in ISO 8601,
    UTC."""
    with reading(engine) as session:
        alerts = read_alerts(session, unseen_only=unseen_only, limit=MOST_LISTED)
    named = alerts.rename(columns={"author": "person", "label": "sentiment"})
    named = named.assign(occurred_at=[moment.isoformat() for moment in named["occurred_at"]])
    rows = named[[*COLUMNS, "is_seen"]].astype("object")
    return [
        {str(name): value for name, value in row.items()} for row in rows.where(rows.notna(), None).to_dict("records")
    ]
