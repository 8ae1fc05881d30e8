"""What is said of a difference before and after taking part: never why."""

import math
from datetime import date

import pandas as pd
import pytest

from answers.circle_sales import CircleSales
from answers.filters import Filters
from metrics.circle_sales import PairedChange
from ui.circle_sales import NO_CAUSE, describe_change

MARCH = Filters(date(2026, 3, 1), date(2026, 4, 1))
NOBODY = pd.DataFrame(columns=["before_minor", "after_minor", "orders_before", "orders_after"])


def circle(low: float, high: float) -> CircleSales:
    table = pd.DataFrame({"before_minor": [10_000], "after_minor": [25_000], "orders_before": [1], "orders_after": [2]})
    return CircleSales(
        filters=MARCH,
        person_id=1,
        window_days=30,
        sale_kind="order",
        currency="EUR",
        people=12,
        compared=10,
        first_day=MARCH.start,
        last_day=MARCH.last_day,
        change=PairedChange(10, 1_500.0, low, high),
        table=table,
        steps=NOBODY,
        unconverted=NOBODY,
    )


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (200.0, 2_800.0, "They bought more after than before"),
        (-2_800.0, -200.0, "They bought less after than before"),
        (-100.0, 3_000.0, "cannot be told from zero"),
        (math.nan, math.nan, "No interval is given: it takes 10 people, 5 of them with a difference"),
    ],
)
def test_describe_change_says_more_only_when_the_interval_is_above_zero(low: float, high: float, said: str) -> None:
    words = describe_change(circle(low, high))
    assert said in words
    assert "EUR 10\\.00 before and EUR 25\\.00 after" in words
    assert words.endswith(NO_CAUSE)
    assert ("They bought more" in words) == (low > 0)


def test_describe_change_never_says_that_taking_part_made_anybody_buy() -> None:
    for low, high in ((200.0, 2_800.0), (-1.0, 1.0), (math.nan, math.nan)):
        words = describe_change(circle(low, high)).lower()
        assert "because" not in words
        assert "effect" not in words
        assert "nothing about cause" in words
