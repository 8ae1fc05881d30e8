"""Communities: how large they were, and what they talk about more than others do.

Source of the words: Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis, 2008), as in ``metrics.terms``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from metrics.columns import require_columns
from metrics.terms import LEAST_POSTS, LEAST_SCORE, PRIOR_SHARE, terms_in

WORD_COLUMNS = ["community", "word", "score", "posts", "other_posts"]
TOPIC_COLUMNS = ["community", "topic", "posts", "lift"]
#: A topic that a community writes on a tenth more than everyone does says little about it.
LEAST_LIFT = 1.1
WORDS_IN_LABEL = 3
LONGEST_LABEL = 40

Numbers = npt.NDArray[np.float64]


def community_before(ties_before: pd.DataFrame, community_now: "pd.Series[int]") -> "pd.Series[float]":
    """Of which of today's communities each person of the period before was; NaN of none.

    Columns: ``source``, ``target``, ``weight``; ``community_now``: numbers by person id. Who is in one now was in it
    then; who is gone was in the one that most of the weight of their ties went to or came from (of two the lower
    number). Returns numbers by person id, of everyone with a tie before.
    """
    require_columns(ties_before, "community_before", "source", "target", "weight")
    ends = pd.concat(
        [
            ties_before[["source", "target", "weight"]].set_axis(["person_id", "other", "weight"], axis=1),
            ties_before[["target", "source", "weight"]].set_axis(["person_id", "other", "weight"], axis=1),
        ],
        ignore_index=True,
    ).astype({"person_id": "int64", "other": "int64"})
    now = community_now.dropna().astype("float64")
    people = pd.Index(np.unique(ends["person_id"].to_numpy()), name="person_id")
    found = now.reindex(people)
    ends = ends[~ends["person_id"].isin(now.index)]
    ends = ends.assign(community=now.reindex(ends["other"]).to_numpy()).dropna().sort_values("weight")
    drawn = ends.groupby(["person_id", "community"], as_index=False)["weight"].sum()
    drawn = drawn.sort_values(["person_id", "weight", "community"], ascending=[True, False, True])
    return found.fillna(drawn.drop_duplicates("person_id").set_index("person_id")["community"]).rename("community")


def sizes_before(ties_before: pd.DataFrame, community_now: "pd.Series[int]") -> "pd.Series[int]":
    """How many people of the period before belonged to each of today's communities; 0 for a new one; by number."""
    numbers = np.unique(community_now.dropna().to_numpy(dtype=np.int64))
    counted = community_before(ties_before, community_now).value_counts()
    return counted.reindex(numbers, fill_value=0).astype("int64").rename("size_before")


def distinctive_words(texts: pd.DataFrame, *, limit: int = 8, skip: Iterable[str] = ()) -> pd.DataFrame:
    """The words that each community uses more than all others together, most telling first.

    Columns: ``community``, ``text`` (of one post each). Equal texts of a community count once and a word once a text;
    accounts, links, everyday words, numbers and what is in ``skip`` (lower case) are left out; a word needs three
    texts. Returns ``community``, ``word``, ``score`` (z-score of the log-odds, at least 1.96), ``posts``,
    ``other_posts``, at most ``limit`` for each community.

    >>> posts = [(1, f"basil loves sun {n}") for n in "abcdefghi"] + [(2, f"moss loves shade {n}") for n in "abcdefghi"]
    >>> found = distinctive_words(pd.DataFrame(posts, columns=["community", "text"]))
    >>> found.groupby("community")["word"].agg(list).to_dict()
    {1: ['basil', 'sun'], 2: ['moss', 'shade']}
    """
    require_columns(texts, "distinctive_words", "community", "text")
    counts = _word_counts(texts.drop_duplicates(["community", "text"]), frozenset(skip))
    counts = counts.assign(
        all_posts=counts.groupby("word")["posts"].transform("sum"),
        total=counts.groupby("community")["posts"].transform("sum"),
    )
    everything = float(counts["posts"].sum())
    counts["other_posts"] = counts["all_posts"] - counts["posts"]
    prior, all_prior = PRIOR_SHARE * counts["all_posts"], PRIOR_SHARE * everything
    counts["score"] = _z_scores(
        (counts["posts"] + prior).to_numpy(dtype=np.float64),
        (counts["total"] + all_prior).to_numpy(dtype=np.float64),
        (counts["other_posts"] + prior).to_numpy(dtype=np.float64),
        (everything - counts["total"] + all_prior).to_numpy(dtype=np.float64),
    )
    telling = counts[(counts["posts"] >= LEAST_POSTS) & (counts["score"] >= LEAST_SCORE)]
    telling = telling.sort_values(["community", "score", "word"], ascending=[True, False, True])
    return telling.groupby("community").head(limit)[WORD_COLUMNS].reset_index(drop=True)


