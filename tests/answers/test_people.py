"""To find people, and who is most active."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from answers.filters import Filters
from answers.people import read_most_active, search_organizations, search_people
from data_access.models import derived, facts
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, add_written, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)


def add_people(session: Session) -> None:
    """Ann holds the accounts 1 and 2; Annika 3 wrote more; Hannah 4 has the letters further in."""
    add_channel(session)
    handles = {1: "ann", 2: "ann_g", 3: "annika", 4: "hannah"}
    for number, handle in handles.items():
        add_person(session, number, handle, handle=handle, handle_key=handle, followers=number * 10)
    held = session.get_one(derived.PersonIdentity, 2)
    held.person_id = 1
    for number, author in enumerate([1, 2, 3, 3, 3, 4], start=1):
        add_post(session, number, author=author, moment=at(MONDAY, number))
    session.flush()


def test_search_people_puts_the_exact_one_first_and_a_person_once(session: Session) -> None:
    add_people(session)
    found = search_people(session, "@ANN")
    assert found[["person_id", "posts", "followers"]].to_numpy().tolist() == [[1, 2, 20], [3, 3, 30]]
    assert search_people(session, "ann", limit=1)["person_id"].tolist() == [1]


def add_companies(session: Session) -> None:
    """Ann works at Kilbride Foods by her file's own words, Ben (9) by the CRM; Zoë (10) nowhere."""
    session.add(facts.Organization(id=1, network="crm", source="c", native_id="o1", name="Kilbride Foods"))
    session.add(
        facts.Organization(id=2, network="crm", source="c", native_id="o2", name="Old Kilbride", domain="ok.example")
    )
    session.flush()
    add_channel(session)
    add_person(session, 8, "Ann", display_name="Ann Ray", organization="Kilbride Foods")
    add_person(session, 9, "Ben", display_name="Ben", network="crm", organization_id=1)
    add_person(session, 10, "Zoë", display_name="ZOË MÜLLER", email="zoe@mail.example")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("kilbride", [8, 9]),
        ("Kilbride Foods", [8, 9]),
        ("ray", [8]),
        ("ann r", [8]),
        ("9", [9]),
        ("müller", [10]),
        ("zoe@", [10]),
        ("50%", []),
        ("_", []),
        ("99999999999999999999", []),
    ],
)
def test_search_people_looks_into_names_organisations_and_ids(session: Session, text: str, people: list[int]) -> None:
    add_companies(session)
    assert sorted(search_people(session, text)["person_id"]) == people


def test_search_organizations_puts_those_that_begin_with_it_first(session: Session) -> None:
    add_companies(session)
    found = search_organizations(session, "KILBRIDE")
    assert found[["organization_id", "accounts"]].to_numpy().tolist() == [[1, 1], [2, 0]]
    assert search_organizations(session, "ok.example")["name"].tolist() == ["Old Kilbride"]
    assert search_organizations(session, "k").empty


def test_search_people_finds_nobody_when_nothing_matches(session: Session) -> None:
    add_people(session)
    nobody = search_people(session, "xyz")
    assert nobody.empty
    assert list(nobody.columns) == list(search_people(session, "ann").columns)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20))
def test_search_people_takes_any_text(session: Session, text: str) -> None:
    assert len(search_people(session, text)) <= 20


def test_read_most_active_counts_the_period(session: Session) -> None:
    add_channel(session)
    for number, posts in [(1, 2), (2, 5)]:
        add_person(session, number, f"Person {number}", followers=7 if number == 1 else None)
        session.add(
            derived.PersonDay(
                person_id=number, day=MONDAY, channel_id=1, posts=posts, scored=posts - 2, positive=posts - 2
            )
        )
    session.add(derived.PersonDay(person_id=1, day=MONDAY - DAY, channel_id=1, posts=90))
    add_written(session, MONDAY, {1: 2, 2: 5})
    add_written(session, MONDAY - DAY, {1: 90})
    people = read_most_active(session, WEEK)
    assert people["person_id"].tolist() == [2, 1]
    assert people["posts"].tolist() == [5, 2]
    assert people["net_sentiment"].iloc[0] == 100
    assert math.isnan(people["net_sentiment"].iloc[1])
    assert people["followers"].astype(object).where(people["followers"].notna(), None).tolist() == [None, 7]
    assert read_most_active(session, WEEK.previous().previous()).empty
