"""What was settled: who was answered, and what the team decided about those who waited."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd
from sqlmodel import Session

from answers.filters import Filters
from answers.scope import Scope, channel_ids
from answers.waiting import SETTLING, describe_customer, read_bought
from data_access.models.decisions import CaseEventKind
from data_access.queries.cases import list_case_decisions
from data_access.queries.coverage import count_answered_since, read_seen_until
from data_access.queries.turns import list_answered_turns, read_turn_details

#: Decisions after which a case waits no longer, or not for now.
DECIDED = (*SETTLING, CaseEventKind.SNOOZED)


@dataclass(frozen=True)
class Settled:
    """What was settled since a moment. ``answered`` and ``decided``: how many; ``answers`` and ``decisions``: those of
    them that are told, who bought most first, then the newest.

    ``answers``: ``person``, ``channel``, ``response_seconds``, ``customer`` (in words, or empty). ``decisions``:
    ``person``, ``channel``, ``kind``, ``decided_by``, ``customer``."""

    answered: int
    decided: int
    answers: pd.DataFrame = field(repr=False)
    decisions: pd.DataFrame = field(repr=False)


def read_settled(
    session: Session, filters: Filters, *, since: datetime | None, scope: Scope, limit: int = 10
) -> Settled:
    """What was settled since ``since`` (UTC, by the clock): answers later than what was in by then, and decisions later
    than that. Without it, the answers of the last day that has data and every decision. ``limit``: of how many more
    than a number is told."""
    channels = channel_ids(scope, filters)
    moment = read_seen_until(session, since) if since is not None else None
    if moment is None:
        last = scope.last_day or filters.last_day
        moment = datetime.combine(last, time(), ZoneInfo(scope.time_zone)).astimezone(UTC)
    answers = list_answered_turns(session, since=moment, channels=channels)
    decisions = list_case_decisions(session, DECIDED, since=since)
    told = _dearest_first(session, answers, scope).head(limit)
    details = read_turn_details(session, told["opened_post_id"].tolist())
    return Settled(
        answered=count_answered_since(session, moment, channels=channels),
        decided=len(decisions),
        answers=told.merge(details[["opened_post_id", "person", "channel"]], on="opened_post_id", how="left"),
        decisions=_dearest_first(session, decisions, scope).head(limit),
    )


def _dearest_first(session: Session, rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    people = [0 if pd.isna(person) else int(person) for person in rows["person_id"]]
    bought = read_bought(session, {*people} - {0}, scope)
    currency = scope.settings.currency
    customer = [describe_customer(*bought[person], currency) if person in bought else "" for person in people]
    minor = [bought[person][1] if person in bought else 0 for person in people]
    known = rows.assign(customer=pd.Series(customer, index=rows.index, dtype="object"), minor=minor)
    return known.sort_values("minor", ascending=False, kind="stable").drop(columns="minor")
