"""A post on its way: the record, and what only the generator knows of it."""

from dataclasses import dataclass

from data_access.records import PostRecord
from jobs.demo.people import Person
from jobs.demo.words import Words


@dataclass(slots=True)
class Draft:
    """A post of a conversation. ``author`` is None where it is not one of the people; ``answers`` is whom the team
    answers with it, after ``waited`` seconds; ``move`` and ``tone`` are what was meant."""

    second: int
    record: PostRecord
    tone: int
    move: str
    words: Words | None = None
    author: Person | None = None
    answers: Person | None = None
    is_team: bool = False
    is_wrong_account: bool = False
    waited: int = 0
    speaker: str = ""
