"""Whoever is erased is gone, stays gone, and leaves sums as they were."""

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from data_access.erasure import Forgotten, hash_key
from data_access.models.facts import Feedback, Order
from data_access.records import (
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    InteractionRecord,
    OrderRecord,
    PostRecord,
    Record,
    VisitRecord,
)
from data_access.store import reading
from jobs.decisions import case_event, decide_matches, mute_account, relabel
from jobs.erasure import NobodyToErase, erase_person
from jobs.importing import RecordStream, import_input
from jobs.progress import Silence
from jobs.refresh import refresh
from tests.jobs.stores import account, at, bring, empty, post, rows_of

CRM = ("crm", "crm.example")
ADDRESS = "ann@x.example"


def others() -> list[Record]:
    """What is there without Ann."""
    return [
        account("ben"),
        post("b1", 30, "ben", text="I saw what ann wrote"),
        post("b2", 40, "ben", text="And another thing"),
        OrderRecord(*CRM, "o1", 5_000, "EUR", at(90)),
        FeedbackRecord(*CRM, "f1", "csat", at(95), score=4.0),
        DealRecord(*CRM, "d1", is_won=True, amount_minor=7_000, currency="EUR", closed_at=at(99), created_at=at(1)),
    ]


def anns() -> list[Record]:
    """Ann's two accounts and all that she did."""
    contact = IdentityRecord(*CRM, "7", display_name="Ann Sorrelwood", email=ADDRESS, email_verified=True)
    return [
        account("ann", email=ADDRESS, email_verified=True),
        contact,
        post("a1", 10, "ann", text="Where is my order?"),
        post("a2", 50, "ann", parent="b1"),
        post("b2", 40, "ben", text="And another thing", parent="a1", mentions=("ann",)),
        InteractionRecord("net", "net.example", "l1", "like", "ann", target="ben", post="b1", occurred_at=at(31)),
        VisitRecord(*CRM, "v1", "7", at(60), utm_campaign="spring"),
        OrderRecord(*CRM, "o1", 5_000, "EUR", at(90), identity="7"),
        FeedbackRecord(*CRM, "f1", "csat", at(95), identity="7", score=4.0, comment="I am Ann and I like it"),
        DealRecord(
            *CRM,
            "d1",
            is_won=True,
            amount_minor=7_000,
            currency="EUR",
            contacts=("7",),
            closed_at=at(99),
            created_at=at(1),
        ),
    ]


def whole(engine: Engine) -> int:
    """The community with Ann in it. Returns her id."""
    bring(engine, [*others(), *anns()])
    (held,) = {row[1] for row in rows_of(engine, ["person_identity"])["person_identity"]} - {_person(engine, "ben")}
    return int(held)


def _person(engine: Engine, native_id: str) -> int:
    (account_id,) = (row[0] for row in rows_of(engine, ["identity"])["identity"] if row[3] == native_id)
    return next(int(row[1]) for row in rows_of(engine, ["person_identity"])["person_identity"] if row[0] == account_id)


def everything(engine: Engine) -> str:
    """All that the store holds, as text."""
    from sqlmodel import SQLModel

    return repr(rows_of(engine, sorted(set(SQLModel.metadata.tables) - {"import_run", "job"})))


def test_nothing_of_the_person_is_left(engine: Engine) -> None:
    person = whole(engine)
    relabel(engine, network="net", source="net.example", native_id="a1", label="negative", decided_by="Ada")
    case_event(
        engine, network="net", source="net.example", native_id="a1", kind="note", note="Ann is ill", decided_by="Ada"
    )
    mute_account(engine, network="net", source="net.example", native_id="ann", decided_by="Ada")
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ben"))
    decide_matches(engine, pairs=[pair], verdict="different", decided_by="Ada")
    erase_person(engine, person_id=person, decided_by="Ada")
    left = everything(engine)
    for told in ("Ann Sorrelwood", ADDRESS, "Where is my order", "Ann is ill", "I am Ann", "'ann'"):
        assert told not in left, told
    assert "I saw what ann wrote" in left


def test_sums_stay_as_nobodys(engine: Engine) -> None:
    erase_person(engine, person_id=whole(engine), decided_by="Ada")
    with reading(engine) as session:
        assert session.scalar(select(func.sum(col(Order.amount_minor)))) == 5_000
        assert session.execute(select(col(Feedback.score), col(Feedback.identity_id))).one() == (4.0, None)
    (deal,) = rows_of(engine, ["deal"])["deal"]
    assert 7_000 in deal
    assert rows_of(engine, ["deal_contact", "visit"]) == {"deal_contact": [], "visit": []}


