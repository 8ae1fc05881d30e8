"""The line, its band, the period before, and what is marked."""

from collections.abc import Iterable

import pandas as pd

from figures.template import BLUE, RED
from figures.trend import trend_figure, trend_takeaway

DAYS = pd.date_range("2026-03-02", periods=4, freq="D")
FRAME = pd.DataFrame(
    {
        "day": DAYS,
        "value": [10.0, 12.0, 40.0, 8.0],
        "low": [5.0, 5.0, 5.0, 5.0],
        "high": [15.0, 15.0, 15.0, 15.0],
        "is_unusual": [False, False, True, False],
    }
)


def _known(values: Iterable[float]) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def test_trend_figure_draws_line_band_and_the_unusual_day() -> None:
    figure = trend_figure(FRAME, name="Posts", y_title="posts")
    by_name = {trace.name: trace for trace in figure.data}
    assert list(by_name["Posts"].y) == [10.0, 12.0, 40.0, 8.0]
    assert by_name["Posts"].line.color == BLUE
    band = by_name["usual for the weekday"]
    assert band.fill == "toself"
    assert _known(band.y) == [15.0] * 4 + [5.0] * 4 + [None]
    assert list(by_name["unusual"].x) == ["2026-03-04"]
    assert by_name["unusual"].marker.color == RED
    assert by_name["unusual"].marker.symbol == "diamond-open"  # not by colour alone


def test_trend_figure_has_only_the_line_when_nothing_is_known_of_the_usual() -> None:
    figure = trend_figure(FRAME[["day", "value"]], name="Posts", y_title="posts")
    assert [trace.name for trace in figure.data] == ["Posts"]


def test_trend_figure_draws_the_band_in_pieces_when_it_is_not_known_for_a_day() -> None:
    frame = FRAME.assign(low=[5.0, None, 6.0, 7.0])
    band = next(trace for trace in trend_figure(frame, name="Posts", y_title="posts").data if trace.fill)
    assert _known(band.y) == [15.0, 5.0, None, 15.0, 15.0, 7.0, 6.0, None]
    assert [None if pd.isna(day) else pd.Timestamp(day) for day in band.x] == [
        *(DAYS[0], DAYS[0], None),
        *(DAYS[2], DAYS[3], DAYS[3], DAYS[2], None),
    ]


def test_trend_figure_lays_the_period_before_under_the_same_days() -> None:
    before = pd.DataFrame({"day": DAYS - pd.Timedelta(days=4), "value": [1.0, 2.0, 3.0, 4.0]})
    figure = trend_figure(FRAME, name="Posts", y_title="posts", before=before)
    faint = next(trace for trace in figure.data if trace.name == "period before")
    assert list(faint.x) == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert list(faint.y) == [1.0, 2.0, 3.0, 4.0]


def test_trend_figure_leaves_a_gap_when_a_day_has_no_value() -> None:
    frame = FRAME.assign(value=[10.0, None, 40.0, 8.0])
    line = next(trace for trace in trend_figure(frame, name="Posts", y_title="posts").data if trace.name == "Posts")
    assert pd.isna(line.y[1])


def test_trend_takeaway_says_course_highest_and_unusual() -> None:
    assert trend_takeaway(FRAME, name="Posts") == (
        "Posts fell, from 10 to 8; highest 40 on 4 Mar 2026. 1 of 4 days lie outside the usual band."
    )


def test_trend_takeaway_says_so_when_there_is_no_data() -> None:
    assert trend_takeaway(FRAME.iloc[:0], name="Posts") == "Posts: no data in this period."


def test_trend_figure_names_as_it_stands_what_holds_markup() -> None:
    figure = trend_figure(FRAME, name="Posts about <b>x</b>", y_title="posts about <b>x</b>")
    assert "Posts about &lt;b&gt;x&lt;/b&gt;" in {trace.name for trace in figure.data}
    assert figure.layout.yaxis.title.text == "posts about &lt;b&gt;x&lt;/b&gt;"


def test_trend_of_weeks_tells_their_days_and_posts_on_hovering() -> None:
    weeks = pd.DataFrame(
        {"day": pd.to_datetime(["2026-03-04", "2026-03-09"]), "value": [10.0, -2.5], "posts": [1200, 7], "days": [5, 7]}
    )
    [line] = trend_figure(weeks, name="Net sentiment", y_title="points").data
    assert line.text[0] == "4 Mar to 8 Mar 2026, mean over 1,200 posts"
    assert "%{text}" in line.hovertemplate
    said = trend_takeaway(weeks, name="Net sentiment")
    assert said.startswith("Net sentiment fell, from 10 to −2.5;")
    assert "in the week from 4 Mar 2026" in said
