"""A person's scores in every period, and their places."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from answers.profile_influence import PeriodScores, describe_kind_rules, read_person_influence
from data_access.models.derived import Community, Influence, InfluencePeriod
from data_access.settings import Settings
from data_access.store import reading
from tests.answers.store import MONDAY
from tests.jobs.stores import account, bring, channel, post

END = MONDAY + timedelta(days=1)


def add_period(session: Session, period: str, days: int, people: int = 5) -> None:
    session.add(InfluencePeriod(period=period, start=END - timedelta(days=days), end=END, people=people))
    session.flush()


def add_scores(session: Session, person: int, period: str = "28", **scores: Any) -> None:
    session.add(Influence(period=period, person_id=person, **scores))
    session.flush()


def read(session: Session, person: int) -> dict[str, PeriodScores]:
    return {one.period: one for one in read_person_influence(session, person)}


def test_place_is_one_more_than_those_above_and_shared_when_equal(session: Session) -> None:
    add_period(session, "28", 28)
    for person, pagerank, betweenness in ((1, 0.4, 0.0), (2, 0.2, 0.3), (3, 0.2, 0.1), (4, 0.1, 0.0), (5, None, None)):
        add_scores(session, person, pagerank=pagerank, betweenness=betweenness)
    add_scores(session, 1, "90", pagerank=0.9)  # another period is another order
    assert [read(session, person)["28"].places.get("pagerank") for person in range(1, 6)] == [1, 2, 2, 4, None]
    assert read(session, 3)["28"].places == {"pagerank": 2, "betweenness": 2}
    assert read(session, 1)["28"].places == {"pagerank": 1}
    assert [read(session, person)["28"].is_tied for person in (1, 5)] == [True, False]


def test_scores_come_with_trend_kinds_and_the_community_of_their_period(session: Session) -> None:
    add_period(session, "28", 28, people=12)
    add_period(session, "90", 90)
    session.add(Community(period="28", number=2, label="lamps"))
    session.add(Community(period="90", number=2, label="parcels"))
    scores = {"pagerank": 0.5, "in_strength": 2.5, "in_people": 2, "core": 1, "reach": 900}
    add_scores(session, 1, **scores, community=2, trend="rising", kinds="|advocate|hub|")
    one = read(session, 1)["28"]
    assert (one.community, one.label, one.trend, one.kinds) == (2, "lamps", "rising", ("advocate", "hub"))
    assert one.scores == {
        **{name: float(value) for name, value in scores.items()},
        "betweenness": None,
        "h_index": None,
    }
    assert (one.people, one.days.start, one.days.end) == (12, END - timedelta(days=28), END)
    other = read(session, 1)["90"]
    assert (other.is_known, other.is_there, other.label) == (True, False, None)


def test_the_team_has_a_role_and_no_place(session: Session) -> None:
    add_period(session, "all", 400)
    add_scores(session, 1, "all", role="team", in_strength=3.0)
    one = read(session, 1)["all"]
    assert (one.role, one.is_tied, one.places) == ("team", False, {})


def test_periods_have_their_days_when_nothing_is_worked_out(engine: Engine) -> None:
    bring(engine, [channel(), account("ann"), *(post(f"p{day}", day * 24 * 60) for day in (-500, 0))])
    with reading(engine) as session:
        found = read_person_influence(session, 1)
    assert not any(one.is_known for one in found)
    assert [(one.days.start, one.days.end) for one in found] == [
        (END - timedelta(days=28), END),
        (END - timedelta(days=90), END),
        (END - timedelta(days=365), END),
        (MONDAY - timedelta(days=500), END),
    ]


def test_rules_of_kinds_name_the_settings_of_the_workspace() -> None:
    rules = describe_kind_rules(Settings(advocate_posts=7, advocate_days=33))
    assert "7 positive posts" in rules["advocate"]
    assert "33 days" in rules["detractor"]
