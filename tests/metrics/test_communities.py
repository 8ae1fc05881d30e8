"""What communities were, and what they talk about."""

import pandas as pd
import pytest

from metrics.communities import (
    community_before,
    distinctive_topics,
    distinctive_words,
    label,
    labels,
    sizes_before,
)
from metrics.terms import distinguishing_terms

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
HERBS = [f"basil and mint in pot {number}" for number in NUMBERS]
MOSS = [f"moss in the shade, {number} weeks" for number in NUMBERS]


def posts(**texts: list[str]) -> pd.DataFrame:
    rows = [(int(name[1:]), text) for name, group in texts.items() for text in group]
    return pd.DataFrame(rows, columns=["community", "text"])


def words(frame: pd.DataFrame, **options: object) -> dict[int, list[str]]:
    found = distinctive_words(frame, **options)  # type: ignore[arg-type]
    return {int(community): group["word"].tolist() for community, group in found.groupby("community")}


def test_community_before_is_today_s_or_that_of_most_of_the_ties() -> None:
    now = pd.Series({1: 1, 2: 1, 3: 2, 9: 2})
    ties = pd.DataFrame(
        [(1, 3, 9.0), (7, 1, 1.0), (3, 7, 1.5), (2, 7, 1.0), (8, 1, 1.0), (3, 8, 1.0), (20, 21, 5.0)],
        columns=["source", "target", "weight"],
    )
    before = ties.copy()
    found = community_before(ties, now)
    assert found.drop([20, 21]).to_dict() == {1: 1, 2: 1, 3: 2, 7: 1, 8: 1}
    assert found[[20, 21]].isna().all()
    assert sizes_before(ties, now).to_dict() == {1: 4, 2: 1}
    pd.testing.assert_frame_equal(ties, before)


def test_sizes_before_is_zero_when_a_community_is_new() -> None:
    none = pd.DataFrame({"source": [], "target": [], "weight": []}, dtype="float64")
    assert sizes_before(none, pd.Series({1: 1, 2: 2})).to_dict() == {1: 0, 2: 0}
    assert community_before(none, pd.Series({1: 1})).empty


def test_distinctive_words_are_those_that_others_do_not_say() -> None:
    assert words(posts(c1=HERBS, c2=MOSS)) == {1: ["basil", "mint", "pot"], 2: ["moss", "shade", "weeks"]}


def test_distinctive_words_leave_out_accounts_links_and_what_is_to_be_skipped() -> None:
    herbs = [f"@basilfan {text} https://mint.example/{text[-3:]}" for text in HERBS]
    assert words(posts(c1=herbs, c2=MOSS), skip=["pot", "weeks"]) == {1: ["basil", "mint"], 2: ["moss", "shade"]}


def test_distinctive_words_need_several_posts_when_one_is_sent_often() -> None:
    assert words(posts(c1=["buy followers now"] * 90 + ["gnats", "gnats again"], c2=MOSS)).get(1) is None


def test_distinctive_words_score_as_two_sets_of_posts_do() -> None:
    found = distinctive_words(posts(c1=HERBS, c2=MOSS, c3=["late again on day " + number for number in NUMBERS]))
    first = found[found["community"] == 1].drop(columns="community").rename(columns={"word": "term"})
    others = [*MOSS, *("late again on day " + number for number in NUMBERS)]
    pd.testing.assert_frame_equal(first.reset_index(drop=True), distinguishing_terms(HERBS, others, limit=8))


def test_distinctive_words_are_none_when_there_is_one_community_or_nothing() -> None:
    assert distinctive_words(posts(c1=[])).empty
    assert distinctive_words(posts(c1=HERBS))["score"].notna().all()


def test_distinctive_words_keep_to_their_limit() -> None:
    assert words(posts(c1=HERBS, c2=MOSS), limit=1) == {1: ["basil"], 2: ["moss"]}


def test_distinctive_topics_say_how_much_more_often() -> None:
    counts = pd.DataFrame(
        [(1, "herbs", 30), (1, "price", 10), (2, "herbs", 10), (2, "price", 10), (2, "pets", 2)],
        columns=["community", "topic", "posts"],
    )
    found = distinctive_topics(counts)
    assert found["topic"].tolist() == ["herbs", "price"]
    assert found["lift"].tolist() == pytest.approx([(30 / 40) / (40 / 62), (10 / 22) / (20 / 62)])
    assert distinctive_topics(counts.iloc[:0]).empty


def test_label_is_of_words_then_topics_and_never_empty() -> None:
    assert label(["basil", "mint", "gnats", "pots"], [], number=1) == "Basil, mint, gnats"
    assert label(["gnat", "gnats"], ["Plant care"], number=1) == "Gnat, Plant care"
    assert label([], [], number=3) == "Group 3"
    assert label(["#", ""], [], number=4) == "Group 4"
    assert len(label(["x" * 30, "y" * 30, "z"], [], number=1)) <= 40


def test_labels_differ_when_words_are_the_same() -> None:
    named = labels({1: ["basil"], 2: ["basil"], 3: ["moss"]}, {4: []})
    assert named == {1: "Basil", 2: "Basil (2)", 3: "Moss", 4: "Group 4"}
