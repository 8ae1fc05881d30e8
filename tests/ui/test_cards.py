"""What changed, in the unit of the number."""

import math
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import cast

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import Engine

from answers.catalogue import MONEY, MetricAnswer, list_metrics
from answers.filters import Filters
from answers.scope import Scope
from data_access.settings import Settings
from ui.cards import Card, describe_change, describe_comparison, metric_card, show_cards
from ui.guard import Here
from ui.numbers import in_unit


def test_describe_change_is_none_when_there_is_nothing_to_compare() -> None:
    assert describe_change(5, math.nan, "count") is None
    assert describe_change(math.nan, 5, "count") is None


def test_describe_change_is_in_points_when_the_number_is_a_share() -> None:
    assert describe_change(0.25, 0.3, "share") == "−5.0 pts"
    assert describe_change(-3.0, 4.0, "points") == "−7.0 pts"
    assert describe_change(0.3, 0.3, "share") == "no change"


def test_describe_change_says_from_none_when_there_was_nothing_before() -> None:
    assert describe_change(7, 0, "count") == "+7 from none"


def test_describe_change_says_how_many_times_when_percent_would_be_huge() -> None:
    assert describe_change(5000, 100, "count") == "50 times as much"


def test_card_of_money_shows_the_amount_with_its_currency() -> None:
    revenue = next(metric for metric in list_metrics() if metric.unit == MONEY)
    week = Filters(date(2026, 3, 22), date(2026, 3, 29))
    series = pd.DataFrame({"value": [1.0]})
    answer = MetricAnswer(revenue, week, 1_234_567.0, math.nan, math.nan, math.nan, "", series)
    card = metric_card(answer, currency="EUR")
    assert in_unit(card.value, card.unit) == "EUR 1.2M"
    assert in_unit(1_234_567.0, MONEY, currency="JPY") == "JPY 1.2M"


def here(last_hour: int) -> Here:
    """Where a page runs whose twitter has data of 1 to 28 March, and its reddit of 20 to 22 March."""
    channels = pd.DataFrame({"id": [1, 2], "network": ["twitter", "reddit"], "source": ["t", "r"], "brand": None})
    days = {"first_day": ["2026-03-01", "2026-03-20"], "last_day": ["2026-03-28", "2026-03-22"]}
    channels = channels.assign(is_competitor=False, **{name: pd.to_datetime(day) for name, day in days.items()})
    moment = datetime(2026, 3, 28, last_hour, tzinfo=UTC)
    scope = Scope(channels, Settings(), date(2026, 3, 1), date(2026, 3, 28), last_hour, moment, 9, 1)
    return Here("engagement", cast(Engine, None), "", 1, scope, "Ada")


def test_describe_comparison_says_when_the_last_day_ends_early() -> None:
    week = Filters(date(2026, 3, 22), date(2026, 3, 29))
    assert describe_comparison(here(13), week).endswith("The last day ends at 14:00, and is compared with a whole one.")
    before = week.between(date(2026, 3, 21), date(2026, 3, 28))
    for words in (describe_comparison(here(23), week), describe_comparison(here(13), before)):
        assert words.startswith("Compared with the 7 days before")
        assert "last day" not in words


def test_describe_comparison_says_that_there_is_nothing_when_the_network_begins_later() -> None:
    days = Filters(date(2026, 3, 20), date(2026, 3, 22), networks=("reddit",))
    assert "nothing to compare" in describe_comparison(here(23), days)


@pytest.mark.parametrize(("cards", "columns", "drawn"), [(4, 6, 4), (4, 3, 3), (3, 6, 6), (6, 6, 6)])
def test_cards_stand_in_a_row_beside_the_sidebar_when_there_are_four(
    monkeypatch: pytest.MonkeyPatch, cards: int, columns: int, drawn: int
) -> None:
    room_pixels, gap_pixels = 820, 16  # of a window 1280 wide
    grids: list[tuple[int, int]] = []

    def grid(columns: int, *, min_column_width: int) -> nullcontext[None]:
        grids.append((columns, min_column_width))
        return nullcontext()

    monkeypatch.setattr(st, "grid", grid)
    show_cards([Card("Posts", 1.0, "count")] * cards, columns=columns)
    ((columns, width),) = grids
    assert columns == drawn
    assert drawn != 4 or 4 * width + 3 * gap_pixels <= room_pixels


def test_card_points_down_in_the_colour_of_its_meaning_when_a_number_falls() -> None:
    def page() -> None:
        from ui.cards import Card, show_cards

        show_cards([Card("A", 5, "count", before=10, better=better) for better in ("up", "down", "neither")])

    from streamlit.testing.v1 import AppTest

    cards = AppTest.from_function(page).run().metric
    assert [card.delta for card in cards] == ["−50 %"] * 3
    drawn = [card.proto for card in cards]
    assert {card.direction for card in drawn} == {card.DOWN for card in drawn}
    assert [card.color for card in drawn] == [drawn[0].RED, drawn[0].GREEN, drawn[0].GRAY]
