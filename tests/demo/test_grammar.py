"""The template grammar, and every template that the demo speaks with."""

from collections.abc import Iterator
from random import Random

import pytest

from jobs.demo.grammar import TemplateError, compile_template, pick, say
from jobs.demo.phrases import events, notes, replies, talk, team
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.words import PROBLEMS, Words

EXTRA_SLOTS = {"name": "Orla", "handle": "orla", "topic": "roots"}


def every_template() -> Iterator[str]:
    for module in (events, notes, replies, talk, team):
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, tuple):
                yield from value


def fill(text: str, topic_number: int, seed: int) -> str:
    rng = Random(seed)
    problem = PROBLEMS[seed % len(PROBLEMS)]
    words = Words(TOPICS[topic_number], rng, problem=problem, how_to=TOPICS[topic_number].how_tos[0])
    words.update(EXTRA_SLOTS)
    return say(text, words, rng.random)


def test_say_fills_slots_and_picks_alternatives() -> None:
    draws = iter([0.0, 0.99, 0.5])
    assert say("[a|b] [c|d] {x} [e|f]", {"x": "y"}, lambda: next(draws)) == "a d y f"


def test_say_nests_alternatives_and_takes_empty_ones() -> None:
    assert say("[|[in|out] ]side", {}, lambda: 0.0) == "side"
    assert say("[|[in|out] ]side", {}, lambda: 0.6) == "out side"


def test_say_draws_a_number_within_its_bounds() -> None:
    assert (say("{n}", {}, lambda: 0.0), say("{n}", {}, lambda: 0.999)) == ("2", "9")


@pytest.mark.parametrize("template", ["[a|b", "{x", "a]b|c[", "[a|[b]"])
def test_compile_refuses_when_brackets_do_not_match(template: str) -> None:
    with pytest.raises(TemplateError):
        compile_template(template)


def test_pick_takes_the_last_when_the_draw_is_high() -> None:
    assert pick(("a", "b", "c"), lambda: 0.999) == "c"


@pytest.mark.parametrize("topic", range(len(TOPICS)))
def test_every_template_can_be_said_on_every_topic(topic: int) -> None:
    for place, template in enumerate(every_template()):
        text = fill(template, topic, place)
        assert not set(text) & set("[]{}|"), template


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.key)
def test_every_template_of_a_topic_can_be_said(topic: object) -> None:
    number = TOPICS.index(topic)  # type: ignore[arg-type]
    lists = [getattr(topic, name) for name in ("updates", "praises", "gripes", "tips", "cheers", "details")]
    how_tos = [text for one in TOPICS[number].how_tos for text in (one.label, *one.asks, *one.answers)]
    for template in [*(text for texts in lists for text in texts), *how_tos, *notes.BY_TOPIC[TOPICS[number].key]]:
        assert not set(fill(template, number, 1)) & set("[]{}|"), template


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.key)
def test_every_problem_is_asked_told_and_solved(problem: object) -> None:
    for name in ("says", "asks", "moans", "tips", "fixes", "did", "cured"):
        options = getattr(problem, name)
        assert len(options) >= 2
        for template in options:
            assert not set(fill(template, 0, 1)) & set("[]{}|"), template
