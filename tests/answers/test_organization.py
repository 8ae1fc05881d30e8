"""Organisations: who is of them, what they won in one currency, and what is new; counted by hand on both engines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from answers.filters import Filters
from answers.organization import find_organizations, list_stages, read_happened, read_one, read_organizations
from answers.organization_signals import Burst, read_signals
from answers.scope import read_scope
from data_access.models import derived, facts
from data_access.settings import add_setting
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

WEEK = Filters(MONDAY, MONDAY + 7 * DAY)
CRM = {"network": "crm", "source": "c"}


def add_deal(session: Session, number: int, amount: int | None, currency: str | None = "EUR", **more: object) -> None:
    values = {"name": f"Deal {number}", "organization_id": 1, "owner": "Ada", "created_at": at(MONDAY)} | more
    session.add(facts.Deal(id=number, **CRM, native_id=f"d{number}", amount_minor=amount, currency=currency, **values))
    session.flush()


def add_kilbride(session: Session) -> None:
    """Kilbride Foods has Ann (by the CRM), Ben (by his own words) and Cat (by her verified e-mail), not Dan, whose
    e-mail nobody verified, nor Eve of the team. Public Mail has nobody: its domain is a public host."""
    session.add(facts.Organization(id=1, **CRM, native_id="o1", name="Kilbride Foods", domain="www.kilbride.example"))
    session.add(facts.Organization(id=2, **CRM, native_id="o2", name="Public Mail", domain="gmail.com"))
    session.flush()
    add_channel(session)
    add_person(session, 1, "Ann", organization_id=1)
    add_person(session, 2, "Ben", organization="KILBRIDE  foods")
    add_person(session, 3, "Cat", email="Cat@Kilbride.example", email_verified=True)
    add_person(session, 4, "Dan", email="dan@kilbride.example")
    add_person(session, 5, "Eve", organization_id=1)
    add_person(session, 6, "Fay", email="fay@gmail.com", email_verified=True)
    session.get_one(derived.Person, 5).role = "team"
    session.flush()


def add_talk(session: Session) -> None:
    """Ann complains on Monday and praises on Tuesday; Ben wrote the week before."""
    add_post(session, 1, author=1, moment=at(MONDAY), label="negative")
    add_post(session, 2, author=1, moment=at(MONDAY + DAY), label="positive")
    add_post(session, 3, author=2, moment=at(MONDAY - DAY), label="negative")
    for person, day, positive, negative in ((1, 0, 0, 1), (1, 1, 1, 0), (2, -1, 0, 1)):
        session.add(
            derived.PersonDay(
                person_id=person,
                day=MONDAY + day * DAY,
                channel_id=1,
                posts=1,
                scored=1,
                positive=positive,
                negative=negative,
            )
        )
    session.add(derived.PostTopic(post_id=1, topic="price", occurred_at=at(MONDAY)))
    session.flush()


def test_organization_knows_its_people_by_crm_own_words_and_verified_mail(session: Session) -> None:
    add_kilbride(session)
    known = read_one(session, 1, WEEK)
    assert known is not None
    assert sorted(known.people["name"]) == ["Ann", "Ben", "Cat"]
    public = read_one(session, 2, WEEK)
    assert public is not None
    assert public.people.empty


def test_organization_counts_the_period_and_the_one_before(session: Session) -> None:
    add_kilbride(session)
    add_talk(session)
    known = read_one(session, 1, WEEK)
    assert known is not None
    assert (known.posts, known.posts_before) == (2, 1)
    assert (known.net_sentiment, known.net_sentiment_before) == (0, -100)
    ann = known.people.iloc[0]
    assert (ann["name"], ann["posts"], ann["last_day"].date()) == ("Ann", 2, MONDAY + DAY)


def test_organization_adds_money_by_the_rates_and_names_what_has_none(session: Session) -> None:
    add_kilbride(session)
    rates = [{"currency": "USD", "rate": "0.5", "from": "2026-01-01"}]
    add_setting(session, key="rates", value=rates, decided_by="Ada")
    closed = {"is_won": True, "closed_at": at(MONDAY + DAY)}
    add_deal(session, 1, 100_00, **closed)
    add_deal(session, 2, 100_00, "USD", **closed)
    add_deal(session, 3, 70_00, "GBP", **closed)
    add_deal(session, 4, 30_00)
    add_deal(session, 5, None, None)
    add_deal(session, 6, 9_00, is_won=False, closed_at=at(MONDAY))
    known = read_one(session, 1, WEEK)
    assert known is not None
    assert read_scope(session).settings.rates[0].rate == Decimal("0.5")
    assert (known.won, known.won_minor, known.open, known.open_minor, known.lost) == (3, 150_00, 2, 30_00, 1)
    assert known.apart.to_dict("records") == [
        {"what": "deals won", "currency": "GBP", "amount_minor": 70_00, "rows": 1}
    ]
    assert (known.deals_without_amount, known.owners) == (1, ("Ada",))
    table = read_organizations(session, WEEK, organizations=find_organizations(session)).set_index("organization_id")
    assert table.loc[1, ["people", "deals_open", "deals_won", "won_minor", "unconverted"]].tolist() == [
        3,
        2,
        3,
        15000,
        1,
    ]
    assert table.loc[2, ["people", "deals_won", "won_minor"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "found"), [("", [1, 2]), ("KIL", [1]), ("foods kil", [1]), ("ilbride", []), ("gmail", [2])]
)
def test_organizations_are_found_by_the_beginning_of_words(session: Session, text: str, found: list[int]) -> None:
    add_kilbride(session)
    assert sorted(find_organizations(session, search=text)) == found


def test_organizations_shown_are_those_with_the_most_won_when_there_are_more(session: Session) -> None:
    add_kilbride(session)
    rates = [{"currency": "USD", "rate": "0.5", "from": "2026-01-01"}]
    add_setting(session, key="rates", value=rates, decided_by="Ada")
    for number in (3, 4, 5):
        session.add(facts.Organization(id=number, **CRM, native_id=f"o{number}", name=f"Firm {number}"))
    session.flush()
    for deal, (organization, minor, currency) in enumerate([(4, 60_00, "EUR"), (5, 100_00, "USD"), (3, 1_00, "USD")]):
        won = {"is_won": True, "closed_at": at(MONDAY), "organization_id": organization}
        add_deal(session, deal + 1, minor, currency, **won)
    found = [find_organizations(session, limit=limit) for limit in (1, 2, 3)]
    assert found == [[4], [4, 5], [4, 5, 3]]


def test_organization_is_none_when_nobody_has_that_id(session: Session) -> None:
    assert read_one(session, 77, WEEK) is None
    assert read_one(session, 2**70, WEEK) is None


def test_deals_of_no_organization_count_where_its_people_take_part(session: Session) -> None:
    add_kilbride(session)
    add_deal(session, 1, 100, organization_id=None)
    add_deal(session, 2, 100, organization_id=2)
    session.add_all([facts.DealContact(deal_id=number, identity_id=1) for number in (1, 2)])
    session.flush()
    known = read_one(session, 1, WEEK)
    assert known is not None
    assert known.deals[["deal_id", "contacts"]].to_numpy().tolist() == [[1, "Ann"]]


def test_stages_follow_the_history_else_the_days_of_the_deal(session: Session) -> None:
    add_kilbride(session)
    history = [
        {"stage": "Won", "entered_at": "2026-03-09T10:00:00+00:00"},
        {"stage": "Talks", "entered_at": "2026-03-03T10:00:00+00:00"},
    ]
    add_deal(session, 1, 100, stages=history)
    add_deal(session, 2, 100, is_won=True, closed_at=at(MONDAY + DAY))
    known = read_one(session, 1, WEEK)
    assert known is not None
    stages = {row.deal_id: [stage for stage, _ in list_stages(row)] for row in known.deals.itertuples()}
    assert stages == {1: ["Talks", "Won"], 2: ["Created", "Won"]}


def test_happened_puts_posts_orders_and_stages_in_the_order_of_time(session: Session) -> None:
    add_kilbride(session)
    add_talk(session)
    add_deal(session, 1, 100, created_at=at(MONDAY + 3 * DAY))
    bought = {"amount_minor": 500, "currency": "EUR", "occurred_at": at(MONDAY + 2 * DAY)}
    session.add(facts.Order(id=1, **CRM, native_id="b1", identity_id=3, product="Tea", **bought))
    session.flush()
    happened = read_happened(session, 1)
    assert happened.entries["sort"].tolist() == ["deal", "order", "post", "post", "post"]
    assert happened.entries["name"].tolist()[1:] == ["Cat", "Ann", "Ann", "Ben"]
    first = read_happened(session, 1, sorts=("post",), limit=2)
    assert (first.records["post_id"].tolist(), first.has_more) == ([2, 1], True)


def test_signals_name_complaints_topics_and_first_visits_of_the_period(session: Session) -> None:
    add_kilbride(session)
    add_talk(session)
    for number, (person, moment) in enumerate(
        [(1, at(MONDAY)), (1, at(MONDAY + DAY)), (2, at(MONDAY - DAY)), (2, at(MONDAY)), (4, at(MONDAY))]
    ):
        session.add(facts.Visit(**CRM, native_id=f"v{number}", identity_id=person, occurred_at=moment))
    session.flush()
    signals = read_signals(session, 1, WEEK)
    assert signals.negative["post_id"].tolist() == [1]
    assert signals.topics[["topic", "posts", "negative"]].to_numpy().tolist() == [["price", 1, 1]]
    assert signals.visits[["name", "visits"]].to_numpy().tolist() == [["Ann", 2]]
    assert signals.burst == Burst(2, 1 / 8)
    assert signals.waiting.waiting == 0


def test_signals_say_that_they_talk_more_when_the_last_week_stands_out(session: Session) -> None:
    add_kilbride(session)
    for week, posts in ((0, 9), (1, 2), (2, 2)):
        day = WEEK.last_day - timedelta(weeks=week)
        session.add(derived.PersonDay(person_id=1, day=day, channel_id=1, posts=posts))
    session.flush()
    burst = read_signals(session, 1, WEEK).burst
    assert (burst.posts, burst.usual, burst.is_unusual) == (9, 0.5, True)


def test_signals_are_empty_when_nobody_is_known(session: Session) -> None:
    add_kilbride(session)
    signals = read_signals(session, 2, WEEK)
    assert signals.negative.empty
    assert signals.visits.empty
    assert signals.topics.empty
    with pytest.raises(LookupError):
        read_signals(session, 77, WEEK)
