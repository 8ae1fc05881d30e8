"""Whoever is erased is gone, stays gone, and leaves sums as they were."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from data_access.erasure import Forgotten, hash_key
from data_access.models.facts import Feedback, Order
from data_access.queries.influence_conditions import InfluenceConditions, count_wanted
from data_access.queries.post_search import list_hits, parse_words
from data_access.records import (
    ChannelRecord,
    DealRecord,
    FeedbackRecord,
    IdentityRecord,
    InteractionRecord,
    OrderRecord,
    PostRecord,
    Record,
    Refusal,
    VisitRecord,
)
from data_access.staging import staging_directory
from data_access.store import reading
from jobs import erasure, importing, matching_keys
from jobs.decisions import (
    NotToUndo,
    case_event,
    change_setting,
    decide_matches,
    list_audit,
    mute_account,
    relabel,
    withdraw,
    withdraw_many,
)
from jobs.doctor import Level, examine, examine_and_repair
from jobs.erasure import (
    MANY_POSTS,
    NobodyToErase,
    erase_accounts,
    erase_person,
    is_long_to_erase,
    list_accounts_to_erase,
)
from jobs.importing import RecordStream, import_input
from jobs.influence import derive_influence
from jobs.job_progress import JobProgress
from jobs.launch import add_job, claim_job, end_job, read_job
from jobs.progress import Cancelled, Silence
from jobs.refresh import refresh
from jobs.run import run_job
from tests.jobs.stores import account, at, bring, empty, post, rows_of
from tests.kept_stores import filled_once

pytestmark = pytest.mark.usefixtures("uploads")

CRM = ("crm", "crm.example")
ADDRESS = "ann@x.example"


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where dropped files lie."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("RAPPORT_UPLOAD_DIR", str(folder))
    return folder


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
            name="Renewal of Ann Sorrelwood, 2026",
            is_won=True,
            amount_minor=7_000,
            currency="EUR",
            contacts=("7",),
            closed_at=at(99),
            created_at=at(1),
        ),
    ]


@filled_once
def _bring_everybody(engine: Engine) -> None:
    bring(engine, [*others(), *anns()])


def whole(engine: Engine) -> int:
    """The community with Ann in it, in an empty store. Returns her id."""
    _bring_everybody(engine)
    (held,) = {row[1] for row in rows_of(engine, ["person_identity"])["person_identity"]} - {_person(engine, "ben")}
    return int(held)


def _person(engine: Engine, native_id: str) -> int:
    (account_id,) = (row[0] for row in rows_of(engine, ["identity"])["identity"] if row[3] == native_id)
    return next(int(row[1]) for row in rows_of(engine, ["person_identity"])["person_identity"] if row[0] == account_id)


def everything(engine: Engine) -> str:
    """All that the store holds, as text."""
    from sqlmodel import SQLModel

    return repr(rows_of(engine, sorted(set(SQLModel.metadata.tables) - {"import_run", "job"})))


def say(engine: Engine, words: str) -> int:
    """How many posts say some words."""
    with reading(engine) as session:
        return len(list_hits(session, parse_words(words)))


def test_nothing_of_the_person_is_left(engine: Engine) -> None:
    person = whole(engine)
    relabel(engine, network="net", source="net.example", native_id="a1", label="negative", decided_by="Ada")
    case_event(
        engine, network="net", source="net.example", native_id="a1", kind="note", note="Ann is ill", decided_by="Ada"
    )
    mute_account(engine, network="net", source="net.example", native_id="ann", decided_by="Ada")
    pair = (("net", "net.example", "ann"), ("net", "net.example", "ben"))
    decide_matches(engine, pairs=[pair], verdict="different", decided_by="Ada")
    change_setting(engine, key="bots", value=["net/@Ann", "rob"], decided_by="Ada")
    change_setting(engine, key="bots", value=["rob"], decided_by="Ada")
    change_setting(engine, key="team", value=[{"name": "Ann Sorrelwood", "accounts": ["ann"]}], decided_by="Ada")
    change_setting(engine, key="team", value=[{"name": "Ada", "accounts": ["ada"]}], decided_by="Ada")
    beside: list[Record | Refusal] = [
        Refusal(3, "no date", "Sorrelwood;Ann;secret"),
        Refusal(4, "no date", '{"from": "ann@x.example"}'),
        Refusal(5, "no date", "7,,spring"),
        Refusal(6, "no date", "17,2026-07-7,planned by annette"),
        ChannelRecord("net", "net.example", "page1", "Annie's wall", owner="ann", url="https://net.example/ann"),
        ChannelRecord("net", "net.example", "page2", "Friends of ann sorrelwood"),
    ]
    bring(engine, beside, "beside")
    assert say(engine, '"where is my order"')
    erase_person(engine, person_id=person, decided_by="Ada")
    assert not say(engine, '"where is my order"')
    left = everything(engine)
    gone = (
        "Ann Sorrelwood",
        ADDRESS,
        "Where is my order",
        "Ann is ill",
        "I am Ann",
        "'ann'",
        "net/@Ann",
        "Sorrelwood;",
    )
    for told in (*gone, "ann sorrelwood", "7,,spring", "Annie's wall", "https://net.example/ann"):
        assert told not in left, told
    assert "I saw what ann wrote" in left
    assert "17,2026-07-7,planned by annette" in left
    assert "Renewal of (erased), 2026" in left
    assert "['rob']" in left
    assert "'Ada', 'accounts': ['ada']" in left or "'accounts': ['ada'], 'name': 'Ada'" in left


def grow(names: tuple[str, ...], word: str, start: int) -> list[Record]:
    """People who answer each other in turn, about one thing."""
    return [
        post(
            f"{word}{number}",
            start + number,
            names[number % len(names)],
            text=f"Let us grow {word} number {number}",
            parent=f"{word}{number - 1}" if number else None,
            kind="reply" if number else "post",
        )
        for number in range(12)
    ]


def labels(engine: Engine) -> set[str]:
    """What communities are called, without what is beside the first word."""
    return {row[2].split(",")[0] for row in rows_of(engine, ["community"])["community"]}


def test_scores_and_ties_go_with_the_person_and_so_do_names_made_of_their_words(engine: Engine) -> None:
    bring(engine, [*grow(("ann", "cat", "dan"), "pomegranate", 0), *grow(("eve", "fay", "gus"), "chilli", 30)])
    derive_influence(engine, Silence())
    assert {"Pomegranate", "Chilli"} == labels(engine)
    ann = _person(engine, "ann")
    accounts = list_accounts_to_erase(engine, ann)
    erase_accounts(engine, accounts=accounts, decided_by="Ada")
    held = rows_of(engine, ["influence", "tie", "community"])
    assert ann not in {row[1] for row in held["influence"]} | {end for row in held["tie"] for end in row[1:3]}
    assert "pomegranate" not in repr(held).casefold(), "and nobody has derived the scores anew"
    with reading(engine) as session:
        assert count_wanted(session, InfluenceConditions("all")) == len({row[1] for row in held["influence"]})
    assert {label.split()[0] for label in labels(engine)} == {"Group", "Chilli"}


def test_no_scores_are_due_when_somebody_was_erased_at_once(engine: Engine) -> None:
    bring(engine, grow(("ann", "cat", "dan"), "pomegranate", 0))
    derive_influence(engine, Silence())
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    assert not derive_influence(engine, Silence()), "they were derived with it"
    bring(engine, [account("zoe")], "later")
    assert _person(engine, "zoe") not in {row[1] for row in rows_of(engine, ["influence"])["influence"]}


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


def _problems(engine: Engine) -> list[str]:
    return [finding.what for finding in examine(engine) if finding.level == Level.PROBLEM]


def _rules(engine: Engine) -> list[str]:
    """What ties each pair."""
    return [row[2] for row in rows_of(engine, ["match_pair"])["match_pair"]]


def _shared(number: int, **values: Any) -> IdentityRecord:
    name = ("Ann Lee", "Bo Ek", "Cy Roe", "Di Poe")[number - 1]
    return IdentityRecord("forum", f"{number}.example", str(number), display_name=name, **values)


KEPT = ("match_pair", "account_key", "profile_host", "person_identity", "due")


def test_others_are_tied_at_once_when_the_address_is_theirs_alone(engine: Engine) -> None:
    of_three = [_shared(number, email="desk@lee.example", email_verified=True) for number in (1, 2, 3)]
    bring(engine, [*of_three, _shared(4, handle="ivy", url="https://ivy-personal.example/ivy")])
    assert "verified_email" not in _rules(engine), "an address of three names is nobody's"
    assert "ivy-personal" in repr(rows_of(engine, ["profile_host"]))
    first, fourth = (_person(engine, native) for native in "14")
    erase_person(engine, person_id=first, decided_by="Ada")
    assert _rules(engine) == ["verified_email"]
    assert _problems(engine) == []
    erase_person(engine, person_id=fourth, decided_by="Ada")
    assert "ivy-personal" not in everything(engine)
    assert _problems(engine) == []
    kept_up = rows_of(engine, KEPT)
    refresh(engine, Silence())
    assert rows_of(engine, KEPT) == kept_up


def test_others_wait_for_the_next_import_when_all_of_many_accounts_are_to_be_looked_at(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "MANY_ACCOUNTS", 2)
    monkeypatch.setattr(matching_keys, "_MOST_NEIGHBOURS", 0)
    bring(engine, [_shared(number, email="desk@lee.example", email_verified=True) for number in (1, 2, 3, 4)])
    erase_person(engine, person_id=_person(engine, "1"), decided_by="Ada")
    assert rows_of(engine, ["due"])["due"] == [("matching", 0)]
    waits = [finding for finding in examine(engine) if "waits for the next import" in finding.what]
    assert [finding.level for finding in waits] == [Level.NOTE]
    assert _problems(engine) == []
    bring(engine, [account("zoe")], "later")
    assert rows_of(engine, ["due"])["due"] == []
    erase_person(engine, person_id=_person(engine, "2"), decided_by="Ada")
    assert "verified_email" not in _rules(engine)
    examine_and_repair(engine, Silence())
    assert rows_of(engine, ["due"])["due"] == []
    assert _rules(engine) == ["verified_email"]


def test_later_posts_come_in_as_fast_when_none_of_them_is_of_the_erased(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(engine, [account("ann")])
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    monkeypatch.delattr(importing, "_copy_posts")  # one by one
    bring(engine, [post("b1", 5, "ben"), post("b2", 6, "ben")], "2")
    assert natives(engine, "post") == ["b1", "b2"]


def test_same_and_other_files_do_not_bring_the_person_back(engine: Engine) -> None:
    erase_person(engine, person_id=whole(engine), decided_by="Ada")
    left = rows_of(engine, ["identity", "post", "person", "visit"])
    again = bring(engine, anns(), "again")
    assert sum(again.notes.values()) == 6
    newer: list[Record] = [
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


def test_titles_stay_without_the_name_when_the_file_comes_again(engine: Engine) -> None:
    person = whole(engine)
    wall = ChannelRecord("net", "net.example", "page1", "Annie's wall", owner="ann", url="https://net.example/ann")
    bring(engine, [wall], "wall")
    erase_person(engine, person_id=person, decided_by="Ada")
    later = ChannelRecord("net", "net.example", "page1", "Annie's wall", url="https://net.example/ann")
    bring(engine, [*anns(), later], "again")
    left = everything(engine)
    assert "Ann Sorrelwood" not in left
    assert "Annie's wall" not in left
    assert "Renewal of (erased), 2026" in left


def test_stranger_comes_in_when_the_erased_had_a_shared_mailbox(engine: Engine) -> None:
    bring(engine, [account("ann", email="info@x.example", email_verified=True)])
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    bring(engine, [account("bob", email="info@x.example"), post("b1", 5, "bob")], "2")
    assert (natives(engine, "identity"), natives(engine, "post")) == (["bob"], ["b1"])


def test_stranger_comes_in_again_when_the_erased_had_the_same_address(engine: Engine) -> None:
    both = [verified("ann"), account("bob", email=ADDRESS.title())]
    bring(engine, both)
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    bring(engine, [both[1], post("b1", 5, "bob")], "2")
    assert (natives(engine, "identity"), natives(engine, "post")) == (["bob"], ["b1"])


def test_bare_name_in_settings_stays_when_another_account_goes_by_it(engine: Engine) -> None:
    bring(engine, [account("ann"), IdentityRecord("web", "web.example", "ANN")])
    change_setting(engine, key="bots", value=["ann", "net/ann", "web/ann"], decided_by="Ada")
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    assert [row[-1] for row in rows_of(engine, ["setting"])["setting"] if "bots" in row] == [["ann", "web/ann"]]


def test_files_of_failed_imports_go_with_the_person(engine: Engine, uploads: Path) -> None:
    bring(engine, [account("ann")])

    class Stopped(RecordStream):
        def read(self):  # type: ignore[no-untyped-def]
            yield account("ann", display_name="Ann Sorrelwood")
            raise Killed

    with pytest.raises(Killed):
        import_input(engine, Stopped("2", "test", [], "2"), Silence(), options={})
    failed, old, fresh = uploads / "failed.csv", uploads / "old.csv", uploads / "fresh.csv"
    for path in (failed, old, fresh):
        path.write_text("Ann Sorrelwood")
    os.utime(old, (time.time() - 100_000, time.time() - 100_000))
    end_job(engine, add_job(engine, "import", {"paths": [str(failed)]}), ValueError("unreadable"))
    assert [path.suffix for path in staging_directory().iterdir()] == [".part"]
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    assert list(staging_directory().iterdir()) == []
    assert list(uploads.iterdir()) == [fresh]


def test_part_of_a_file_goes_when_its_run_is_given_up(engine: Engine) -> None:
    class Stopped(RecordStream):
        def read(self):  # type: ignore[no-untyped-def]
            yield account("ann")
            raise Killed

    with pytest.raises(Killed):
        import_input(engine, Stopped("2", "test", [], "2"), Silence(), options={})
    bring(engine, [account("zoe")], "3")
    assert list(staging_directory().iterdir()) == []


def test_cancelled_import_puts_nothing_of_the_erased_back(engine: Engine) -> None:
    bring(
        engine,
        [
            account("ann", display_name="Ann Sorrelwood"),
            OrderRecord("net", "net.example", "o", 5, "EUR", at(9), identity="ann"),
        ],
    )

    class Stop(Silence):
        def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
            if name.startswith("People"):
                erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
                raise Cancelled

    later: list[Record] = [
        account("ann", display_name="Zann"),
        account("ben"),
        OrderRecord("net", "net.example", "o", 5, "EUR", at(9), identity="ben"),
    ]
    with pytest.raises(Cancelled):
        bring(engine, later, "2", Stop())
    assert "Sorrelwood" not in everything(engine)
    assert rows_of(engine, ["identity"])["identity"] == []


@pytest.mark.parametrize("erased", ["ann", "ben"])
def test_cancelled_import_puts_no_mention_back_when_either_is_erased(engine: Engine, erased: str) -> None:
    bring(engine, [account("ann"), post("b1", 5, "ben", mentions=("ann",)), post("c1", 5, "cat", mentions=("dan",))])
    assert natives(engine, "interaction") == ["mention:b1:ann", "mention:c1:dan"]

    class Stop(Silence):
        def step(self, name: str, total: int | None = None, unit: str = "rows") -> None:
            if name.startswith("People"):
                assert natives(engine, "interaction") == []
                erase_person(engine, person_id=_person(engine, erased), decided_by="Ada")
                raise Cancelled

    with pytest.raises(Cancelled):
        bring(engine, [post("b1", 7, "ben"), post("c1", 7, "cat")], "2", Stop())
    assert natives(engine, "interaction") == ["mention:c1:dan"]


def test_salt_is_not_shown_and_nothing_of_it_can_be_undone(engine: Engine) -> None:
    bring(engine, [account("ann")])
    change_setting(engine, key="currency", value="USD", decided_by="Ada")
    erase_person(engine, person_id=_person(engine, "ann"), decided_by="Ada")
    with reading(engine) as session:
        audit = list_audit(session)
    assert sorted(name for name, _, _ in audit) == ["erasure", "erasure", "setting"]
    (salt,) = (row[0] for row in rows_of(engine, ["setting"])["setting"] if "erasure_salt" in row)
    (one, *_) = (row[0] for row in rows_of(engine, ["erasure"])["erasure"])
    for table, number in (("setting", salt), ("erasure", one)):
        with pytest.raises(NotToUndo):
            withdraw(engine, table=table, decision_id=number, decided_by="Ben")
        with pytest.raises(NotToUndo):
            withdraw_many(engine, table=table, decision_ids=[number], decided_by="Ben")
    bring(engine, [account("ann")], "again")
    assert natives(engine, "identity") == []


def test_erasing_is_a_job_when_the_person_wrote_much_or_an_import_runs(engine: Engine) -> None:
    bring(engine, [*(post(f"a{n}", n, "ann", text="x") for n in range(MANY_POSTS + 1)), account("ben")])
    ann, ben = (list_accounts_to_erase(engine, _person(engine, name)) for name in ("ann", "ben"))
    assert (is_long_to_erase(engine, ann), is_long_to_erase(engine, ben)) == (True, False)
    job = add_job(engine, "import", {})
    claim_job(engine, job, JobProgress(engine, job))
    assert is_long_to_erase(engine, ben)
    end_job(engine, job, None)
    assert not is_long_to_erase(engine, ben)


def test_job_erases_the_accounts_that_it_is_given(engine: Engine) -> None:
    person = whole(engine)
    arguments = {"accounts": list_accounts_to_erase(engine, person), "decided_by": "Ada"}
    job = add_job(engine, "erase", arguments)
    run_job(engine, job)
    assert read_job(engine, job).status == "done"
    assert natives(engine, "identity") == ["ben"]
    assert not derive_influence(engine, Silence()), "the job has derived the scores of the others"
    again = add_job(engine, "erase", arguments)
    with pytest.raises(NobodyToErase, match="before"):
        run_job(engine, again)


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
