"""Sentiment over purchases."""

import pandas as pd

from figures.purchases import purchases_figure, purchases_takeaway


def sentiment(*scored: int) -> pd.DataFrame:
    months = pd.date_range("2026-01-01", periods=len(scored), freq="MS")
    counts = pd.Series(scored, dtype="int64")
    return pd.DataFrame(
        {"period": months, "posts": counts, "positive": counts, "negative": counts * 0, "scored": counts}
    )


def purchases(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["moment", "kind"]).assign(amount="EUR 9.00")
    return frame.assign(moment=pd.to_datetime(frame["moment"]))


def test_purchases_share_the_axis_of_time_with_sentiment() -> None:
    bought = purchases(("2025-11-20", "order"), ("2026-02-03", "deal won"))
    figure = purchases_figure(sentiment(1, 2), bought, unit="month")
    marks = [trace for trace in figure.data if trace.yaxis == "y2"]
    assert [(trace.name, len(trace.x)) for trace in marks] == [("order", 1), ("deal won", 1)]
    assert {trace.xaxis for trace in figure.data} <= {None, "x"}
    assert figure.layout.xaxis.range[0] < pd.Timestamp("2025-11-20")
    assert figure.layout.xaxis.range[1] > pd.Timestamp("2026-02-28")
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]


def test_purchases_stand_alone_when_nothing_is_scored_and_balance_alone_when_nothing_is_bought() -> None:
    alone = purchases_figure(sentiment(), purchases(("2026-01-05", "refund")), unit="month")
    assert [trace.name for trace in alone.data] == ["refund"]
    balance = purchases_figure(sentiment(1), purchases(), unit="month")
    assert [trace.name for trace in balance.data] == ["positive", "negative", "scored"]


def test_takeaway_counts_what_was_bought() -> None:
    bought = purchases(("2026-01-05", "order"), ("2026-03-05", "order"), ("2026-03-06", "deal won"))
    words = purchases_takeaway(sentiment(1), bought, unit="month")
    assert words.endswith("2 orders, 1 deal won, from 5 Jan 2026 to 6 Mar 2026.")
    assert purchases_takeaway(sentiment(1), bought.iloc[:1], unit="month").endswith("1 order, on 5 Jan 2026.")
    assert "order" not in purchases_takeaway(sentiment(1), purchases(), unit="month")
