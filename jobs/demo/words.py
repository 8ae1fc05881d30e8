"""The words of a conversation: drawn when first needed, kept where replies must speak of the same thing."""

from random import Random

from jobs.demo import names
from jobs.demo.company import GARDENS, RIVALS, TEAM
from jobs.demo.grammar import say
from jobs.demo.phrases import events, notes, replies, service_problems, talk, team
from jobs.demo.phrases import problems as device_problems
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.phrases.problems import Problem
from jobs.demo.phrases.topics import HowTo, Topic

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
PROBLEMS = (*device_problems.ALL, *service_problems.ALL)
#: What replies take over from the post that they answer.
KEPT = (
    "plant",
    "dish",
    "gear",
    "tool",
    "class",
    "subject",
    "team",
    "topic",
    "decor",
    "colour",
    "chore",
    "product",
    "rival",
    "idea",
    "order",
)
GENERAL: dict[str, tuple[str, ...]] = {
    "product": GARDENS,
    "rival": RIVALS,
    "city": tuple(town[0] for town in names.TOWNS),
    "weekday": WEEKDAYS,
    "month": MONTHS,
    "compass": talk.COMPASS,
    "colour": talk.COLOURS,
    "kin": talk.KIN,
    "kin2": ("gardener", "cook", "teacher", "student", "nurse", "bus driver", "night owl", "beginner"),
    "paper": talk.PAPERS,
    "job": team.JOBS,
    "daypart": ("morning", "afternoon", "day"),
    "colleague": tuple(member.name.split()[0] for member in TEAM),
    "spot": tuple(spot[0] for spot in names.SPOTS),
    "opener": talk.OPENERS,
    "glad": talk.GLAD,
    "plain": notes.GENERAL,
    "asking": talk.ASKING,
    "idea": talk.IDEAS,
    "idea2": talk.IDEAS,
    "seen": events.OUTAGE_SEEN,
    "anger": events.OUTAGE_ANGER,
    "order": ("{serial}",),
    "class": ("my class",),
    "team": ("everybody", "the team", "the office"),
}
_TWINS = {"plant2": "plant", "place2": "place", "plain2": "plain", "clarify2": "clarify"}
#: Slots that depend on whether the problem is with a device or with the service: (device, service).
_BY_GROUP = {
    "tried": (talk.TRIED, talk.TRIED_SERVICE),
    "clarify": (replies.CLARIFY, replies.CLARIFY_SERVICE),
    "cross": (talk.CROSS_DEVICE, talk.CROSS),
}
_SERVICE = ("delivery", "billing")
_OF_TOPIC = {"update": "updates", "praise": "praises", "gripe": "gripes", "cheer": "cheers", "detail": "details"}
_OF_PROBLEM = {"say": "says", "ask": "asks", "moan": "moans", "did": "did", "cured": "cured", "fix": "fixes"}


class Words(dict[str, str]):
    """The slots of a text. A missing one is drawn from the problem, the question, the topic or the general lists."""

    def __init__(
        self, topic: Topic, rng: Random, *, problem: Problem | None = None, how_to: HowTo | None = None
    ) -> None:
        super().__init__()
        self.topic = topic
        self.rng = rng
        self.problem = problem
        self.how_to = how_to
        self.said: set[str] = set()
        self.is_asker = True

    def __missing__(self, slot: str) -> str:
        options = self._options(slot)
        value = say(self.choose(options), self, self.rng.random)
        self[slot] = value
        return value

    def choose(self, templates: tuple[str, ...]) -> str:
        """One of ``templates``, rather one that nobody used in this conversation."""
        template = templates[int(self.rng.random() * len(templates))]
        for _ in range(3):
            if template not in self.said:
                break
            template = templates[int(self.rng.random() * len(templates))]
        self.said.add(template)
        return template

    def _options(self, slot: str) -> tuple[str, ...]:
        slot = _TWINS.get(slot, slot)
        if slot == "label":
            return (self._label(),)
        if slot == "tip" and self.problem is None:
            return self.topic.tips
        if slot in ("tip", *_OF_PROBLEM):
            return self._of_problem("tips" if slot == "tip" else _OF_PROBLEM[slot])
        if slot == "answer":
            return self._how_to().answers
        is_service = self.problem is not None and self.problem.group in _SERVICE
        if slot in _BY_GROUP:
            return _BY_GROUP[slot][is_service]
        if slot == "plain":
            own = notes.BY_TOPIC[self.topic.key]
            if self.problem is not None and not self.is_asker:
                return notes.ASIDES
            return talk.TRIED_SERVICE if is_service else own if self.rng.random() < 0.55 else notes.GENERAL
        if slot == "asking" and self.how_to is not None:
            return talk.ASKING_HOW
        if slot in _OF_TOPIC:
            options: tuple[str, ...] = getattr(self.topic, _OF_TOPIC[slot])
            return options
        return self.topic.words.get(slot) or GENERAL[slot]

    def _of_problem(self, field: str) -> tuple[str, ...]:
        if self.problem is None and self.how_to is not None and field == "asks":
            return self.how_to.asks
        if self.problem is None:
            self.problem = PROBLEMS[int(self.rng.random() * len(PROBLEMS))]
        options: tuple[str, ...] = getattr(self.problem, field)
        return options

    def _how_to(self) -> HowTo:
        if self.how_to is None:
            self.how_to = self.topic.how_tos[int(self.rng.random() * len(self.topic.how_tos))]
        return self.how_to

    def _label(self) -> str:
        if self.problem is not None:
            return self.problem.label
        return self.how_to.label if self.how_to is not None else "{plant}"

    def for_reply(self, *, is_asker: bool = False) -> "Words":
        """The words of somebody who answers: the same subject, their own everything else."""
        other = Words(self.topic, self.rng, problem=self.problem, how_to=self.how_to)
        other.said, other.is_asker = self.said, is_asker
        for slot in KEPT:
            if slot in self:
                other[slot] = self[slot]
        return other


def draw_words(topic: int, rng: Random, *, problem: Problem | None = None, how_to: HowTo | None = None) -> Words:
    """Fresh words on a community's topic."""
    return Words(TOPICS[topic], rng, problem=problem, how_to=how_to)
