"""Topics by lists of words: what a pattern matches, what it does not, and where."""

import csv
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.topics import (
    MOST_TERMS,
    BadPattern,
    Pattern,
    TopicMatcher,
    find_spans,
    loosened,
    parse_pattern,
    parse_rule,
    read_rule,
)


def _is_about(pattern: str, text: str) -> bool:
    return TopicMatcher({"It": pattern}).topics(text) == ("It",)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("refund", "Where is my REFUND?"),
        ("Refund", "a refund, please"),
        ("refund", "#refund now"),
        ("#refund", "they owe me #Refund."),
        ("refund*", "they refunded me"),
        ("refund*", "#RefundGate"),
        ("late, refund", "refund"),
        ("late\nrefund", "late"),
        ("late delivery", "Late: delivery on Friday"),
        ("late deliver*", "another late deliveries day"),
        ('"no, thanks"', "No thanks"),
        ("“no, thanks”", "no, thanks!"),
        ("wi-fi", "the Wi-Fi is gone"),
        ("wi-fi", "wi fi"),
        ("it’s late", "it's late"),
        ("café", "CAFE\N{COMBINING ACUTE ACCENT}"),
        ("straße", "STRASSE"),
        ("@helpdesk", "@HelpDesk are you there"),
        ("@helpdesk", "thanks @helpdesk."),
        ("@helpdesk", "great.@helpdesk.Then"),
        ("refund", "mail ann@shop.example.Refund ann@shop.example! refund"),
        ("@helpdesk", "ask @helpdesk@social.example or @helpdesk.social.example"),
        ("@help*", "@helpdesk"),
        ("refund, -free", "a refund"),
    ],
)
def test_text_is_about_the_topic_when_it_holds_a_word_of_the_pattern(pattern: str, text: str) -> None:
    assert _is_about(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("refund", "refunds"),
        ("refund", "prerefund"),
        ("refund*", "prerefund"),
        ("#refund", "refund"),
        ("refund", "@refund"),
        ("refund", "see https://shop.example/refund"),
        ("refund", "see HTTPS://shop.example/refund"),
        ("late delivery", "delivery late"),
        ("late delivery", "late for the delivery"),
        ("late deliver*", "late and delivered"),
        ("@help", "@helpdesk"),
        ("@helpdesk", "my_@helpdesk2"),
        ("helpdesk", "@helpdesk"),
        ("helpdesk, @helpdesk, example, ann", "write to ann@helpdesk.example"),
        ("helpdesk, @helpdesk, ann, b", "mailto:Ann.B+c@support.HELPDESK.example?"),
        ("@helpdesk, helpdesk", "Zoe\N{COMBINING DIAERESIS}@helpdesk.example"),
        ("refund, -free", "free refund"),
        ("refund, -free ship*", "refund of the free shipping"),
        ("refund", ""),
        ("a.c", "abc"),
    ],
)
def test_text_is_not_about_the_topic_when_it_holds_none_or_one_that_rules_it_out(pattern: str, text: str) -> None:
    assert not _is_about(pattern, text)


def test_matcher_finds_every_topic_of_a_text() -> None:
    matcher = TopicMatcher({"Refunds": "refund*", "Delivery": "parcel, courier", "Both": "parcel, refund, -taxes"})
    assert matcher.topics("The parcel came, the refund did not") == ("Both", "Delivery", "Refunds")
    assert matcher.topics("Taxes on the parcel") == ("Delivery",)
    assert TopicMatcher({}).topics("anything") == ()


@pytest.mark.parametrize(
    "pattern", ["", " , \n", "-refund", "*", "a*", "!!!", "re*fund", '""', "refund, ***", "ann@acme.example"]
)
def test_pattern_is_refused_when_it_can_match_nothing_or_everything(pattern: str) -> None:
    with pytest.raises(BadPattern):
        parse_pattern(pattern)


def test_pattern_is_refused_when_it_is_a_dictionary() -> None:
    with pytest.raises(BadPattern, match="500"):
        parse_pattern(", ".join(f"word{n}" for n in range(MOST_TERMS + 1)))


@pytest.mark.parametrize("exclusions", ["acme road", "-acme road", "-acme road,\n-acme road"])
def test_exclusions_that_stand_apart_are_as_those_with_a_minus(exclusions: str) -> None:
    assert parse_rule("acme, @acme", exclusions) == parse_pattern("acme, @acme, -acme road")


@pytest.mark.parametrize("exclusions", ["!!!", "a*"])
def test_exclusions_that_stand_apart_are_refused_when_they_say_nothing(exclusions: str) -> None:
    with pytest.raises(BadPattern):
        parse_rule("acme", exclusions)


