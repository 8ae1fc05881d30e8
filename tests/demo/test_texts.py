"""The texts: varied, short enough, in the tone that was meant, and about nobody real."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from jobs.demo import names
from jobs.demo.company import RIVALS
from jobs.demo.generate import NO_TONE
from jobs.demo.texts import fit
from tests.demo.loaded import Loaded

FIRST_NAMES = {name for group in names.FIRST_NAMES.values() for name in group.split()}
MASKED = re.compile(
    r"[@#]\w+|\d+|\b(?:" + "|".join(sorted({*FIRST_NAMES, *RIVALS, "Sillgrove"})) + r")\b", re.IGNORECASE
)
REAL_NAMES = [
    "google",
    "apple",
    "amazon",
    "microsoft",
    "facebook",
    "instagram",
    "linkedin",
    "youtube",
    "tiktok",
    "whatsapp",
    "shopify",
    "hubspot",
    "salesforce",
    "ikea",
    "aerogarden",
    "gardena",
    "lechuza",
    "philips",
    "netflix",
    "spotify",
    "openai",
]


def mask(text: str) -> str:
    """``text`` without names, brands and digits, whatever its capitals."""
    return MASKED.sub("_", text.lower())


def test_texts_hardly_repeat_when_names_and_digits_are_masked(full: Loaded) -> None:
    counts = Counter(mask(post.text) for post in full.posts)
    once = sum(count for count in counts.values() if count == 1)
    assert once / len(full.posts) >= 0.95
    assert counts.most_common(1)[0][1] <= 30


def test_texts_fit_their_network(full: Loaded) -> None:
    longest: dict[str, int] = {"twitter": 280, "bluesky": 300, "mastodon": 500}
    for post in full.posts:
        assert 0 < len(post.text) <= longest.get(post.network, 600)


@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=40), st.integers(60, 200))
def test_fit_keeps_to_the_length_and_the_tail(words: list[str], longest: int) -> None:
    text = ". ".join(words)
    assert len(fit(text, longest)) <= longest
    assert fit(text + " #tag", longest, "#tag").endswith("#tag")


def test_titles_stand_where_the_network_has_them(small: Loaded) -> None:
    for post in small.posts:
        starts_topic = post.network in ("discourse", "reddit") and post.parent is None
        assert (post.title is not None) == starts_topic or post.network == "web"


def test_vader_reads_the_tone_that_was_meant(full: Loaded) -> None:
    analyser = SentimentIntensityAnalyzer()
    meant: Counter[tuple[int, int]] = Counter()
    for place in range(0, len(full.posts), 9):
        tone, post = full.community.tones[place], full.posts[place]
        if tone == NO_TONE or post.language in ("de", "es", "fr"):
            continue
        compound = analyser.polarity_scores(post.text)["compound"]
        meant[tone, (compound >= 0.05) - (compound <= -0.05)] += 1
    agreed = sum(count for (tone, read), count in meant.items() if tone == read)
    assert 0.9 <= agreed / meant.total() <= 0.99
    assert meant[-1, 1] > 0, "sarcasm is there for the scorer to get wrong"


def test_tones_are_mixed(full: Loaded) -> None:
    tones = Counter(tone for tone in full.community.tones if tone != NO_TONE)
    assert 0.2 <= tones[1] / tones.total() <= 0.35
    assert 0.1 <= tones[-1] / tones.total() <= 0.25


def test_some_write_in_german_spanish_and_french(full: Loaded) -> None:
    reported = Counter(post.language for post in full.posts if post.language is not None)
    assert set(reported) == {"en", "de", "es", "fr"}
    assert 0.02 <= 1 - reported["en"] / reported.total() <= 0.05


def test_some_posts_are_edited_and_some_deleted(full: Loaded) -> None:
    edited = [post for post in full.posts if post.edited_at is not None]
    deleted = [post for post in full.posts if post.deleted_at is not None]
    assert 200 < len(edited) < 800
    assert 20 < len(deleted) < 300
    assert all(post.edited_at > post.occurred_at for post in edited if post.edited_at is not None)


def test_check_ins_name_a_place_with_its_position(full: Loaded) -> None:
    check_ins = [post for post in full.posts if post.kind == "check_in"]
    assert len(check_ins) > 80
    assert all(post.place and post.latitude is not None and post.longitude is not None for post in check_ins)


def test_addresses_and_links_are_in_the_example_domain_only(full: Loaded) -> None:
    for identity in full.identities.values():
        assert identity.email is None or identity.email.endswith(".example")
        assert identity.url is None or re.match(r"https://[\w.-]+\.example/", identity.url)
    links = [link for post in full.posts for link in re.findall(r"https?://[^\s/?#]+", f"{post.text} {post.url}")]
    assert all(link.endswith(".example") for link in links)
    assert all(one.domain.endswith(".example") for one in full.by_type["OrganizationRecord"])


def test_no_company_of_the_real_world_is_named(full: Loaded) -> None:
    real = re.compile(r"\b(?:" + "|".join(REAL_NAMES) + r")\b", re.IGNORECASE)
    found = Counter(word.lower() for post in full.posts for word in real.findall(post.text))
    assert not found
