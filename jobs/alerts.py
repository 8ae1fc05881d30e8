"""Alerts beyond the pages: in words, as rows for programs, and as a mail after an import."""

from typing import Any, TypeAlias

import pandas as pd
from sqlalchemy import Engine, delete
from sqlmodel import Session

from answers.alerts import read_alerts
from data_access.models import decisions
from data_access.models.columns import to_micros
from data_access.queries.alerts import list_alerts
from data_access.settings import MAILED_SETTING, add_setting, list_setting_rows, read_settings
from data_access.store import reading, writing
from data_access.upsert import table
from jobs.digest import DECIDED_BY, MailSettings, alert_lines, send_mail

#: Columns of ``list_alert_rows``.
COLUMNS = ("post_id", "occurred_at", "person_id", "person", "network", "channel", "sentiment", "text", "url", "why")
MOST_LISTED = 1_000
MOST_NAMED = 5
SETTING = table(decisions.Setting)
_Mailed: TypeAlias = tuple[int, int]


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


def send_alerts(engine: Engine, mail: MailSettings) -> str | None:
    """Mail the posts of watched people that nobody has seen and that no mail has named before: what an import brought,
    what became theirs by a later match, and what could not be mailed when it came. Returns the subject; None where
    there is nothing to say. Raises what smtplib raises where the server refuses it: then nothing is remembered."""
    with reading(engine) as session:
        mailed = _read_mailed(session)
        fresh = [key for key in _keys(list_alerts(session)) if key not in mailed][:MOST_LISTED]
        alerts = read_alerts(session, among={post_id for post_id, _ in fresh}, limit=MOST_LISTED)
        workspace = read_settings(session).workspace_name
    if alerts.empty:
        return None
    subject = f"{workspace}: {say_alerts(alerts)}"
    send_mail(mail, subject, "\n".join(alert_lines(alerts)) + "\n")
    with writing(engine, counts=False) as session:
        _remember(session, mailed | set(fresh))
    return subject


def _keys(alerts: pd.DataFrame) -> list[_Mailed]:
    """Posts by id and time: the id of one that is gone may be another's later."""
    return [(int(row.post_id), to_micros(row.occurred_at)) for row in alerts.itertuples(index=False)]


def _read_mailed(session: Session) -> set[_Mailed]:
    return {(post_id, moment) for post_id, moment in list_setting_rows(session).get(MAILED_SETTING, [])}


def _remember(session: Session, mailed: set[_Mailed]) -> None:
    """Keep which posts were mailed, as far as they are alerts, in place of what was kept before."""
    kept = mailed & set(_keys(list_alerts(session, unseen_only=False)))
    session.connection().execute(delete(SETTING).where(SETTING.c.key == MAILED_SETTING))
    add_setting(session, key=MAILED_SETTING, value=sorted(kept), decided_by=DECIDED_BY)


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
