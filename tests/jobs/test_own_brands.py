"""Whose a brand is: the same wherever it is asked, and what hangs on it is due when it changes."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from answers.influencer_lists import read_list
from answers.influencers import GraphFilters
from answers.scope import read_scope
from data_access.brands import list_brands, list_own_brands
from data_access.models.derived import Due, Influence, Person
from data_access.models.facts import Brand
from data_access.records import BrandRecord, Record
from data_access.store import reading
from jobs.brands import derive_brands, retire_brand
from jobs.decisions import change_setting, withdraw
from jobs.derive.due import INFLUENCE
from jobs.influence import derive_influence
from jobs.progress import Silence
from jobs.undo import undo_run
from tests.jobs.stores import bring, channel, post

DAY = 1440


def praise(native_id: str, day: float, text: str = "I love it, wonderful") -> Record:
    return post(native_id, day * DAY, "ann", text=text)


def settle(engine: Engine) -> None:
    """What an import does at its end."""
    derive_brands(engine, Silence())
    derive_influence(engine, Silence())


def praise_of_us(engine: Engine) -> int:
    """How often Ann praised us, as her row of influence has it."""
    with reading(engine) as session:
        statement = select(Influence.praise).join(Person, col(Person.id) == col(Influence.person_id))
        return session.exec(statement.where(Influence.period == "28", Person.name == "ann")).one()


def own_names(engine: Engine) -> list[str]:
    with reading(engine) as session:
        statement = select(Brand.name).where(col(Brand.id).in_(list_own_brands(session)))
        return sorted(session.exec(statement))


def in_places_of_rivals(engine: Engine) -> list[str]:
    with reading(engine) as session:
        channels = read_scope(session).channels
        return sorted(channels.loc[channels["is_competitor"], "name"])


def test_posts_in_the_channels_of_a_brand_are_praise_of_us_when_no_file_says_whose_it_is(engine: Engine) -> None:
    bring(engine, [BrandRecord("Acme"), channel("wall", brand="Acme"), praise("a", 0), praise("b", 1)])
    settle(engine)
    assert own_names(engine) == ["Acme"]
    assert praise_of_us(engine) == 2


def test_posts_are_no_praise_of_us_when_settings_call_the_brand_a_competitors(engine: Engine) -> None:
    bring(engine, [BrandRecord("Acme", is_competitor=False), channel("wall", brand="Acme"), praise("a", 0)])
    change_setting(engine, key="competitors", value=["Acme"], decided_by="Ada")
    settle(engine)
    assert own_names(engine) == []
    assert praise_of_us(engine) == 0


def test_channels_of_a_retired_brand_are_still_ours(engine: Engine) -> None:
    texts = ("I love it, wonderful", "I love Acme")
    records = [praise("a", 0, texts[0]), praise("b", 1, texts[1]), post("c", DAY, "ann", channel="den", text=texts[1])]
    bring(engine, [BrandRecord("Acme"), channel("wall", brand="Acme"), channel("den"), *records])
    settle(engine)
    assert praise_of_us(engine) == 3
    retire_brand(engine, brand="Acme", decided_by="Ada")
    settle(engine)
    assert own_names(engine) == ["Acme"]
    assert praise_of_us(engine) == 2


def test_list_of_advocates_shows_posts_in_the_channels_of_a_brand_of_nobody_elses(engine: Engine) -> None:
    records = [praise(f"p{number}", number) for number in range(3)]
    bring(engine, [BrandRecord("Acme"), channel("wall", brand="Acme"), *records])
    settle(engine)
    with reading(engine) as session:
        listed = read_list(session, "advocates_to_thank", GraphFilters("28"))
    assert listed["post_text"].tolist() == ["I love it, wonderful"]


@pytest.mark.parametrize("key", ["own_brands", "competitors"])
def test_settings_name_a_brand_in_capitals_or_not(engine: Engine, key: str) -> None:
    fact = key == "own_brands"
    bring(engine, [BrandRecord("Straße", is_competitor=fact), channel("wall", brand="Straße"), praise("a", 0)])
    change_setting(engine, key=key, value=["STRASSE"], decided_by="Ada")
    settle(engine)
    with reading(engine) as session:
        assert [(brand.name, brand.is_competitor) for brand in list_brands(session)] == [("Straße", not fact)]
    assert in_places_of_rivals(engine) == ([] if fact else ["Wall"])
    assert praise_of_us(engine) == int(fact)


def _is_due(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.exec(select(Due.key).where(Due.kind == INFLUENCE)).first() is not None


@pytest.mark.parametrize("whose", [None, False, True])
def test_scores_are_due_when_a_brand_is_retired(engine: Engine, whose: bool | None) -> None:
    bring(engine, [BrandRecord("Acme", is_competitor=whose), praise("a", 0, "I love Acme")])
    settle(engine)
    assert praise_of_us(engine) == (0 if whose else 1)
    retire_brand(engine, brand="Acme", decided_by="Ada")
    derive_brands(engine, Silence())
    assert _is_due(engine)
    derive_influence(engine, Silence())
    assert praise_of_us(engine) == 0


def test_scores_follow_when_a_file_says_whose_a_brand_is(engine: Engine) -> None:
    bring(engine, [BrandRecord("Acme", is_competitor=False), praise("a", 0, "I love Acme")])
    settle(engine)
    assert praise_of_us(engine) == 1
    for whose in (True, False):
        bring(engine, [BrandRecord("Acme", is_competitor=whose)], f"competitor: {whose}")
        assert _is_due(engine)
        settle(engine)
        assert praise_of_us(engine) == (0 if whose else 1)


def test_scores_follow_when_the_import_that_brought_a_brand_is_undone(engine: Engine) -> None:
    bring(engine, [praise("a", 0, "I love Acme")])
    run = bring(engine, [BrandRecord("Acme")], "brand")
    settle(engine)
    assert praise_of_us(engine) == 1
    assert run.run_id is not None
    undo_run(engine, run.run_id)
    assert _is_due(engine)
    settle(engine)
    assert praise_of_us(engine) == 0


def test_scores_follow_when_settings_say_whose_a_brand_is(engine: Engine) -> None:
    bring(engine, [BrandRecord("Acme", is_competitor=True), praise("a", 0, "I love Acme")])
    settle(engine)
    decision = change_setting(engine, key="own_brands", value=["Acme"], decided_by="Ada")
    assert _is_due(engine)
    settle(engine)
    assert praise_of_us(engine) == 1
    withdraw(engine, table="setting", decision_id=decision, decided_by="Ada")
    assert _is_due(engine)
    settle(engine)
    assert praise_of_us(engine) == 0


def test_scores_hold_when_a_file_says_again_whose_a_brand_is(engine: Engine) -> None:
    bring(engine, [BrandRecord("Acme"), praise("a", 0, "I love Acme")])
    settle(engine)
    bring(engine, [BrandRecord("Acme", is_competitor=False)], "ours")
    assert not _is_due(engine)
