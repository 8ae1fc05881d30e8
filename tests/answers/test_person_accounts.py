"""Why accounts are a person's, which others may be, and what joins and splits them."""

from sqlalchemy import Engine
from sqlmodel import Session, select

from answers.person_accounts import list_also_split, list_join_pairs, list_split_pairs, read_person_accounts
from data_access.models.derived import PersonIdentity
from data_access.models.facts import Identity
from data_access.records import IdentityRecord
from data_access.store import reading
from jobs.decisions import decide_matches, withdraw_many
from tests.jobs.stores import bring

NET, CRM, SHOP = ("net", "a.example"), ("crm", "c"), ("shop", "s")
EMAIL = {"email": "ann@sorrelwood.example", "email_verified": True}


def add_accounts(engine: Engine) -> None:
    """Ann's contact and shop account share a verified address; a namesake's handle of hers on a network does not."""
    name = "Anneliese Sorrelwood"
    bring(
        engine,
        [
            IdentityRecord(*CRM, "c1", display_name=name, **EMAIL),
            IdentityRecord(*SHOP, "s1", handle="ann", display_name=name, **EMAIL),
            IdentityRecord(*NET, "n1", handle="sorrel", display_name=name),
            IdentityRecord(*NET, "n2", handle="someone", display_name="Somebody Else"),
        ],
    )


def account(session: Session, native_id: str) -> int:
    return int(session.exec(select(Identity.id).where(Identity.native_id == native_id)).one() or 0)


def person(session: Session, native_id: str) -> int:
    return session.get_one(PersonIdentity, account(session, native_id)).person_id


def test_reasons_say_what_ties_an_account_to_the_others(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        found = read_person_accounts(session, person(session, "c1"))
        one, other = account(session, "c1"), account(session, "s1")
        alone = read_person_accounts(session, person(session, "n2"))
    assert set(found.reasons) == {one, other}
    assert found.reasons[max(one, other)].startswith("The same verified e-mail address as ")
    assert found.reasons[min(one, other)] == "The first account that we saw of them."
    assert list(alone.reasons.values()) == ["The only account that we know of them."]


def test_suggested_is_who_looks_alike_until_somebody_decides(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        found = read_person_accounts(session, person(session, "c1")).suggested
        other = read_person_accounts(session, person(session, "n1")).suggested
    assert found["identity_id"].nunique() == len(found) == 1
    row = found.iloc[0]
    assert (row["handle"], row["network"]) == ("sorrel", "net")
    assert 0.5 <= row["probability"] < 1
    assert "full name" in row["why"]
    assert set(other["network"]) <= {"crm", "shop"}
    pairs = [(row["own_key"], row["other_key"])]
    decide_matches(engine, pairs=pairs, verdict="different", decided_by="Ana")
    with reading(engine) as session:
        assert read_person_accounts(session, person(session, "c1")).suggested.empty


def test_reason_of_a_decision_names_who_took_it(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        pairs = list_join_pairs(session, person(session, "c1"), person(session, "n2"))
    decide_matches(engine, pairs=pairs, verdict="same", decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "n2") == person(session, "c1")
        reasons = read_person_accounts(session, person(session, "n2")).reasons
    assert any(reason.startswith("Ana said on ") for reason in reasons.values())


def test_split_takes_one_account_away_and_joining_again_overrules_it(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        together = person(session, "c1")
        join = list_join_pairs(session, together, person(session, "n1"))
    decide_matches(engine, pairs=join, verdict="same", decided_by="Ana")
    with reading(engine) as session:
        whole = person(session, "s1")
        assert person(session, "n1") == person(session, "c1") == whole
        split = list_split_pairs(session, whole, account(session, "s1"))
    assert len(split) == 2
    ids = decide_matches(engine, pairs=split, verdict="different", decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "s1") != person(session, "c1") == person(session, "n1")
        again = list_join_pairs(session, person(session, "c1"), person(session, "s1"))
    assert len(again) == 2
    rejoined = decide_matches(engine, pairs=again, verdict="same", decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "s1") == person(session, "c1") == person(session, "n1")
    withdraw_many(engine, table="match_decision", decision_ids=rejoined, decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "s1") != person(session, "c1")
    withdraw_many(engine, table="match_decision", decision_ids=ids, decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "s1") == person(session, "c1") == person(session, "n1")


def test_split_names_what_leaves_too_when_only_the_one_taken_away_held_it(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        join = list_join_pairs(session, person(session, "c1"), person(session, "n1"))
    decide_matches(engine, pairs=join, verdict="same", decided_by="Ana")
    with reading(engine) as session:
        ids = {name: account(session, name) for name in ("c1", "s1", "n1")}
        split = list_split_pairs(session, person(session, "c1"), ids["c1"])
    decide_matches(engine, pairs=split, verdict="different", decided_by="Ana")
    with reading(engine) as session:
        assert person(session, "s1") != person(session, "n1")
        also = list_also_split(session, list(ids.values()), ids["c1"])
    assert also == {max(ids["s1"], ids["n1"])}


def test_nothing_is_joined_or_split_when_there_is_nothing_to_decide(engine: Engine) -> None:
    add_accounts(engine)
    with reading(engine) as session:
        ann, other = person(session, "c1"), person(session, "n2")
        assert list_join_pairs(session, ann, ann) == []
        assert list_join_pairs(session, ann, 10**9) == []
        assert list_split_pairs(session, other, account(session, "n2")) == []
        assert list_split_pairs(session, ann, account(session, "n2")) == []
