"""What words would find among the newest posts: hits, what an exclusion rules out, near misses, and the rest."""

import pytest
from sqlmodel import Session

from answers.rule_preview import Example, preview_rule
from data_access.models.decisions import TopicRule
from data_access.models.facts import Brand
from metrics.topics import BadPattern
from tests.answers.store import MONDAY, add_channel, add_person, add_post, at

TEXTS = ("Acme is great", "Acme Road is closed", "acmeish people", "I like parcels", "Zenith instead", "")


@pytest.fixture
def posts(session: Session) -> Session:
    add_channel(session)
    add_person(session, 1)
    for number, text in enumerate(TEXTS, start=1):
        add_post(session, number, moment=at(MONDAY, number), text=text)
    add_post(session, 9, moment=at(MONDAY, 9), text="Acme, say we", side="team")
    return session


def _texts(examples: tuple[Example, ...]) -> list[str]:
    return [example.text for example in examples]


@pytest.mark.parametrize(("words", "exclusions"), [("acme, -acme road", ""), ("acme", "acme road"), ("acme", "-road")])
def test_preview_tells_hits_from_what_is_ruled_out_and_near_misses(posts: Session, words: str, exclusions: str) -> None:
    preview = preview_rule(posts, words, exclusions)
    assert (preview.posts, preview.hits, preview.ruled_out, preview.near_misses) == (6, 1, 1, 1)
    assert _texts(preview.examples) == ["Acme is great"]
    assert _texts(preview.excluded) == ["Acme Road is closed"]
    assert _texts(preview.near) == ["acmeish people"]
    assert preview.share == 1 / 6


def test_preview_marks_the_words_and_those_that_rule_a_post_out(posts: Session) -> None:
    preview = preview_rule(posts, "acme", "closed")
    assert preview.examples[0].spans == ((0, 4),)
    assert preview.excluded[0].spans == ((0, 4), (13, 19))


def test_preview_shows_posts_that_no_rule_of_the_kind_finds(posts: Session) -> None:
    posts.add_all([Brand(id=1, name="Zenith", is_competitor=True), Brand(id=2, name="Acme", is_competitor=False)])
    posts.add(TopicRule(topic="Parcels", pattern="parcels", decided_at=at(MONDAY), decided_by="Ada"))
    posts.flush()
    assert _texts(preview_rule(posts, "road", kind="brands").without) == ["I like parcels", "acmeish people"]
    assert "I like parcels" not in _texts(preview_rule(posts, "road", kind="topics").without)
    assert "Zenith instead" in _texts(preview_rule(posts, "road", kind="topics").without)


def test_preview_is_refused_when_words_say_nothing(posts: Session) -> None:
    with pytest.raises(BadPattern):
        preview_rule(posts, "-acme")


def test_preview_is_empty_when_there_is_no_post(session: Session) -> None:
    preview = preview_rule(session, "acme")
    assert (preview.posts, preview.hits, preview.examples, preview.without) == (0, 0, (), ())
