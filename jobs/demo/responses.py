"""What people answer when asked (satisfaction, NPS, polls), what they like and follow; the channels' insights."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from math import exp, log1p
from random import Random

from data_access.records import ChannelDayRecord, FeedbackRecord, InteractionRecord
from jobs.demo import calendar
from jobs.demo.calendar import END, OBSERVED_AT, to_datetime
from jobs.demo.company import BRAND, CHANNELS, CRM_SOURCE, NETWORKS, PUBLIC, Place, StaffAccount
from jobs.demo.draft import Draft
from jobs.demo.grammar import pick, say
from jobs.demo.network import Network as Web
from jobs.demo.people import Person
from jobs.demo.phrases import events
from jobs.demo.words import draw_words

CSAT_SHARE = 0.22
NPS_SHARE = 0.09
POLL_CHOICES = (("sage", "sand", "terracotta"), ("herbs", "salad", "berries", "chillies"), ("app", "paper", "both"))
_LIKES_FROM = ("mastodon", "bluesky", "discourse")
LIKES_PER_POST = 0.55


class Responses:
    """Feedback, likes, votes and follows, in the order of days."""

    def __init__(self, people: list[Person], web: Web, seed: int) -> None:
        self.people = people
        self.web = web
        self.rng = Random(f"{seed}:responses")
        self.customers = [person for person in people if person.contact is not None]
        self.inside = [person for person in people if person.account_on("discourse") is not None]
        self.count = 0
        self.received: Counter[tuple[str, str]] = Counter()

    def _id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}-{self.count}"

    def satisfaction(self, answer: Draft) -> Iterator[FeedbackRecord]:
        """What a customer says of a case that the team answered, at times: quick answers are liked better."""
        person, draw = answer.answers, self.rng.random
        if person is None or answer.words is None or draw() > CSAT_SHARE:
            return
        second = answer.second + 3_600 + int(draw() * 40 * 3_600)
        account = person.account_on(answer.record.network)
        if second >= END or account is None:
            return
        score = min(5, max(1, round(4.6 - 0.35 * log1p(answer.waited / 3_600) + self.rng.gauss(0, 0.9))))
        words = answer.words.for_reply()
        words["name"] = "you"
        pool = events.CSAT_GLAD if score >= 4 else events.CSAT_CROSS
        yield FeedbackRecord(
            answer.record.network,
            answer.record.source,
            self._id("csat"),
            "csat",
            to_datetime(second),
            account.native_id,
            float(score),
            comment=say(pick(pool, draw), words, draw) if draw() < 0.35 else None,
            about=answer.record.root,
            observed_at=OBSERVED_AT,
        )

    def day_records(self, day: int, poll: Draft | None) -> Iterator[FeedbackRecord]:
        """The quarter's question whether people would recommend us, and the votes of a poll, on their days."""
        if day in calendar.NPS_DAYS:
            for person in self.customers:
                if person.customer_day <= day and self.rng.random() < NPS_SHARE:
                    yield self._nps(person, day)
        if poll is not None:
            choices = POLL_CHOICES[calendar.POLL_DAYS.index(day)]
            for person in self.inside:
                if person.join_day <= day < person.leave_day and self.rng.random() < 0.07:
                    yield self._vote(person, poll, choices)

    def _nps(self, person: Person, day: int) -> FeedbackRecord:
        draw = self.rng.random
        score = min(10, max(0, round(8.1 + self.rng.gauss(0, 2.1))))
        words = draw_words(person.community, self.rng)
        pool = events.NPS_GLAD if score >= 9 else events.NPS_CROSS
        return FeedbackRecord(
            "crm",
            CRM_SOURCE,
            self._id("nps"),
            "nps",
            to_datetime(calendar.moment_of_day(day, self.rng)),
            person.contact,
            float(score),
            comment=say(pick(pool, draw), words, draw) if (score >= 9 or score <= 6) and draw() < 0.5 else None,
            observed_at=OBSERVED_AT,
        )

    def _vote(self, person: Person, poll: Draft, choices: tuple[str, ...]) -> FeedbackRecord:
        account = person.account_on("discourse")
        assert account is not None
        choice = choices[min(int(self.rng.expovariate(1.1)), len(choices) - 1)]
        return FeedbackRecord(
            "discourse",
            NETWORKS["discourse"].source,
            self._id("poll"),
            "poll",
            to_datetime(min(poll.second + int(self.rng.random() * 90_000), END - 1)),
            account.native_id,
            choice=choice,
            about=poll.record.native_id,
            observed_at=OBSERVED_AT,
        )

    def likes(self, draft: Draft) -> Iterator[InteractionRecord]:
        """Who liked a post, on networks that say so; and who voted for an idea."""
        network = draft.record.network
        if draft.author is None or network not in _LIKES_FROM:
            return
        is_idea = draft.move == "idea" and network == "discourse"
        times = LIKES_PER_POST * (3 if draft.author.role == "influencer" else 1)
        wanted = 2 + int(self.rng.expovariate(0.25)) if is_idea else int(self.rng.expovariate(1 / times))
        cell = self.web.cells[draft.author.community, network]
        day = calendar.day_of(draft.second)
        actors: set[int] = set()
        for _ in range(min(wanted, 12)):
            person = cell.draw(day, self.rng)
            if person is None or person is draft.author or person.index in actors:
                continue
            actors.add(person.index)
            account = person.account_on(network)
            second = draft.second + 60 + int(self.rng.expovariate(1 / 20_000))
            if account is not None and second < END:
                kind = "vote" if is_idea else "like"
                yield self._interaction(draft, kind, account.native_id, second)

    def _interaction(self, draft: Draft, kind: str, actor: str, second: int) -> InteractionRecord:
        record = draft.record
        return InteractionRecord(
            record.network,
            record.source,
            self._id(kind),
            kind,
            actor,
            target=record.author,
            post=record.native_id,
            occurred_at=to_datetime(second),
            observed_at=OBSERVED_AT,
        )

    def follows(self) -> Iterator[InteractionRecord]:
        """Who follows whom in public: us, the influencers of their community, some others."""
        for person in self.people:
            for account in person.accounts:
                if account.network != "discourse":
                    yield from self._follows_of(person, account.network, account.native_id)

    def _follows_of(self, person: Person, network: str, actor: str) -> Iterator[InteractionRecord]:
        targets: list[str] = []
        ours = [place.owner for place in CHANNELS if place.network == network and place.brand == BRAND and place.owner]
        if ours and self.rng.random() < 0.4:
            targets.append(self.rng.choice(ours).native_id)
        for one in self.web.influencers:
            account = one.account_on(network)
            if account is not None and one.community == person.community and self.rng.random() < 0.3:
                targets.append(account.native_id)
        other = self.web.cells[person.community, network].draw(person.join_day, self.rng)
        other_account = other.account_on(network) if other is not None else None
        if other_account is not None and self.rng.random() < 0.5:
            targets.append(other_account.native_id)
        moment = to_datetime(calendar.moment_of_day(person.join_day, self.rng)) if network != "reddit" else None
        for target in dict.fromkeys(targets):
            if target != actor:
                yield InteractionRecord(
                    network,
                    NETWORKS[network].source,
                    f"follow-{actor}-{target}",
                    "follow",
                    actor,
                    target=target,
                    occurred_at=moment,
                    observed_at=OBSERVED_AT,
                )


