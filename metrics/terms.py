"""Which words one set of posts uses more than another.

Source: Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis, 2008): log-odds with an informative prior.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain

import pandas as pd

#: How strongly the words of both sets together pull towards "no difference": as a tenth of the posts would.
PRIOR_SHARE = 0.1
LEAST_POSTS = 3
#: Of how many different pieces of text the terms are kept: most of what is written is the same words again.
_KEPT = 50_000
#: Longer pieces are not kept: links, and sentences in writing that has no spaces, seldom come twice and fill memory.
_KEPT_LENGTH = 40
#: 1.96: a difference that chance alone would bring once in forty words.
LEAST_SCORE = 1.96
COLUMNS = ["term", "score", "posts", "other_posts"]

_LINK_OR_ACCOUNT = re.compile(r"https?://\S+|www\.\S+|@\w+")
#: A hashtag, or a word of three letters or more.
_TERM = re.compile(r"#[^\W\d_][\w'’]*[^\W_]|[^\W\d_][\w'’]+[^\W_]", re.UNICODE)
_EVERYDAY = """
a about after again all also am an and any are as at back be because been before being both but by can can't cannot
could did didn't do does doesn't doing don't down each even every few for from further get gets getting go going got had
has have haven't having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its itself just let
let's like ll made make many may me might more most much must my myself no nor not now of off on once one only or other
our ours out over own please re really said same say says see she should since so some still such take than thank thanks
that that's the their theirs them then there there's these they they're thing things this those through to too two under
until up us use using very via want was wasn't way we we're we've were what what's when where which while who why will
with won't would yes yet you you're you've your yours amp gt lt rt dm hi hello ok okay im ive dont cant didnt thats
youre
"""
STOP_WORDS = frozenset(_EVERYDAY.split())


def terms_in(text: str) -> set[str]:
    """The words and hashtags of a post in lower case, each once, without links, accounts and everyday words.

    >>> sorted(terms_in("The #Refund took THREE weeks, @acme https://acme.example"))
    ['#refund', 'three', 'took', 'weeks']
    """
    return set(chain.from_iterable(map(_TERMS_OF, text.split())))


def _find_terms(piece: str) -> tuple[str, ...]:
    """The terms of a piece of text without a space in it: no term, link or account reaches over a space."""
    clean = _LINK_OR_ACCOUNT.sub(" ", piece).replace("’", "'").lower()
    return tuple(term for term in _TERM.findall(clean) if term not in STOP_WORDS)


class _Pieces(dict[str, tuple[str, ...]]):
    """The terms of each piece that was asked for, begun anew when ``_KEPT`` are held: a look-up without a call."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        terms = _find_terms(piece)
        if len(piece) <= _KEPT_LENGTH:
            if len(self) >= _KEPT:
                self.clear()
            self[piece] = terms
        return terms


_TERMS_OF = _Pieces().__getitem__


def _count(texts: Iterable[str]) -> Counter[str]:
    # a text that is sent a hundred times is one opinion
    return Counter(chain.from_iterable(map(terms_in, dict.fromkeys(texts))))


def distinguishing_terms(texts: Iterable[str], others: Iterable[str], *, limit: int = 15) -> pd.DataFrame:
    """The terms that ``texts`` use more than ``others``, most telling first.

    Each term counts once a text, equal texts count once. Returns ``term``, ``score`` (z-score of the log-odds ratio,
    at least 1.96), ``posts`` and ``other_posts`` (texts that use it); empty where they do not differ. Read the posts
    behind the first of them: the word says what the difference is about.

    >>> late = [f"late for the {n}th time" for n in range(9)]
    >>> distinguishing_terms(late, [f"lovely for the {n}th time" for n in range(9)])["term"].tolist()
    ['late']
    """
    first, second = _count(texts), _count(others)
    both = first + second
    all_prior = PRIOR_SHARE * both.total()
    rows = []
    for term, count in first.items():
        if count < LEAST_POSTS:
            continue
        prior = PRIOR_SHARE * both[term]
        score = _z_score(count + prior, first.total() + all_prior, second[term] + prior, second.total() + all_prior)
        if score >= LEAST_SCORE:
            rows.append((term, score, count, second[term]))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame = frame.astype({"term": "object", "score": "float64", "posts": "int64", "other_posts": "int64"})
    return frame.sort_values(["score", "term"], ascending=[False, True], ignore_index=True).head(limit)


def _z_score(count: float, total: float, other: float, other_total: float) -> float:
    rest, other_rest = max(total - count, 0.5), max(other_total - other, 0.5)  # where a term is all that is said
    log_odds = math.log(count / rest) - math.log(other / other_rest)
    return log_odds / math.sqrt(1 / count + 1 / other)
