"""In which order to answer those who wait.

The weights are ours: negativity 30, waiting 20, what they bought 20, written to us 15, influence 8, a question 7.
"""

from typing import Any

import numpy as np
import pandas as pd

from metrics.columns import require_columns

NEGATIVITY, WAITING, WORTH, TO_US, INFLUENCE, QUESTION = 30.0, 20.0, 20.0, 15.0, 8.0, 7.0
#: Who bought for a hundred thousand, in whole units of a currency, weighs as much as a customer can.
MOST_WORTH_LOG10 = 5.0
#: A million followers, or a thousand replies received, is as influential as it gets here.
MOST_FOLLOWERS_LOG10 = 6.0
MOST_REPLIES_LOG10 = 3.0
#: From here on influence is worth a word.
MANY_FOLLOWERS = 1_000
MANY_REPLIES = 10


def duration_in_words(seconds: float) -> str:
    """A stretch of time as people say it.

    >>> duration_in_words(90), duration_in_words(7_200), duration_in_words(200_000)
    ('1 min', '2 h', '2 d')
    """
    if seconds < 3_600:
        return f"{int(seconds // 60)} min"
    if seconds < 2 * 86_400:
        return f"{int(seconds // 3_600)} h"
    return f"{int(seconds // 86_400):,} d"


def _waiting_in_words(seconds: float, target: float) -> str:
    words = f"waits {duration_in_words(seconds)}"
    return f"{words}, past the target of {duration_in_words(target)}" if seconds > target else words


def _reason(row: Any) -> str:
    parts = []
    if row.negative_share > 0:
        parts.append((NEGATIVITY * row.negative_share, "negative" if row.negative_share >= 0.5 else "partly negative"))
    if row.is_to_us:
        parts.append((TO_US, "to us"))
    parts.append((row.waiting_points, _waiting_in_words(row.waiting_seconds, row.target_seconds)))
    if row.worth > 0:
        parts.append((row.worth_points, "a customer"))
    if row.followers >= MANY_FOLLOWERS:
        parts.append((row.influence_points, f"{int(row.followers):,} followers"))
    elif row.replies_received >= MANY_REPLIES:
        parts.append((row.influence_points, f"{int(row.replies_received):,} replies"))
    if row.is_question:
        parts.append((QUESTION, "a question"))
    text = "; ".join(words for _, words in sorted(parts, key=lambda part: -part[0]))
    return text[0].upper() + text[1:]


def priority(turns: pd.DataFrame) -> pd.DataFrame:
    """How urgent each open turn is, and why.

    Columns: ``negative_share`` (0 to 1, of its posts), ``waiting_seconds``, ``target_seconds``, ``followers`` and
    ``replies_received`` (may be missing: then 0), ``worth`` (what they bought, in whole units of a currency; may be
    missing), ``is_question``, ``is_to_us`` (said to us). Returns ``priority`` (0 to 100) and ``reason`` (plain words,
    what weighs most first), with the index of ``turns``. Waiting has half its points at the target and all of them only
    in the long run, so that old cases do not bury an angry new one. Answer from the top.

    >>> turn = {"negative_share": 1.0, "waiting_seconds": 7_200, "target_seconds": 3_600, "followers": 0}
    >>> turn |= {"replies_received": 0, "worth": 40_000}
    >>> priority(pd.DataFrame([turn | {"is_question": True, "is_to_us": True}]))["reason"][0]
    'Negative; a customer; to us; waits 2 h, past the target of 1 h; a question'
    """
    rows = _with_points(turns)
    reasons = [_reason(row) for row in rows.itertuples(index=False)]
    return pd.DataFrame({"priority": rows["priority"], "reason": pd.Series(reasons, index=turns.index, dtype="object")})


def priority_points(turns: pd.DataFrame) -> pd.Series:
    """How urgent each is, 0 to 100, as ``priority`` but without the reasons: for thousands, of which few are shown."""
    return _with_points(turns)["priority"]


def _with_points(turns: pd.DataFrame) -> pd.DataFrame:
    numbers = ("negative_share", "waiting_seconds", "target_seconds", "followers", "replies_received", "worth")
    require_columns(turns, "priority", *numbers, "is_question", "is_to_us")
    columns = {name: _not_negative(turns[name]) for name in numbers}
    columns |= {name: turns[name].to_numpy(dtype="float64") for name in ("is_question", "is_to_us")}
    waited = columns["waiting_seconds"] / np.maximum(columns["target_seconds"], 1.0)
    waiting_points = WAITING * waited / (1 + waited)
    by_followers = np.log10(1 + columns["followers"]) / MOST_FOLLOWERS_LOG10
    by_replies = np.log10(1 + columns["replies_received"]) / MOST_REPLIES_LOG10
    influence_points = INFLUENCE * np.minimum(np.maximum(by_followers, by_replies), 1.0)
    worth_points = WORTH * np.minimum(np.log10(1 + columns["worth"]) / MOST_WORTH_LOG10, 1.0)
    points = waiting_points + influence_points + worth_points + NEGATIVITY * np.minimum(columns["negative_share"], 1.0)
    points = points + QUESTION * columns["is_question"] + TO_US * columns["is_to_us"]
    more = {"waiting_points": waiting_points, "influence_points": influence_points, "worth_points": worth_points}
    more |= {"priority": points.round(1)}
    return pd.DataFrame(columns | more, index=turns.index)


def _not_negative(numbers: pd.Series) -> np.ndarray:
    known = pd.to_numeric(numbers).to_numpy(dtype="float64", na_value=0.0)
    return np.asarray(np.maximum(np.nan_to_num(known), 0.0))
