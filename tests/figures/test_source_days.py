"""The strip of each source's days."""

import pandas as pd

from figures.source_days import source_days_figure, source_days_takeaway

DAYS = pd.DataFrame(
    {
        "name": ["<b>a</b>", "<b>a</b>", "b"],
        "day": pd.to_datetime(["2026-03-02", "2026-03-03", "2026-03-02"]),
        "posts": [0, 5, 0],
        "state": ["missing", "posts", "quiet"],
    }
)


def test_source_days_mark_each_state_by_its_own_shape_and_draw_names_as_they_stand() -> None:
    figure = source_days_figure(DAYS)
    assert [(trace.name, trace.marker.symbol, len(trace.x)) for trace in figure.data] == [
        ("posts", "square", 1),
        ("nothing, where posts are usual", "x", 1),
        ("nothing, as usual", "circle-open", 1),
    ]
    assert list(figure.layout.yaxis.categoryarray) == ["&lt;b&gt;a&lt;/b&gt;", "b"]


def test_source_days_have_no_hours_under_them_when_they_are_few() -> None:
    def many(count: int) -> pd.DataFrame:
        days = pd.date_range("2026-03-02", periods=count)
        return pd.DataFrame({"name": "a", "day": days, "posts": 1, "state": "posts"})

    assert source_days_figure(many(3)).layout.xaxis.dtick == 24 * 60 * 60 * 1000
    assert source_days_figure(many(84)).layout.xaxis.dtick is None


def test_source_days_takeaway_says_whose_days_are_missing() -> None:
    assert source_days_takeaway(DAYS) == "Days without posts where posts are usual: <b>a</b> 1 day."
    assert source_days_takeaway(DAYS[DAYS["state"] != "missing"]) == "No day is missing where posts are usual."
