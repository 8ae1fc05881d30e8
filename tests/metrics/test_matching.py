"""Accounts of one person: what is certain, what is likely, what must not be joined."""

from typing import Any

import pandas as pd
import pytest

from benchmarks import matching as measured
from metrics.matching import certain_pairs, cluster_accounts, default_model, fit_model, match_probability, score_pairs

pytestmark = pytest.mark.xdist_group("matching")  # what is fitted once is asked by many

DEMO_POSTS, DEMO_SEED = 40_000, 1


def make_accounts(*rows: dict[str, Any]) -> pd.DataFrame:
    """Accounts with ids from 1, each on a network of its own unless it says otherwise."""
    filled = [
        {"account_id": place, "network": f"net{place}", "source": "site", "native_id": str(place), **row}
        for place, row in enumerate(rows, 1)
    ]
    return pd.DataFrame(filled)


def rules_of(*rows: dict[str, Any]) -> list[tuple[int, int, str]]:
    found = certain_pairs(make_accounts(*rows))
    return list(found.itertuples(index=False, name=None))


def mail(address: str, **more: Any) -> dict[str, Any]:
    return {"email": address, "email_verified": True, **more}


def test_match_probability_is_the_reference_value() -> None:
    weight, probability = match_probability(0.001, [(0.98, 0.005), (0.98, 0.0001)])
    assert weight == pytest.approx(10.9089, abs=5e-5)
    assert probability == pytest.approx(0.99948, abs=5e-6)


def test_certain_pairs_join_when_both_verified_the_same_email() -> None:
    assert rules_of(mail("Ann@Lee.example "), mail("ann@lee.example")) == [(1, 2, "verified_email")]
    assert rules_of(mail("ann+news@gmail.com"), mail("ann@gmail.com")) == [(1, 2, "verified_email")]


@pytest.mark.parametrize(
    "rows",
    [
        (mail("ann@lee.example"), {"email": "ann@lee.example", "email_verified": None}),
        (mail("info@lee.example"), mail("info@lee.example")),
        (mail("ann+a@lee.example"), mail("ann+b@lee.example")),
        tuple(mail("x@lee.example", name=name) for name in ("Ann Lee", "Bo Kay", "Cy Dee")),
        (mail("x@lee.example", role="team"), mail("x@lee.example")),
        (mail("x@lee.example", role="bot"), mail("x@lee.example", role="bot")),
        (
            mail("x@lee.example", network="crm", name="Ann Lee"),
            mail("x@lee.example", network="crm", name="Bo Lee"),
        ),
    ],
    ids=["unverified", "shared mailbox", "tag elsewhere", "many names", "team", "bots", "two in one place"],
)  # fmt: skip
def test_certain_pairs_join_nobody_when_an_address_proves_nothing(rows: tuple[dict[str, Any], ...]) -> None:
    assert rules_of(*rows) == []


def test_certain_pairs_join_one_id_only_where_ids_are_global() -> None:
    twice = [{"native_id": "77", "source": "a"}, {"native_id": "77", "source": "b"}]
    assert rules_of(*({"network": "twitter", **row} for row in twice)) == [(1, 2, "platform_id")]
    assert rules_of(*({"network": "discourse", **row} for row in twice)) == []


def test_certain_pairs_join_a_bare_handle_with_the_account_that_has_it() -> None:
    bare = {"network": "twitter", "source": "a", "native_id": "@ann"}
    assert rules_of(bare, {"network": "twitter", "source": "b", "native_id": "5", "handle": "Ann"}) == [
        (1, 2, "platform_id")
    ]


@pytest.mark.parametrize(
    "written",
    [{"url": "https://twitter.com/AnnLee"}, {"bio": "Also https://x.com/annlee, mostly"}],
    ids=["url", "bio"],
)
def test_certain_pairs_join_when_a_profile_names_the_other(written: dict[str, Any]) -> None:
    twitter = {"network": "twitter", "handle": "annlee"}
    assert rules_of({"network": "mastodon", "handle": "ann", **written}, twitter) == [(1, 2, "profile_link")]


