"""What a change touches, so that just that is derived again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

#: Days, each with the channels in it.
Slices = dict[date, set[int]]


@dataclass
class Touched:
    """Conversations whose turns, slices (a day in a channel) whose rollups of posts or turns, and people whose touches,
    stages and value no longer hold."""

    conversations: set[int] = field(default_factory=set)
    slices: Slices = field(default_factory=lambda: defaultdict(set))
    turn_slices: Slices = field(default_factory=lambda: defaultdict(set))
    people: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether anything is touched."""
        return bool(self.conversations or self.slices or self.turn_slices or self.people)

    @property
    def size(self) -> int:
        """How many conversations and slices are touched: what deriving them takes hangs on this."""
        slices = (*self.slices.values(), *self.turn_slices.values())
        return len(self.conversations) + sum(map(len, slices))

    def add_slice(self, day: date, channel_id: int) -> None:
        """A day in a channel."""
        self.slices[day].add(channel_id)

    def add_slices(self, pairs: Iterable[tuple[date, int]]) -> None:
        """Days in channels."""
        for day, channel_id in pairs:
            self.slices[day].add(channel_id)

    def add_turn_slices(self, pairs: Iterable[tuple[date, int]]) -> None:
        """Days in channels on which turns opened."""
        for day, channel_id in pairs:
            self.turn_slices[day].add(channel_id)

    def update(self, other: "Touched") -> None:
        """Take in what another touched."""
        self.conversations |= other.conversations
        self.people |= other.people
        for day, channels in other.slices.items():
            self.slices[day] |= channels
        for day, channels in other.turn_slices.items():
            self.turn_slices[day] |= channels