def test_derived_rows_equal_a_refresh(engine: Engine) -> None:
    erase_person(engine, person_id=whole(engine), decided_by="Ada")
    kept_up = rows_of(engine)
    refresh(engine, Silence())
    rebuilt = rows_of(engine)
    for name in rebuilt:
        assert kept_up[name] == rebuilt[name], name


def test_same_and_other_files_do_not_bring_the_person_back(engine: Engine) -> None:
    erase_person(engine, person_id=whole(engine), decided_by="Ada")
    left = rows_of(engine, ["identity", "post", "person", "visit"])
    again = bring(engine, anns(), "again")
    assert sum(again.notes.values()) == 6
    newer = [
        IdentityRecord("shop", "shop.example", "99", display_name="A. S.", email=ADDRESS.upper()),
        VisitRecord("shop", "shop.example", "v9", "99", at(70)),
        account("ANN"),
    ]
    bring(engine, newer, "newer")
    for name, rows in rows_of(engine, ["identity", "post", "person", "visit"]).items():
        assert [row[1:4] for row in rows] == [row[1:4] for row in left[name]], name


class Killed(BaseException):
    """The process ends here."""


class KilledAtCopying(Silence):
    """Reading is done, copying is not begun."""

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """Ends at the copying."""
        if name.startswith("Copying"):
            raise Killed


class ErasedMeanwhile(Silence):
    """A colleague erases Ann between two batches."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_copying = False

    def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
        """Knows the copying from what comes before."""
        self.is_copying = name.startswith("Copying")

    def at(self, done: int) -> None:
        """Erases her once her account is in."""
        if self.is_copying and natives(self.engine, "identity") == ["ann"]:
            erase_person(self.engine, person_id=_person(self.engine, "ann"), decided_by="Ada")


def natives(engine: Engine, name: str) -> list[str]:
    """The ids on the network of a table's facts."""
    return sorted(row[3] for row in rows_of(engine, [name])[name])


def verified(native_id: str, network: str = "net") -> IdentityRecord:
    """An account with Ann's address."""
    return IdentityRecord(network, f"{network}.example", native_id, email=ADDRESS, email_verified=True)


def test_erased_person_stays_away_when_a_killed_import_goes_on(engine: Engine) -> None:
    bring(engine, [account("ann"), post("a1", 1, "ann")])
    stream = RecordStream("2", "test", [account("ann", display_name="Ann"), post("a2", 5, "ann")], "2")
    with pytest.raises(Killed):
        import_input(engine, stream, KilledAtCopying(), options={})
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    bring(engine, [account("zoe")], "3")
    assert (natives(engine, "identity"), natives(engine, "post")) == (["zoe"], [])
    (killed,) = (row for row in rows_of(engine, ["import_run"])["import_run"] if row[1] == "2")
    assert {"Left out: of somebody who was erased": 2} in killed


def test_erased_person_stays_away_when_erased_while_a_file_comes_in(engine: Engine) -> None:
    bring(engine, [account("ann"), post("a1", 1, "ann")], progress=ErasedMeanwhile(engine))
    assert (natives(engine, "identity"), natives(engine, "post")) == ([], [])


def test_account_known_by_its_address_stays_away_in_later_files_too(engine: Engine) -> None:
    bring(engine, [verified("ann")])
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    bring(engine, [verified("99", "shop")], "contacts")
    bring(engine, [VisitRecord("shop", "shop.example", "v1", "99", at(70))], "visits")
    assert (natives(engine, "identity"), natives(engine, "visit")) == ([], [])
    assert [row[2] for row in rows_of(engine, ["erasure"])["erasure"]].count("Rapport") == 1


def test_post_before_its_account_stays_away_when_the_account_is_known_by_its_address(engine: Engine) -> None:
    bring(engine, [verified("ann", "shop")])
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    bring(engine, [post("p1", 3, "55", text="I am Ann"), verified("55")], "blog")
    assert (natives(engine, "identity"), natives(engine, "post")) == ([], [])


def test_unknown_person_is_said(engine: Engine) -> None:
    with pytest.raises(NobodyToErase, match="erased before"):
        erase_person(engine, person_id=12345, decided_by="Ada")
    empty(engine)


def test_record_without_anyone_erased_is_left_alone() -> None:
    forgotten = Forgotten("salt", {hash_key("salt", "net", "net.example", "ann")})
    kept = PostRecord("net", "net.example", "p", "wall", at(1), author="ben", mentions=("ann", "cat"))
    found = forgotten.leave_out(kept)
    assert isinstance(found, PostRecord)
    assert found.mentions == ("cat",)
    assert kept.mentions == ("ann", "cat")
    other = PostRecord("net", "net.example", "p", "wall", at(1), author="ben", mentions=("cat",))
    assert forgotten.leave_out(other) is other