def test_rule_is_refused_when_words_and_exclusions_are_too_many() -> None:
    words = ", ".join(f"word{n}" for n in range(MOST_TERMS))
    assert len(parse_rule(words).terms) == MOST_TERMS
    with pytest.raises(BadPattern, match="500"):
        parse_rule(words, "one more")


def test_spans_are_where_the_words_stand_in_the_text_as_written() -> None:
    text = "Straßenfest: REFUNDS, e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT} and money  back"
    spans = find_spans(parse_pattern("straßen*, refund*, été, money back, back").terms, text)
    assert [text[start:end] for start, end in spans] == [
        "Straßenfest",
        "REFUNDS",
        "e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT}",
        "money  back",
    ]


def test_spans_are_in_no_address() -> None:
    text = "Zoe\N{COMBINING DIAERESIS}@acme.example, @acme@social.example, ann@acme.example: acme"
    spans = find_spans(parse_pattern("acme, @acme").terms, text)
    assert [(text[start:end], start) for start, end in spans] == [("@acme", 19), ("acme", len(text) - 4)]


def test_rule_that_was_accepted_is_read_without_what_nothing_can_match() -> None:
    assert read_rule("ann@acme.example, acme, re*fund", "!!!, road") == parse_rule("acme", "road")
    assert read_rule("ann@acme.example", "https://acme.example") == Pattern(())
    assert TopicMatcher({"It": "ann@acme.example", "Else": "acme"}).topics("ann@acme.example of acme") == ("Else",)


def test_loosened_pattern_finds_what_was_nearly_written() -> None:
    near = TopicMatcher({"It": loosened(parse_pattern("delivery, -free"))})
    assert near.topics("free delivery") == ("It",)
    assert near.topics("it was delivered") == ("It",)
    assert near.topics("parcel") == ()


WORDS = st.sampled_from(["refund", "late", "delivery", "#sale", "@desk", "Straße", "wi-fi", "two words"])
ENTRIES = st.builds(
    lambda sign, word, star: f"{sign}{word}{star}", st.sampled_from(["", "", "-"]), WORDS, st.sampled_from(["", "*"])
)
PATTERNS = st.lists(ENTRIES, min_size=1, max_size=4).map(lambda entries: ", ".join(["first", *entries]))
TEXTS = st.lists(
    WORDS
    | st.sampled_from(["refunds", "first", "firstly", "a@late.first", "@desk@a.b", ",", "?"])
    | st.text(max_size=6),
    max_size=12,
).map(" ".join)


@given(st.dictionaries(st.sampled_from("ABCDE"), PATTERNS, max_size=5), st.lists(TEXTS, max_size=5), st.randoms())
def test_topics_do_not_hang_on_the_order_of_rules_or_on_texts_read_before(
    rules: dict[str, str], texts: list[str], random: object
) -> None:
    names = list(rules)
    random.shuffle(names)  # type: ignore[attr-defined]
    matcher = TopicMatcher({name: rules[name] for name in names})
    for text in [*texts, *reversed(texts)]:
        alone = [name for name in sorted(rules) if TopicMatcher({name: rules[name]}).topics(text)]
        assert list(matcher.topics(text)) == alone


@given(PATTERNS, st.lists(WORDS, max_size=8).map(" ".join))
def test_topics_do_not_hang_on_capitals(pattern: str, text: str) -> None:
    assert len({_is_about(form, said) for form in (pattern, pattern.upper()) for said in (text, text.title())}) == 1


@given(PATTERNS, TEXTS)
def test_marked_words_are_in_a_text_exactly_when_it_matches(pattern: str, text: str) -> None:
    terms = parse_pattern(pattern).terms
    spans = find_spans(terms, text)
    assert bool(spans) == bool(TopicMatcher({"It": Pattern(terms)}).topics(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(spans))


@given(st.text(max_size=40))
def test_pattern_is_either_refused_or_matches_its_own_words(pattern: str) -> None:
    try:
        parsed = parse_pattern(pattern)
    except BadPattern:
        return
    assert TopicMatcher({"It": Pattern(parsed.terms)}).topics(" ".join(parsed.terms[0].words)) == ("It",)


@pytest.mark.realdata
def test_brands_by_handle_are_those_of_a_plain_search_when_texts_are_real(shared_data: Path) -> None:
    handles = ("united", "usairways", "americanair", "southwestair", "jetblue", "virginamerica", "delta")
    with (shared_data / "airline" / "tweets_half.csv").open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    matcher = TopicMatcher({handle: f"@{handle}" for handle in handles})
    named = 0
    for text in texts:
        bare = re.sub(r"https?://\S+", " ", text.casefold())
        expected = tuple(sorted(handle for handle in handles if re.search(rf"@{handle}(?!\w)", bare)))
        assert matcher.topics(text) == expected
        named += bool(expected)
    assert named > 0.99 * len(texts), "they were collected by these handles"
