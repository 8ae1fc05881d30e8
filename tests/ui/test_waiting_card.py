"""How many wait, on the card of Today and above its list."""

import math
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from answers.filters import Filters
from answers.waiting import WAITING, Waiting
from ui.today import describe_usual, waiting_card
from ui.waiting import describe_waiting

DAYS = Filters(start=date(2026, 3, 1), end=date(2026, 3, 3))
TODAY: Any = SimpleNamespace(day=date(2026, 3, 2))


def two_waiting(**cut: bool) -> Waiting:
    opened = pd.to_datetime(["2026-03-02 10:00", "2026-03-02 11:00"], utc=True)
    turns = pd.DataFrame({"opened_at": opened, "state": WAITING, "waiting_seconds": [7200.0, 3600.0]})
    return Waiting(DAYS, datetime(2026, 3, 2, 12, tzinfo=UTC), turns, 2, 0, **{"is_cut": False} | cut)


@pytest.mark.parametrize("cut", [{}, {"is_cut": True}, {"is_cut_elsewhere": True}], ids=str)
def test_who_waits_is_counted_as_the_least_when_not_all_were_looked_at(cut: dict[str, bool]) -> None:
    waiting = two_waiting(**cut)
    card = waiting_card(waiting, TODAY, "UTC")
    said = describe_waiting(waiting)
    if cut:
        assert (card.change, list(card.history)) == ("or more; 2 new on 2 Mar 2026", [])
        assert said.startswith("2 or more wait, the longest of these for 2 h.")
    else:
        assert (card.change, list(card.history)) == ("2 new on 2 Mar 2026", [0, 2])
        assert said.startswith("2 wait, the longest for 2 h.")


def test_nothing_is_said_of_how_long_somebody_waits_who_has_just_written() -> None:
    waiting = two_waiting()
    waiting.turns["waiting_seconds"] = [0.0, 59.0]
    assert describe_waiting(waiting) == "2 wait."


@pytest.mark.parametrize(("expected", "said"), [(8.0, "Compared with what is usual for a Monday. "), (math.nan, "")])
def test_day_is_compared_only_with_what_is_known(expected: float, said: str) -> None:
    today: Any = SimpleNamespace(numbers=[SimpleNamespace(expected=expected, comparison="usual for a Monday")])
    assert describe_usual(today, two_waiting()).startswith(f"{said}Waits for an answer: of 1 ")
