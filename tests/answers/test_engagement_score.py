"""How engaged one person is, from the store."""

import pytest
from sqlmodel import Session

from answers.catalogue import find_metric
from answers.engagement_score import ACTS, read_engagement_score
from data_access.models import facts
from metrics.engagement_score import HALF_LIFE_DAYS, HALF_SCORE_POINTS, OLDEST_DAYS, WEIGHTS
from tests.answers.store import DAY, MONDAY, add_channel, add_daily, add_person, add_post, at

KEY = {"network": "shop", "source": "s"}


def add_acts(session: Session) -> None:
    """Ann wrote a post and a reply on the last day, was answered by Bob, visited and ordered 30 days before, and had
    the order refunded."""
    add_channel(session)
    add_person(session, 1, "Ann")
    add_person(session, 2, "Bob")
    add_post(session, 1, author=1, moment=at(MONDAY, 9))
    add_post(session, 2, author=1, moment=at(MONDAY, 10), kind="comment")
    add_post(session, 3, author=1, moment=at(MONDAY - 400 * DAY, 10))
    add_daily(session, MONDAY - 400 * DAY, posts=1)
    add_daily(session, MONDAY, posts=2)
    talk = {"kind": "reply", "occurred_at": at(MONDAY, 11)}
    session.add(facts.Interaction(**KEY, native_id="1", actor_id=2, target_id=1, **talk))
    session.add(facts.Interaction(**KEY, native_id="2", actor_id=1, target_id=2, **talk))
    before = at(MONDAY - 30 * DAY)
    session.add(facts.Visit(**KEY, native_id="v", identity_id=1, occurred_at=before))
    for number, amount, refund_of in ((1, 900, None), (2, -900, "o1")):
        known = {"identity_id": 1, "amount_minor": amount, "currency": "EUR", "occurred_at": before}
        session.add(facts.Order(**KEY, native_id=f"o{number}", refund_of_native_id=refund_of, **known))
    session.flush()


def test_engagement_score_counts_what_they_did_and_got_and_no_refund(session: Session) -> None:
    add_acts(session)
    found = read_engagement_score(session, 1)
    assert found.as_of == MONDAY
    points = found.parts.set_index("kind")["points"].to_dict()
    # a post and a reply of 3 today, an answer of 2 today, a visit of 1 and an order of 8 a half-life ago
    assert points == pytest.approx({"post": 3, "reply": 3, "answer": 2, "visit": 0.5, "order": 4})
    assert found.score == pytest.approx(100 * 12.5 / 32.5, abs=0.05)
    assert "from 1 post" in found.how[0]
    assert "order 8" in found.how[1]


def test_engagement_score_is_0_when_somebody_did_nothing(session: Session) -> None:
    add_acts(session)
    add_person(session, 7)
    found = read_engagement_score(session, 7)
    assert found.score == 0
    assert found.how[0] == "Nothing in the last 360 days of data."


def test_engagement_score_takes_a_sale_after_the_last_post_as_of_the_last_day(session: Session) -> None:
    add_acts(session)
    late = {"amount_minor": 1, "currency": "EUR", "occurred_at": at(MONDAY + 50 * DAY)}
    session.add(facts.Order(**KEY, native_id="late", identity_id=2, **late))
    session.flush()
    parts = read_engagement_score(session, 2).parts.set_index("kind")
    assert parts.loc["order", "points"] == 8


def test_dictionary_states_the_weights_that_are_used() -> None:
    entry = find_metric("engagement_score")
    words = {"order": "order 8 points", "feedback": "answer 5", "visit": "visit 1"}
    assert set(WEIGHTS) == set(ACTS)
    for kind, stated in words.items():
        assert stated in entry.formula
        assert f" {WEIGHTS[kind]:.0f}" in stated
    assert f"p + {HALF_SCORE_POINTS:.0f})" in entry.formula
    assert f"/ {HALF_LIFE_DAYS})" in entry.formula
    assert f"{OLDEST_DAYS} days" in entry.excludes