def _word_counts(texts: pd.DataFrame, skip: frozenset[str]) -> pd.DataFrame:
    """``community``, ``word``, ``posts``: in how many texts."""
    rows = []
    for community, group in texts.groupby("community")["text"]:
        counted: Counter[str] = Counter()
        for text in group:
            counted.update(terms_in(text))
        rows += [(community, word, posts) for word, posts in counted.items() if word not in skip]
    frame = pd.DataFrame(rows, columns=["community", "word", "posts"])
    return frame.astype({"community": "int64", "word": "object", "posts": "int64"})


def _z_scores(count: Numbers, total: Numbers, other: Numbers, other_total: Numbers) -> Numbers:
    """As ``metrics.terms`` scores a word, for all words at once."""
    rest, other_rest = np.maximum(total - count, 0.5), np.maximum(other_total - other, 0.5)
    log_odds = np.log(count / rest) - np.log(other / other_rest)
    return np.asarray(log_odds / np.sqrt(1 / count + 1 / other))


def distinctive_topics(counts: pd.DataFrame, *, limit: int = 5) -> pd.DataFrame:
    """The topics that each community writes on more than everyone does, most posts first.

    Columns: ``community``, ``topic``, ``posts``. Returns ``community``, ``topic``, ``posts``, ``lift``: the share of
    the community's posts on topics that are on this one / that share among all; from 1.1, of three posts or more.
    """
    require_columns(counts, "distinctive_topics", "community", "topic", "posts")
    summed = counts.groupby(["community", "topic"], as_index=False)["posts"].sum()
    of_community = summed.groupby("community")["posts"].transform("sum")
    of_topic = summed.groupby("topic")["posts"].transform("sum")
    with np.errstate(divide="ignore", invalid="ignore"):
        summed["lift"] = (summed["posts"] / of_community) / (of_topic / summed["posts"].sum())
    telling = summed[(summed["posts"] >= LEAST_POSTS) & (summed["lift"] >= LEAST_LIFT)]
    telling = telling.sort_values(["community", "posts", "topic"], ascending=[True, False, True])
    return telling.groupby("community").head(limit)[TOPIC_COLUMNS].reset_index(drop=True)


def label(words: Iterable[str], topics: Iterable[str], *, number: int) -> str:
    """What a community is called: up to three of its words, else of its topics, else its number.

    >>> label(["basil", "#mint", "basils", "gnats", "pots"], ["Herbs"], number=3), label([], [], number=3)
    ('Basil, mint, gnats', 'Group 3')
    """
    chosen: list[str] = []
    for word in (*words, *topics):
        plain = word.lstrip("#").strip()
        said = any(_alike(plain.casefold(), other.casefold()) for other in chosen)
        fits = len(", ".join([*chosen, plain])) <= LONGEST_LABEL
        if plain and not said and (fits or not chosen):
            chosen.append(plain)
        if len(chosen) == WORDS_IN_LABEL:
            break
    joined = ", ".join(chosen)
    return joined[:1].upper() + joined[1:] if joined else f"Group {number}"


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one, as far as an ending tells."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :] in {"", "s", "es", "'s", "ed", "d", "ing"}


def labels(words: Mapping[int, list[str]], topics: Mapping[int, list[str]]) -> dict[int, str]:
    """A label for each community, none twice: a second of the same words has its number added.

    >>> labels({1: ["basil"], 2: ["basil"], 3: []}, {1: [], 2: [], 3: []})
    {1: 'Basil', 2: 'Basil (2)', 3: 'Group 3'}
    """
    found: dict[int, str] = {}
    for number in sorted({*words, *topics}):
        name = label(words.get(number, []), topics.get(number, []), number=number)
        found[number] = f"{name} ({number})" if name in found.values() else name
    return found
