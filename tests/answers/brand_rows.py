"""Two brands of ours and a competitor, and the days on which they are named, for hand-computable shares of voice."""

from collections.abc import Iterable
from datetime import date

from pyroaring import BitMap
from sqlmodel import Session

from data_access.models.derived import BrandDay, BrandTopicDay
from data_access.models.facts import Brand

OURS, THEIRS, OTHERS = 1, 2, 3


def add_brands(session: Session) -> None:
    """Ours, and two competitors: Theirs and Others."""
    session.add_all(
        [
            Brand(id=OURS, name="Ours", is_competitor=False),
            Brand(id=THEIRS, name="Theirs", is_competitor=True),
            Brand(id=OTHERS, name="Others", is_competitor=True),
        ]
    )
    session.flush()


def add_mentions(
    session: Session, day: date, brand: int, posts: int, people: Iterable[int] = (), *, channel: int = 1, **counts: int
) -> None:
    """A day on which ``posts`` posts name a brand, by these people."""
    bitmap = BitMap(people).serialize()
    session.add(BrandDay(day=day, channel_id=channel, brand_id=brand, posts=posts, people=bitmap, **counts))
    session.flush()


def add_topic_mentions(
    session: Session, day: date, brand: int, topic: str, posts: int, *, channel: int = 1, **counts: int
) -> None:
    """A day on which ``posts`` posts name a brand and are about a topic."""
    session.add(BrandTopicDay(day=day, channel_id=channel, brand_id=brand, topic=topic, posts=posts, **counts))
    session.flush()
