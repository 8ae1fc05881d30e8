"""What we did about a person, in their timeline: answers, notes and assignments."""

from sqlmodel import Session

from data_access.decisions import append_decision, withdraw_decision
from data_access.models.decisions import CaseEvent
from data_access.models.derived import AccountRole, Turn
from data_access.models.facts import Deal, DealContact, Identity, Organization
from data_access.queries.person_accounts import read_affiliation
from data_access.queries.timeline import count_entries, list_timeline
from tests.answers.store import DAY, MONDAY, add_channel, add_person, add_post, at

KEY = {"network": "twitter", "source": "s"}


def add_case(session: Session) -> None:
    """Ann asks and adds a comment, Tess of the team answers; Eve assigns the case, and takes a note back."""
    add_channel(session)
    add_person(session, 1, "Ann")
    add_person(session, 2, "Tess")
    add_person(session, 3, "Other")
    session.add(AccountRole(identity_id=2, role="team"))
    add_post(session, 1, author=1, moment=at(MONDAY, 9), text="Why?")
    add_post(session, 2, author=1, moment=at(MONDAY, 10), conversation=1, parent=1, kind="comment")
    add_post(session, 3, author=2, moment=at(MONDAY, 11), conversation=1, parent=2, kind="reply", text="Because.")
    values = {"channel_id": 1, "day": MONDAY, "negative_posts": 0, "posts": 2, "conversation_id": 1}
    closed = {"closed_post_id": 3, "closed_at": at(MONDAY, 11), "closed_by": 2, "response_seconds": 7_200}
    session.add(Turn(opened_post_id=1, person_id=1, opened_at=at(MONDAY, 9), last_post_id=2, **values, **closed))
    session.flush()
    append_decision(session, CaseEvent, decided_by="Eve", **KEY, native_id="p1", kind="assigned", assignee="Tess")
    note = append_decision(session, CaseEvent, decided_by="Eve", **KEY, native_id="p1", kind="note", note="Oops")
    withdraw_decision(session, CaseEvent, decision_id=note.id or 0, decided_by="Eve")
    append_decision(session, CaseEvent, decided_by="Eve", **KEY, native_id="p2", kind="note", note="Of no root")


def test_timeline_holds_answers_and_what_was_decided_about_the_case(session: Session) -> None:
    add_case(session)
    rows = list_timeline(session, [1])
    assert rows["sort"].tolist() == ["case", "answer", "reply", "post"]  # decided now, which is later
    case, answer = rows.iloc[0], rows.iloc[1]
    assert (case["kind"], case["title"], case["by"]) == ("assigned", "Tess", "Eve")
    assert (answer["by"], answer["text"], answer["seconds"], answer["entry_id"]) == ("Tess", "Because.", 7_200, 1)
    assert count_entries(session, [1]) == {"post": 1, "reply": 1, "answer": 1, "case": 1}
    assert count_entries(session, [3]) == {}


def test_timeline_of_replies_alone_leaves_posts_out(session: Session) -> None:
    add_case(session)
    assert list_timeline(session, [1], sorts=("reply",))["entry_id"].tolist() == [2]
    assert list_timeline(session, [1], sorts=("post",))["entry_id"].tolist() == [1]


def test_affiliation_is_what_the_crm_says_else_the_newest_deal(session: Session) -> None:
    add_person(session, 1, "Ann", organization="Acme, as she says")
    assert read_affiliation(session, [1]).organization == "Acme, as she says"
    assert read_affiliation(session, [1]).owner is None
    crm = {"network": "crm", "source": "c"}
    session.add(Organization(id=5, **crm, native_id="o", name="Acme Ltd"))
    session.flush()
    session.add(Identity(id=9, **crm, native_id="c", organization_id=5))
    for number, owner in ((1, "Old"), (2, "New")):
        moment = at(MONDAY + number * DAY)
        session.add(Deal(id=number, **crm, native_id=str(number), owner=owner, created_at=moment))
    session.flush()
    session.add_all(DealContact(deal_id=number, identity_id=9) for number in (1, 2))
    session.flush()
    found = read_affiliation(session, [1, 9])
    assert (found.owner, found.organization_id, found.organization) == ("New", 5, "Acme Ltd")
    session.get_one(Identity, 9).owner = "Ben"
    session.flush()
    assert read_affiliation(session, [1, 9]).owner == "Ben"
