"""A store of customers of whom one half asked and were answered, and the other half asked in vain."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from data_access.models import derived, facts
from tests.answers.store import add_channel

FIRST_DAY = date(2025, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(days=400)
CONTACTS = 10_000


def moment(day: float) -> datetime:
    """Noon of a day counted from the first."""
    return datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 12, tzinfo=UTC) + timedelta(days=day)


def add_buyers(session: Session, people: int = 120, *, currency: str = "EUR", buys_more: int = 4) -> None:
    """``people`` customers, who wrote on day 100 and asked on day 200; those of an even number were answered. All
    bought on day 150; every ``buys_more``th person, all of them answered, bought again on day 210. Orders are known of
    days 0 to 400. Every third contact buys for an organisation."""
    add_channel(session, 1)
    session.add(facts.Organization(id=1, network="crm", source="c", native_id="o", name="School"))
    session.flush()
    everybody = range(1, people + 1)
    _add_people(session, everybody)
    posts = [_post(person, day) for day in (0, 100, 200) for person in everybody]
    session.add_all(posts)
    session.flush()
    session.add_all(_day_of(post) for post in posts)
    asked = posts[-people:]
    session.add_all(_turn(post, is_answered=post.author_id % 2 == 0) for post in asked if post.author_id is not None)
    bought = [(person, 150) for person in everybody]
    bought += [(person, 210) for person in everybody if person % buys_more == 0]
    for number, (person, day) in enumerate([(1, 0), *bought, (2, 400)]):
        session.add(
            facts.Order(
                network="crm",
                source="c",
                native_id=f"order{number}",
                identity_id=CONTACTS + person,
                amount_minor=2_000,
                currency=currency,
                occurred_at=moment(day),
            )
        )
    session.flush()


def _add_people(session: Session, people: Iterable[int]) -> None:
    """Each with an account of the same number, and a contact in the CRM."""
    for person in people:
        session.add(derived.Person(id=person, name=f"Person {person}"))
        session.add(facts.Identity(id=person, network="twitter", source="s", native_id=f"u{person}"))
        contact = {"id": CONTACTS + person, "organization_id": 1 if person % 3 == 0 else None}
        session.add(facts.Identity(network="crm", source="c", native_id=f"c{person}", **contact))
    session.flush()
    for person in people:
        for account in (person, CONTACTS + person):
            session.add(derived.PersonIdentity(identity_id=account, person_id=person))
    session.flush()


def _post(person: int, day: int) -> facts.Post:
    number = person + 1_000 * day
    return facts.Post(
        id=number,
        network="twitter",
        source="s",
        native_id=str(number),
        channel_id=1,
        author_id=person,
        occurred_at=moment(day),
        kind="question" if day == 200 else "post",
    )


def _day_of(post: facts.Post) -> derived.PostDay:
    return derived.PostDay(post_id=post.id, channel_id=1, day=post.occurred_at.date(), hour=12, side="inbound")


def _turn(post: facts.Post, *, is_answered: bool) -> derived.Turn:
    return derived.Turn(
        opened_post_id=post.id,
        conversation_id=post.id,
        channel_id=1,
        person_id=post.author_id,
        day=post.occurred_at.date(),
        opened_at=post.occurred_at,
        last_post_id=post.id,
        posts=1,
        negative_posts=0,
        closed_at=post.occurred_at + timedelta(hours=1) if is_answered else None,
    )