def test_certain_pairs_find_profiles_on_hosts_of_their_own() -> None:
    forum = {"network": "discourse", "handle": "ann", "url": "https://forum.example/u/ann"}
    assert rules_of(forum, {"network": "twitter", "bio": "me: forum.example/u/ann"}) == [(1, 2, "profile_link")]


def test_certain_pairs_join_nobody_when_two_of_one_place_link_to_one_profile() -> None:
    fan = {"network": "mastodon", "source": "one", "url": "https://github.com/star"}
    assert rules_of(fan, fan, {"network": "github", "handle": "star"}) == []


def likely(model: dict[str, Any], *rows: dict[str, Any], at_least: float = 0.0) -> pd.DataFrame:
    return score_pairs(make_accounts(*rows), model, at_least=at_least)


def test_score_pairs_are_sure_when_a_rare_name_comes_with_its_town_and_handle() -> None:
    row = {"name": "Ottoline Birtwhistle", "handle": "otti_birt_84", "location": "Cork, Ireland"}
    found = likely(default_model(), row, row)
    assert found["probability"].item() > 0.95
    assert [one["field"] for one in found["fields"].item()] == ["name", "handle", "location"]
    assert found["fields"].item()[0]["level"] == "same full name"


def test_score_pairs_weigh_a_rare_name_above_a_common_one() -> None:
    rare, common = (
        likely(default_model(), {"name": name, "location": "Cork"}, {"name": name, "location": "Cork"})["weight"].item()
        for name in ("Ottoline Birtwhistle", "John Smith")
    )
    assert rare > common + 2


@pytest.mark.parametrize(
    "row",
    [{"name": "Dave"}, {"handle": "dave"}, {"name": "Deleted User"}, {"email": "info@lee.example"}, {"name": "J S"}],
    ids=["first name", "common handle", "placeholder", "shared mailbox", "initials"],
)
def test_score_pairs_join_nobody_by_what_many_share(row: dict[str, Any]) -> None:
    assert likely(default_model(), row, row, at_least=0.5).empty


def test_score_pairs_never_join_by_a_name_alone() -> None:
    row = {"name": "Ottoline Birtwhistle"}
    assert likely(default_model(), row, row)["probability"].item() < 0.95


def test_score_pairs_keep_roles_apart() -> None:
    row = {"name": "Ottoline Birtwhistle", "handle": "ottoline_birt", "email": "otti@birt.example"}
    assert likely(default_model(), row, row | {"role": "team"}).empty
    assert likely(default_model(), row | {"role": "bot"}, row | {"role": "bot"}).empty


def test_score_pairs_weights_add_up_to_the_pair() -> None:
    model = default_model()
    row = {"name": "Ottoline Birtwhistle", "handle": "otti_birt_84", "location": "Cork", "organization": "Lee Ltd"}
    found = likely(model, row, row | {"name": "Ottoline Birtwhistel"})
    prior, _ = match_probability(model["prior"], [])
    assert found["weight"].item() == pytest.approx(
        prior + sum(one["weight"] for one in found["fields"].item()), abs=1e-3
    )


def test_score_pairs_are_less_likely_when_both_are_in_one_place() -> None:
    row = {"name": "Ottoline Birtwhistle", "location": "Cork"}
    apart = likely(default_model(), row, row)["weight"].item()
    together = likely(default_model(), row | {"network": "x"}, row | {"network": "x"})["weight"].item()
    assert together < apart - 2


def test_matching_finds_nothing_when_columns_are_empty_or_absent() -> None:
    nothing = make_accounts({"name": None}, {"name": None})
    assert certain_pairs(nothing).empty
    assert score_pairs(nothing, default_model()).empty
    assert score_pairs(nothing.iloc[:0], default_model()).empty


def test_score_pairs_are_the_same_when_scored_slice_after_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    towns, people = ("Oslo, Norway", "Bergen, Norway"), ("Ann Lee", "Bo Kay", "Cy Dee")
    rows = [
        {"name": name, "handle": name.lower().replace(" ", ""), "location": town, "role": role}
        for name in people
        for town in towns
        for role in ("", "", "team")
    ]
    at_once = likely(default_model(), *rows)
    monkeypatch.setattr("metrics.matching_blocks.FEW", 0)
    monkeypatch.setattr("metrics.matching_blocks.PAIRS_AT_ONCE", 8)
    assert len(at_once) == 3 * (6 + 1)  # four of a name among the public, two in the team
    pd.testing.assert_frame_equal(likely(default_model(), *rows), at_once)


