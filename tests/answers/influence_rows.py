"""Rows of scored graphs, as small as a test needs them."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from data_access.models import derived, facts
from tests.answers.store import add_person

START, END = date(2026, 2, 1), date(2026, 3, 3)


def add_period(session: Session, period: str = "28", **more: Any) -> None:
    values = {"start": START, "end": END, "people": 3, "ties": 2, "communities": 1, "half_life_days": 90} | more
    session.add(derived.InfluencePeriod(period=period, **values))
    session.flush()


def add_scored(session: Session, number: int, *, period: str = "28", name: str | None = None, **scores: Any) -> None:
    """A person with an account of the same number, and their scores."""
    if session.get(derived.Person, number) is None:
        add_person(session, number, name)
    session.add(derived.Influence(period=period, person_id=number, **scores))
    session.flush()


def add_team(session: Session, number: int, role: str = "team", *, period: str = "28", **more: Any) -> None:
    """One of the team, or a bot, who is drawn."""
    session.add(derived.Person(id=number, name=f"Colleague {number}", role=role))
    session.flush()
    add_person(session, number)
    add_scored(session, number, period=period, role=role, x=0.0, y=0.0, **more)
    session.add(derived.AccountRole(identity_id=number, role=role))
    session.flush()


def add_tie(
    session: Session,
    source: int,
    target: int,
    weight: float = 1.0,
    *,
    period: str = "28",
    kind: str = "reply",
    network: str = "twitter",
    times: int = 1,
) -> None:
    session.add(
        derived.Tie(
            period=period, source_id=source, target_id=target, kind=kind, network=network, times=times, weight=weight
        )
    )
    session.flush()


def add_act(
    session: Session, number: int, actor: int, target: int, moment: datetime | None, kind: str = "reply", **more: Any
) -> None:
    """An interaction between two accounts."""
    values = {"network": "twitter", "source": "s", "native_id": f"i{number}"} | more
    session.add(facts.Interaction(id=number, kind=kind, actor_id=actor, target_id=target, occurred_at=moment, **values))
    session.flush()
