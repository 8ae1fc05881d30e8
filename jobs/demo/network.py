"""Who answers whom: communities by network, the attention each person gets, influencers and brokers held to plan."""

from bisect import bisect
from itertools import accumulate
from random import Random

import numpy as np

from jobs.demo.calendar import DAYS
from jobs.demo.company import PUBLIC
from jobs.demo.people import BASE_POSTS, COMMUNITIES, Person

#: Share of replies that go to another community, but for the brokers'.
CROSS_SHARE = 0.012
#: Replies from others that a person of normal attention gets for each post per head (40,000 posts: 20 per head).
REPLIES_PER_POST = 0.6
#: What an influencer gets, in medians of the replies that people with a post get: the ten values are spread evenly.
INFLUENCER_RATIOS = (4.3, 5.5)
BROKER_REPLIES = 110


class Cell:
    """The people of one community on one network, drawn by how active they are."""

    def __init__(self, members: list[Person]) -> None:
        self.members = members
        self.weights = list(accumulate(person.activity for person in members))

    def draw(self, day: int, rng: Random) -> Person | None:
        """Somebody who is around on ``day``; None where nobody is found."""
        if not self.members:
            return None
        for _ in range(8):
            person = self.members[bisect(self.weights, rng.random() * self.weights[-1])]
            if person.join_day <= day < person.leave_day:
                return person
        return None

    def draw_any(self, day: int, rng: Random) -> Person | None:
        """Somebody who is around on ``day``, quiet people as likely as the others."""
        for _ in range(8 if self.members else 0):
            person = self.members[int(rng.random() * len(self.members))]
            if person.join_day <= day < person.leave_day:
                return person
        return None


class Network:
    """The demo's web of replies, while it grows."""

    def __init__(self, people: list[Person], posts: int, shares_by_day: list[float], seed: int) -> None:
        self.people = people
        self.rng = Random(f"{seed}:network")
        self.shares_by_day = shares_by_day
        names = [network.name for network in PUBLIC] + ["discourse"]
        self.cells = {
            (community, name): Cell([one for one in people if one.community == community and one.account_on(name)])
            for community in range(COMMUNITIES)
            for name in names
        }
        self.everybody = Cell([one for one in people if one.role != "influencer"])
        self.received = np.zeros(len(people), dtype=np.int64)
        self.has_posted = np.zeros(len(people), dtype=bool)
        self.influencers = [one for one in people if one.role == "influencer"]
        self.brokers = [one for one in people if one.role == "broker"]
        low, high = INFLUENCER_RATIOS
        steps = max(len(self.influencers) - 1, 1)
        self.ratios = {one.index: low + (high - low) * place / steps for place, one in enumerate(self.influencers)}
        self.expected = posts / len(people) * REPLIES_PER_POST
        self.broker_target = BROKER_REPLIES * posts / BASE_POSTS if posts < BASE_POSTS else BROKER_REPLIES
        self.broker_sent = {one.index: 0 for one in self.brokers}
        self.median = 0.0

    def start_day(self, day: int) -> None:
        """Take the day's median of replies received, which influencers are held to."""
        if day % 4 == 0 or day > DAYS - 8:
            counts = self.received[self.has_posted]
            self.median = float(np.median(counts)) if len(counts) else 0.0

    def progress(self, person: Person, day: int) -> float:
        """The share of a person's time here that has passed, measured in posts."""
        before = self.shares_by_day[person.join_day - 1] if person.join_day else 0.0
        whole = self.shares_by_day[person.leave_day - 1] - before
        return (self.shares_by_day[day] - before) / whole if whole > 0 else 1.0

    def count_replies(self, author: Person, day: int) -> int:
        """How many people answer a new post of ``author``: what is due to them, in bursts."""
        draw = self.rng.random
        stay = self.shares_by_day[author.leave_day - 1] - (
            self.shares_by_day[author.join_day - 1] if author.join_day else 0
        )
        plan = self.expected * author.attention * (0.45 + 0.55 * stay)
        due = plan * self.progress(author, day) - float(self.received[author.index])
        if due <= 0:
            return 1 if draw() < 0.12 else 0
        if draw() < 0.35:
            return 0
        return min(int(due * (0.6 + 0.6 * draw()) + draw()), 7)

    def has_room(self, author: Person) -> bool:
        """Whether one more unplanned reply leaves ``author`` within what is normal for them."""
        if author.role == "influencer":
            return False
        return bool(self.received[author.index] < 1 + 0.9 * self.expected * min(author.attention, 1.3))

    def influencer_due(self, person: Person, day: int) -> int:
        """How many replies an influencer lacks by the end of ``day``."""
        rough = 0.5 * self.expected * self.shares_by_day[day]
        return int(self.ratios[person.index] * max(self.median, rough) - self.received[person.index])

    def draw_replier(self, author: Person, network: str, day: int) -> Person | None:
        """Somebody who answers ``author`` there: mostly of the same community; quiet people answer influencers too."""
        draw = self.rng.random
        if author.role == "influencer":
            person = self.cells[author.community, network].draw_any(day, self.rng)
            return person if person is not author else None
        if draw() < 0.3:
            broker = self._broker_due(author, network, day)
            if broker is not None:
                return broker
        community = author.community
        if draw() < CROSS_SHARE or (author.role == "broker" and draw() < 0.6):
            community = int(draw() * COMMUNITIES)
        person = self.cells[community, network].draw(day, self.rng)
        return person if person is not author else None

    def _broker_due(self, author: Person, network: str, day: int) -> Person | None:
        broker = self.brokers[int(self.rng.random() * len(self.brokers))]
        if self.broker_sent[broker.index] >= self.broker_target * self.shares_by_day[day]:
            return None
        if broker is author or broker.account_on(network) is None or author.community == broker.community:
            return None
        self.broker_sent[broker.index] += 1
        return broker

    def draw_author(self, day: int) -> Person | None:
        """Somebody who starts a conversation on ``day``."""
        return self.everybody.draw(day, self.rng)
