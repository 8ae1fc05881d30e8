"""Which language a short text of a social network is in, by CLD2."""

import re
from collections.abc import Sequence

import pycld2

#: Links, accounts and hashtag signs say nothing of the language; control characters and halves of surrogate pairs
#: make CLD2 refuse the text.
_NOISE = re.compile(r"https?://\S+|www\.\S+|@\w+|#|[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_MAY_BE_NOISE = ("@", "#", "://", "www.")
_COMMON = (
    "the and you that with have this they from would there their what your which when who about it how are just she"
    " him than because could should don't didn't can't doesn't won't it's that's you're its get got out them into if"
    " our not were some other then one now very after any why did does going much thanks please where only still too"
    " here know make made again every he his more need back new look looks says since days each think really right"
    " great hello people i'm i've"
)
_COMMON_ELSEWHERE = (
    "a i for at my on in is of to was we me by be all so do as an am will had her but has like no or day days time good"
    " two been under"
)
#: Words that only English texts are full of, and those with the ones that others use too. Where a text has enough,
#: CLD2, which takes ten times as long, need not be asked.
_ENGLISH = frozenset(spelt for word in _COMMON.split() for spelt in (word, word.capitalize()))
_ALSO_ENGLISH = _ENGLISH.union(spelt for word in _COMMON_ELSEWHERE.split() for spelt in (word, word.capitalize()))
_ENGLISH_WORDS, _ALSO_ENGLISH_WORDS, _ENGLISH_ONE_IN = 2, 4, 5
_LETTERS = re.compile(r"[^\W\d_]")
#: Below this a guess at another language than English is mostly slang ("thnx" passes for Dutch).
_GUESS_FROM_LETTERS = 24
_RENAMED = {"iw": "he", "in": "id", "jw": "jv", "ji": "yi", "mo": "ro"}
#: Names that are no language: unknown, scripts, and what CLD2 was taught for fun.
_NO_LANGUAGE = frozenset({"un", "xx", "zz", "und", "mul", "mis", "zxx", "qme"})


def language_code(name: str | None) -> str | None:
    """The ISO 639-1 code in a language tag, or None where it holds none.

    >>> language_code("en-US"), language_code("zh-Hant"), language_code("und"), language_code("iw")
    ('en', 'zh', None, 'he')
    """
    if not name:
        return None
    code = re.split(r"[-_]", name.strip().lower())[0]
    if len(code) != 2 or not code.isalpha() or code in _NO_LANGUAGE:
        return None
    return _RENAMED.get(code, code)


def _ask(text: str, *, best_effort: bool) -> tuple[str | None, bool]:
    try:
        is_reliable, _, details = pycld2.detect(text, isPlainText=True, bestEffort=best_effort)
    except (pycld2.error, UnicodeError):
        return None, False
    return language_code(details[0][1]), bool(is_reliable)


def is_plainly_english(text: str, words: Sequence[str]) -> bool:
    """Whether a text in ASCII has at least four different words, one in five, that English has so often, and two of
    them that no other language has.

    >>> [is_plainly_english(text, text.split()) for text in ("The lamp that you sent is here", "De lamp is in de was")]
    [True, False]
    """
    found = len(_ALSO_ENGLISH.intersection(words))
    is_likely = found >= _ALSO_ENGLISH_WORDS and found * _ENGLISH_ONE_IN >= len(words) and text.isascii()
    return is_likely and len(_ENGLISH.intersection(words)) >= _ENGLISH_WORDS


def detect_language(text: str, reported: str | None = None, words: Sequence[str] | None = None) -> str | None:
    """The language of ``text``, ISO 639-1: detected where it can be told, else as ``reported``, else None.

    A text too short to be sure of is taken as reported; where nothing is reported, as English if it looks so, and as
    unknown otherwise. ``words``: those of the text, where they are at hand. Never raises, whatever the text holds.

    >>> detect_language("The flight was late again and nobody told us")
    'en'
    >>> detect_language("Der Flug war schon wieder zu spät", "en")
    'de'
    >>> detect_language("ok", "fr"), detect_language("")
    ('fr', None)
    """
    if is_plainly_english(text, text.split() if words is None else words):
        return "en"
    is_clean = text.isprintable() and not any(sign in text for sign in _MAY_BE_NOISE)
    clean = text if is_clean else _NOISE.sub(" ", text)
    detected, is_reliable = _ask(clean, best_effort=False)
    if detected is not None and is_reliable:
        return detected
    if (known := language_code(reported)) is not None:
        return known
    guess, _ = _ask(clean, best_effort=True)
    if guess == "en" or len(_LETTERS.findall(clean)) >= _GUESS_FROM_LETTERS:
        return guess
    return None
