"""What can be done about a conversation that waits."""

from types import SimpleNamespace
from typing import Any

import pytest

from ui.guard import NOBODY_NAMED
from ui.waiting import _assignees


@pytest.mark.parametrize(
    ("who", "team", "names"),
    [
        (NOBODY_NAMED, ["Ann", "Ben"], ["Ann", "Ben"]),
        ("Ben", ["Ann", "Ben"], ["Ben", "Ann"]),
        (NOBODY_NAMED, [], [NOBODY_NAMED]),
    ],
)
def test_assign_names_the_team_first_while_nobody_said_who_looks(who: str, team: list[str], names: list[str]) -> None:
    here: Any = SimpleNamespace(who=who, settings=SimpleNamespace(team=[SimpleNamespace(name=name) for name in team]))
    assert _assignees(here) == names