class Insights:
    """The networks' own figures for the channels of ours and of competitors, a row a channel and day."""

    def __init__(self, seed: int, *, scale: float) -> None:
        self.rng = Random(f"{seed}:insights")
        self.scale = scale
        names = {network.name for network in PUBLIC}
        self.channels = [place for place in CHANNELS if place.network in names and place.brand is not None]

    def day_records(self, day: int, posts: Counter[tuple[str, str]]) -> Iterator[ChannelDayRecord]:
        """The rows of a day, given how many posts each channel had."""
        for place in self.channels:
            followers = self._followers(place, day)
            impressions = None
            if place.brand == BRAND and place.network in ("twitter", "bluesky") and place.owner is not None:
                talk = posts[place.network, place.native_id] / self.scale
                impressions = int((0.25 * followers + 160 * talk) * exp(self.rng.gauss(0, 0.12)))
            yield ChannelDayRecord(
                place.network,
                NETWORKS[place.network].source,
                f"{place.native_id}:{calendar.FIRST_DAY + timedelta(days=day)}",
                place.native_id,
                calendar.FIRST_DAY + timedelta(days=day),
                followers=followers,
                impressions=impressions,
                reach=int(impressions * self.rng.uniform(0.58, 0.7)) if impressions is not None else None,
                observed_at=OBSERVED_AT,
            )

    def _followers(self, place: Place, day: int) -> int:
        at_end = place.owner.followers if isinstance(place.owner, StaffAccount) and place.owner.followers else 3_100
        share = 0.72 + 0.28 * day / calendar.DAYS
        if place.brand == BRAND and day >= calendar.CRISIS_DAY:
            share -= 0.012 * exp(-(day - calendar.CRISIS_DAY) / 30)
        return int(at_end * share + self.rng.gauss(0, 2))