def test_score_pairs_refuse_a_model_of_another_version() -> None:
    with pytest.raises(ValueError, match="version"):
        likely(default_model() | {"version": "0"}, {}, {})


def test_cluster_accounts_hold_back_what_would_join_two_emails_or_two_of_a_place() -> None:
    accounts = make_accounts(
        mail("a@lee.example"), {}, mail("b@lee.example"), {"network": "net2"}, {"network": "crm"}
    )  # fmt: skip
    none = pd.DataFrame({"left_id": [], "right_id": [], "rule": []})
    pairs = pd.DataFrame({"left_id": [1, 2, 2, 1], "right_id": [2, 3, 4, 5], "probability": [0.99, 0.98, 0.97, 0.6]})
    persons, held = cluster_accounts(accounts, none, pairs, at_least=0.95)
    assert persons.empty  # either of the two may be the wrong one
    assert held["reason"].tolist() == ["emails", "emails", "place"]


@pytest.fixture(scope="module")
def demo() -> tuple[pd.DataFrame, dict[str, list[int]], set[str]]:
    return measured.demo_accounts(DEMO_POSTS, DEMO_SEED)


@pytest.fixture(scope="module")
def demo_model(demo: tuple[pd.DataFrame, dict[str, list[int]], set[str]]) -> dict[str, Any]:
    return fit_model(demo[0], seed=1)


def test_fit_model_is_the_same_in_any_order_of_rows(demo: tuple[pd.DataFrame, dict[str, list[int]], set[str]]) -> None:
    some = demo[0].head(700)
    model = fit_model(some, seed=1)
    assert model["frequencies"]
    assert fit_model(some.sample(frac=1, random_state=5), seed=1) == model


def test_score_pairs_of_some_accounts_equal_those_of_the_whole(
    demo: tuple[pd.DataFrame, dict[str, list[int]], set[str]], demo_model: dict[str, Any]
) -> None:
    accounts, *_ = demo
    whole = score_pairs(accounts, demo_model)
    chosen = accounts["account_id"].sample(300, random_state=2).tolist()
    some = score_pairs(accounts.sample(frac=1, random_state=3), demo_model, account_ids=chosen)
    expected = whole[whole["left_id"].isin(chosen) | whole["right_id"].isin(chosen)].reset_index(drop=True)
    assert len(some) > 20
    pd.testing.assert_frame_equal(some, expected)
    # Nor do the accounts beside a pair matter.
    pair = some.iloc[0]
    alone = score_pairs(accounts[accounts["account_id"].isin([pair["left_id"], pair["right_id"]])], demo_model)
    assert alone["probability"].item() == pair["probability"]


def test_matching_finds_the_planted_people(
    demo: tuple[pd.DataFrame, dict[str, list[int]], set[str]], demo_model: dict[str, Any]
) -> None:
    accounts, persons, planted = demo
    true = measured.pairs_within(persons[name] for name in planted)
    members = {account for name in planted for account in persons[name]}
    reached = {
        least: measured.precision_and_recall(
            {pair for pair in measured.joined_pairs(accounts, demo_model, least) if members & set(pair)}, true
        )
        for least in (0.5, 0.95)
    }
    assert reached[0.95][0] >= 0.99
    assert reached[0.5][1] >= 0.9


@pytest.mark.realdata
@pytest.mark.usefixtures("shared_data")
def test_fitted_model_is_as_good_as_splinks_own_on_known_records() -> None:
    for name in ("fake_1000", "febrl1"):
        accounts, true = measured.records_of(name)
        found = score_pairs(accounts, fit_model(accounts, seed=1))
        precision, recall = measured.precision_and_recall(
            set(zip(found["left_id"], found["right_id"], strict=True)), true
        )
        assert precision >= 0.9992
        assert recall >= 0.8222


@pytest.mark.realdata
@pytest.mark.usefixtures("shared_data")
def test_default_model_joins_the_members_of_a_small_community() -> None:
    accounts, true = measured.crowd_members()
    assert measured.joined_pairs(accounts, default_model(), 0.95) == true
