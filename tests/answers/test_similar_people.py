"""Who is like somebody, and why."""

from pyroaring import BitMap
from sqlmodel import Session

from answers.scope import read_scope
from answers.similar_people import read_similar_people
from data_access.models import derived
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at


def _write(session: Session, person: int, channel: int, topic: str, posts: int = 3) -> None:
    """So many posts about a topic in a channel, on one day."""
    for number in range(posts):
        post = 1_000 * person + 100 * channel + number
        add_post(session, post, author=person, channel=channel, moment=at(MONDAY, 9, number))
        session.add(derived.PostTopic(post_id=post, topic=topic, occurred_at=at(MONDAY, 9, number)))
    session.add(derived.PersonDay(person_id=person, day=MONDAY, channel_id=channel, posts=posts, scored=posts))
    session.flush()


def add_people(session: Session) -> None:
    """Ann and Ben speak of prices in channel 1, Cid of sizes there, Dot of sizes in channel 2; the team of prices."""
    for channel in (1, 2):
        add_channel(session, channel)
    for number, name in enumerate(("Ann", "Ben", "Cid", "Dot", "Tess"), start=1):
        add_person(session, number, name)
    session.get_one(derived.Person, 5).role = "team"
    add_daily(session, MONDAY, posts=12)
    for person, channel, topic in ((1, 1, "price"), (2, 1, "price"), (3, 1, "size"), (4, 2, "size"), (5, 1, "price")):
        _write(session, person, channel, topic)
    for channel, people in ((1, [1, 2, 3, 5]), (2, [4])):
        session.add(derived.ActiveSet(day=MONDAY, channel_id=channel, people=BitMap(people).serialize()))
    session.flush()


def test_similar_people_puts_the_most_alike_first_and_says_why(session: Session) -> None:
    add_people(session)
    found = read_similar_people(session, 1)
    assert found["name"].tolist() == ["Ben", "Cid"]
    assert found["similarity"].round(3).tolist() == [1.0, 0.5]  # Cid: channel .3 and as many posts .2
    assert found["why"].tolist() == ["Also speaks of price; also writes in channel 1", "Also writes in channel 1"]
    assert found["posts"].tolist() == [3, 3]


def test_similar_people_is_empty_when_there_is_nothing_to_compare(session: Session) -> None:
    add_people(session)
    add_person(session, 9, "Silent")
    assert read_similar_people(session, 9).empty
    later = MONDAY + 500 * DAY
    add_daily(session, later, posts=1)
    assert read_similar_people(session, 1, scope=read_scope(session, today=later)).empty  # a year and more ago
