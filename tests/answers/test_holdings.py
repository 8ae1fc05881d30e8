"""What is handed over when a person asks what is held about them."""

import json

from sqlalchemy import Engine

from answers.holdings import read_holdings, write_holdings
from data_access.records import BrandRecord, ChannelRecord
from data_access.store import reading
from jobs.decisions import case_event, mute_account
from jobs.influence import derive_influence
from jobs.progress import Silence
from tests.jobs.stores import bring, post, rows_of
from tests.jobs.test_erasure import anns, whole


def test_everything_of_the_person_and_nothing_of_others_is_handed_over(engine: Engine) -> None:
    person = whole(engine)
    mute_account(engine, network="net", source="net.example", native_id="ann", decided_by="Ada")
    case_event(engine, network="net", source="net.example", native_id="a1", kind="note", note="x", decided_by="Ada")
    bring(engine, [post("b9", 70, "ben", text="Only Ben knows")], "later")
    with reading(engine) as session:
        held = json.loads(write_holdings(session, person))
    assert held["person"]["name"] == "Ann Sorrelwood"
    counts = {name: len(rows) for name, rows in held.items() if name != "person"}
    facts = {name: counts[name] for name in ("identity", "post", "visit", "order", "feedback", "deal")}
    assert facts == {"identity": 2, "post": 2, "visit": 1, "order": 1, "feedback": 1, "deal": 1}
    assert (counts["mute"], counts["case_event"], counts["post_score"]) == (1, 1, 2)
    assert {row["text"] for row in held["post"]} == {record.text for record in anns() if _is_anns_post(record)}
    assert held["visit"][0]["occurred_at"] == "2026-03-02T09:00:00+00:00"
    assert "Only Ben knows" not in json.dumps(held)


def test_what_was_worked_out_of_the_person_is_handed_over(engine: Engine) -> None:
    person = whole(engine)
    wall = ChannelRecord("net", "net.example", "page1", "Annie's wall", owner="ann")
    bring(engine, [wall], "wall")
    with reading(engine) as session:
        held = read_holdings(session, person) or {}
    assert [row["native_id"] for row in held["channel"]] == ["page1"]
    assert [row["rule"] for row in held["match_pair"]] == ["verified_email"]
    assert len(held["person_identity"]) == 2
    assert {row["sale_kind"] for row in held["sale"]} == {"order", "deal"}
    assert {"sorrelwood", "ann"} <= {row["word"] for row in held["account_word"]}
    assert len(held["conversation"]) == 1
    assert {row["person_id"] for row in held["turn"]} == {person}


def test_ties_and_brands_of_the_person_are_handed_over(engine: Engine) -> None:
    person = whole(engine)
    bring(
        engine,
        [
            BrandRecord("Acme"),
            post("a9", 80, "ann", text="acme is fine"),
            post("b9", 81, "ben", parent="a9", kind="reply", text="acme?"),
            post("c9", 82, "cat", parent="b9", kind="reply"),
        ],
        "talk",
    )
    derive_influence(engine, Silence())
    with reading(engine) as session:
        held = read_holdings(session, person) or {}
    assert {row["post_id"] for row in held["brand_mention"]} <= {row["id"] for row in held["post"]}
    assert len(held["brand_mention"]) == 1
    ends = {(row["source_id"] == person, row["target_id"] == person) for row in held["tie"]}
    assert ends == {(True, False), (False, True)}, "who answers them and whom they answer, but nobody else"


def _is_anns_post(record: object) -> bool:
    return getattr(record, "author", None) == "ann"


def test_any_account_leads_to_the_same_person(engine: Engine) -> None:
    whole(engine)
    held = {row[1] for row in rows_of(engine, ["person_identity"])["person_identity"]}
    with reading(engine) as session:
        found = [read_holdings(session, int(number)) for number in held]
        assert all(one is not None for one in found)
        assert read_holdings(session, 999_999) is None
        assert write_holdings(session, 999_999) == ""
