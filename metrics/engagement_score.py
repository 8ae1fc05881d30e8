"""How engaged a person is: what they did, each act weighing less the longer ago it was.

The weights, the half-life and the scale are ours; the page that shows a score shows them beside it.
"""

from dataclasses import dataclass, field

import pandas as pd

from metrics.columns import require_columns

#: What one act of a kind weighs on the day itself, in points.
WEIGHTS = {
    "order": 8.0,
    "feedback": 5.0,
    "post": 3.0,
    "reply": 3.0,
    "share": 2.0,
    "answer": 2.0,
    "visit": 1.0,
}
#: After so many days an act weighs half.
HALF_LIFE_DAYS = 30
#: So many points are a score of 50; twice as many of 67; no number of them is 100.
HALF_SCORE_POINTS = 20.0
#: Older acts would weigh less than a four-thousandth, and are left out.
OLDEST_DAYS = 12 * HALF_LIFE_DAYS


@dataclass(frozen=True)
class EngagementScore:
    """``score``: 0 (nothing in ``OLDEST_DAYS``) to below 100. ``points``: what the acts weigh together.

    ``parts``: a row a kind of act, the heaviest first: ``kind``, ``times`` (int64), ``points``, ``score`` (what it adds
    to the score; they add up to it).
    """

    score: float
    points: float
    parts: pd.DataFrame = field(repr=False)


def engagement_score(acts: pd.DataFrame) -> EngagementScore:
    """How engaged a person is, from what they did: the weight of each act times 2^(-days / 30), summed to points p, as
    100 p / (p + 20).

    ``acts``: ``kind`` (of ``WEIGHTS``; others are ignored), ``days`` (how many days before the last day of data, 0 or
    more), ``times`` (how often on that day). Returns 0 without any act. Above 50 somebody is with us every week or so;
    one who falls below half of what they had is going quiet: ask why. The definition is ours.

    >>> engagement_score(pd.DataFrame({"kind": ["order", "post"], "days": [30, 0], "times": [4, 2]})).score
    52.4
    """
    require_columns(acts, "engagement_score", "kind", "days", "times")
    counted = acts[acts["kind"].isin(WEIGHTS) & (acts["days"] <= OLDEST_DAYS)]
    decayed = counted["times"] * 2.0 ** (-counted["days"].clip(lower=0) / HALF_LIFE_DAYS)
    weighed = counted.assign(points=counted["kind"].map(WEIGHTS).astype("float64") * decayed)
    parts = weighed.groupby("kind", as_index=False)[["times", "points"]].sum()
    points = float(parts["points"].sum())
    score = 100 * points / (points + HALF_SCORE_POINTS)
    parts = parts.assign(score=parts["points"] * score / (points or 1.0))
    parts = parts.sort_values(["points", "kind"], ascending=[False, True], ignore_index=True)
    return EngagementScore(round(score, 1), points, parts.astype({"times": "int64", "score": "float64"}))
