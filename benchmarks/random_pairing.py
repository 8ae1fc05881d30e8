"""Real tweets and a real CRM that have nothing to do with each other, paired at random: whatever is found is wrong."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.simulated_communities import Community
from metrics.matched_comparison import Span

_SECONDS_A_DAY = 86_400


def read_pairing(shared_data: Path, seed: int) -> Community:
    """Customers' tweets of ``twcs`` and won deals of ``maven_crm``, each deal given to an author drawn by ``seed``."""
    tweets = _read_tweets(shared_data / "twcs" / "twcs_first5000.csv")
    deals = pd.read_csv(shared_data / "maven_crm" / "sales_pipeline.csv", parse_dates=["close_date"])
    won = deals.loc[deals["deal_stage"] == "Won", "close_date"]
    people = np.unique(tweets["person_id"])
    owners = np.random.default_rng(seed).choice(people, len(won))
    orders = pd.DataFrame({"person_id": owners, "day": (won - pd.Timestamp(0)).dt.total_seconds() / _SECONDS_A_DAY})
    activity = tweets[["person_id", "day"]]
    is_answered, is_reply = tweets["is_answered"], tweets["is_reply"]
    return Community(
        people=pd.DataFrame({"person_id": people}),
        orders=orders.reset_index(drop=True),
        activity=activity,
        acts={"answer": activity[is_answered], "comment": activity[is_reply]},
        chances={"answer": activity[~is_answered], "comment": activity},
        span=Span(float(orders["day"].min()), float(orders["day"].max())),
    )


def _read_tweets(path: Path) -> pd.DataFrame:
    """Customers' tweets: ``person_id``, ``day``, ``is_reply``, ``is_answered`` (by a brand)."""
    rows = pd.read_csv(path, dtype=str, engine="python", on_bad_lines="skip").dropna(subset=["created_at"])
    moments = pd.to_datetime(rows["created_at"], format="%a %b %d %H:%M:%S %z %Y", utc=True, errors="coerce")
    parents = rows["in_response_to_tweet_id"].str.removesuffix(".0")
    is_inbound = rows["inbound"] == "True"
    frame = pd.DataFrame(
        {
            "person_id": pd.factorize(rows["author_id"])[0],
            "day": (moments - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / _SECONDS_A_DAY,
            "is_reply": parents.notna(),
            "is_answered": rows["tweet_id"].isin(parents[~is_inbound]),
        }
    )
    return frame[is_inbound & moments.notna()].reset_index(drop=True)
