"""Whose part is how large: ours coloured, each brand told apart without colour too."""

import pandas as pd

from figures.share_of_voice import (
    MOST_BRANDS,
    choose_shown,
    voice_bars_figure,
    voice_bars_takeaway,
    voice_lines_figure,
    voice_lines_takeaway,
    voice_topics_figure,
    voice_topics_takeaway,
)
from figures.template import BLUE, GREY, RED, YELLOW

BRANDS = pd.DataFrame(
    {
        "brand_id": [1, 2, 3, 4, 5, 6],
        "brand": ["Ours", "Also ours", "Big", "Mid", "Small", "Tiny"],
        "is_ours": [True, True, False, False, False, False],
        "value": [40, 10, 30, 10, 6, 4],
        "share": [0.4, 0.1, 0.3, 0.1, 0.06, 0.04],
    }
)


def _over_time(*brands: int) -> pd.DataFrame:
    days = pd.date_range("2026-03-02", periods=3, unit="us")
    rows = [(day, brand, f"Brand {brand}", float(brand * 10 + n)) for brand in brands for n, day in enumerate(days)]
    return pd.DataFrame(rows, columns=["period", "brand_id", "brand", "value"]).assign(is_whole=True)


def test_shown_brands_are_one_of_ours_and_the_largest_competitors() -> None:
    assert choose_shown(BRANDS) == [1, 3, 4, 5]
    assert choose_shown(BRANDS[BRANDS["is_ours"]]) == [1, 2]
    assert len(choose_shown(BRANDS)) == MOST_BRANDS


def test_bars_colour_ours_only_and_begin_with_it() -> None:
    (bar,) = voice_bars_figure(BRANDS, x_title="mentions").data
    assert list(bar.y)[-1] == "Ours"
    assert list(bar.marker.color) == [GREY] * 4 + [BLUE] * 2
    assert list(bar.text)[-1] == "40 %"
    assert (
        voice_bars_takeaway(BRANDS, what="Mentions")
        == "Mentions: Ours leads with 40; Ours, Also ours have 50 % of all."
    )
    assert "nobody is named" in voice_bars_takeaway(BRANDS.assign(value=0), what="Mentions")


def test_names_are_drawn_as_they_stand_when_they_hold_markup() -> None:
    brand, topic = "Foe <a href='https://evil.example'>win</a>", "Light & <b>air</b>"
    rows = _over_time(1).assign(brand=brand)
    drawn = "Foe &lt;a href='https://evil.example'&gt;win&lt;/a&gt;"
    (line,) = voice_lines_figure(rows, shown=[1], y_title="mentions").data
    assert line.name == drawn
    (bar,) = voice_bars_figure(BRANDS.head(1).assign(brand=brand), x_title="mentions").data
    assert list(bar.y) == [drawn]
    said = pd.DataFrame({"topic": [topic], "brand_id": [1], "brand": [brand], "share": [0.5], "mentions": [1]})
    figure = voice_topics_figure(said, shown=[1])
    (signs,) = figure.data
    assert signs.name == drawn
    assert list(signs.y) == list(figure.layout.yaxis.categoryarray) == ["Light &amp; &lt;b&gt;air&lt;/b&gt;"]
    assert [list(point) for point in signs.customdata] == [[1, topic]]  # a click leads to the topic itself
    assert list(signs.text) == ["1 mention"]


def test_lines_differ_in_colour_dash_and_sign() -> None:
    lines = voice_lines_figure(_over_time(1, 2, 3, 4), shown=[1, 2, 3, 4], y_title="mentions").data
    assert [line.line.color for line in lines] == [BLUE, YELLOW, RED, GREY]
    assert len({line.line.dash for line in lines}) == len({line.marker.symbol for line in lines}) == 4
    assert [line.customdata[0] for line in lines] == [1, 2, 3, 4]


def test_lines_of_shares_are_drawn_in_percent_and_others_as_they_are() -> None:
    rows = _over_time(1).assign(value=0.125)
    shares = voice_lines_figure(rows, shown=[1], y_title="share", is_share=True)
    assert (shares.data[0].y[0], shares.layout.yaxis.ticksuffix) == (12.5, "\u00a0%")
    amounts = voice_lines_figure(rows, shown=[1], y_title="mentions")
    assert (amounts.data[0].y[0], amounts.layout.yaxis.ticksuffix) == (0.125, None)


def test_lines_takeaway_says_how_ours_went_and_who_is_next() -> None:
    takeaway = voice_lines_takeaway(_over_time(1, 2, 3), shown=[1, 2, 3], what="Mentions")
    assert takeaway == "Mentions of Brand 1 went from 10 to 12; the most of the others has Brand 3."
    assert "no data" in voice_lines_takeaway(_over_time(), shown=[1], what="Mentions")


def test_lines_have_hollow_marks_when_a_period_is_not_whole() -> None:
    rows = _over_time(1, 2).assign(is_whole=[False, True, True] * 2)
    lines = voice_lines_figure(rows, shown=[1, 2], y_title="mentions").data
    assert [list(line.marker.symbol) for line in lines] == [
        ["circle-open", "circle", "circle"],
        ["diamond-open", "diamond", "diamond"],
    ]


def test_lines_takeaway_leaves_out_what_is_not_whole_where_it_can() -> None:
    rows = _over_time(1)
    said = voice_lines_takeaway(rows.assign(is_whole=[False, True, True]), shown=[1], what="Mentions")
    assert said == "Mentions of Brand 1 went from 11 to 12."
    said = voice_lines_takeaway(rows.assign(is_whole=[False, True, False]), shown=[1], what="Mentions")
    assert said == "Mentions of Brand 1 went from 10 to 12."


def test_lines_takeaway_says_shares_in_percent_and_passes_over_what_has_none() -> None:
    rows = _over_time(1, 2).assign(value=[float("nan"), 0.6923, 0.629, float("nan"), 0.3077, 0.371])
    said = voice_lines_takeaway(rows, shown=[1, 2], what="Mentions", is_share=True)
    assert said == "Share of mentions of Brand 1 went from 69 % to 63 %; the most of the others has Brand 2."
    none = voice_lines_takeaway(rows.assign(value=float("nan")), shown=[1, 2], what="Mentions", is_share=True)
    assert none == "Mentions: no data in this period."


def test_topics_stand_in_the_given_order_with_a_sign_a_brand() -> None:
    rows = pd.DataFrame(
        {
            "topic": ["Light", "Light", "Price"],
            "brand_id": [1, 2, 2],
            "brand": ["Ours", "Big", "Big"],
            "share": [0.5, 0.2, 0.4],
            "mentions": [5, 2, 4],
        }
    )
    figure = voice_topics_figure(rows, shown=[1, 2])
    assert (figure.data[0].x[0], figure.layout.xaxis.ticksuffix) == (50, "\u00a0%")
    assert list(figure.layout.yaxis.categoryarray) == ["Price", "Light"]
    assert len({trace.marker.symbol for trace in figure.data}) == 2
    assert (
        voice_topics_takeaway(rows, shown=[1, 2])
        == "Named most with a topic: Ours by Light (50 %), Big by Price (40 %)."
    )
