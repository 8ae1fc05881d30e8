"""What is said of a person in a few sentences."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from ui.profile import describe_person

CHANNELS = pd.DataFrame({"channel": ["help", "news", "chat", "shop"], "network": "zulip", "posts": [9, 4, 2, 1]})
KNOWN: dict[str, Any] = {
    "first_day": date(2024, 3, 1),
    "last_day": date(2024, 3, 1),
    "posts": 16,
    "conversations": 7,
    "turns": 2,
    "answered": 2,
    "median_response_seconds": 3600.0,
}


@pytest.mark.parametrize(
    ("known", "channels", "said"),
    [
        (
            {},
            4,
            "most in help (zulip), news (zulip), chat (zulip). We answered 2 of 2 times, half of them within 1 h.",
        ),
        ({"answered": 1}, 1, "in help (zulip). We answered 1 of 2 times, after 1 h."),
        ({"answered": 0}, 1, "in help (zulip). We answered 0 of 2 times."),
    ],
)
def test_person_is_described_by_where_they_write_and_how_we_answered(
    known: dict[str, Any], channels: int, said: str
) -> None:
    profile: Any = SimpleNamespace(**KNOWN | known, channels=CHANNELS.head(channels))
    assert describe_person(profile) == f"Seen on 1 Mar 2024. Wrote 16 posts in 7 conversations, {said}"
