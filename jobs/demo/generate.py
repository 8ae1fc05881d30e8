"""The demo community as a stream of records: a day at a time, so that memory grows with people and not with posts."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

from data_access.records import BrandRecord, ChannelRecord, PostRecord, Record
from jobs.demo import calendar, company, deals
from jobs.demo.broadcast import Broadcasts
from jobs.demo.calendar import DAYS, END, OBSERVED_AT
from jobs.demo.commerce import VALUABLE_ORDER_RATE, Commerce
from jobs.demo.company import BRAND, CHANNELS, NETWORKS, RIVALS
from jobs.demo.conversation import Conversations
from jobs.demo.draft import Draft
from jobs.demo.identities import Accounts, company_identities
from jobs.demo.network import Network
from jobs.demo.organizations import make_organizations
from jobs.demo.people import BASE_POSTS, Person, make_people
from jobs.demo.responses import Insights, Responses
from jobs.demo.scribe import Scribe
from jobs.demo.style import make_styles
from jobs.demo.truth import Truth

#: What starts the next conversation where no influencer is due: shares of all conversations.
NEWS_SHARE, RIVAL_SHARE, BOT_SHARE = 0.045, 0.02, 0.008
EDITED_SHARE, DELETED_SHARE = 0.012, 0.004
NO_TONE = 9


class DemoCommunity:
    """The community of Sillgrove over 400 days: ``records()`` to load, ``truth()`` to check against."""

    def __init__(self, *, posts: int, seed: int) -> None:
        if posts < 1:
            raise ValueError(f"posts must be at least 1, not {posts}")
        self.posts = posts
        self.seed = seed
        self.settings: list[tuple[str, Any]] = company.settings()
        #: The tone meant by each post, in the order of posts: -1, 0, 1; ``NO_TONE`` for what is not the people's.
        self.tones = array("b")
        self._truth: dict[str, Any] | None = None

    def records(self) -> Iterator[Record]:
        """Every record once: brands, channels, organisations and accounts first, then day by day, posts in order of
        time and each day's other records after its posts. Each call starts anew and yields the same."""
        return _Run(self).records()

    def truth(self) -> dict[str, Any]:
        """What was planted, as plain JSON (``docs/demo.md``). Before ``records()`` is through, it runs its own."""
        if self._truth is None:
            for _ in self.records():
                pass
        assert self._truth is not None
        return self._truth


class _Run:
    """One pass over the 400 days."""

    def __init__(self, community: DemoCommunity) -> None:
        self.community = community
        community.tones = array("b")
        posts, seed = community.posts, community.seed
        self.rng = Random(f"{seed}:run")
        styles = make_styles(Random(f"{seed}:styles"))
        self.people = make_people(posts, seed, styles=len(styles))
        self.buyers = make_organizations(self.people, seed)
        self.valuable = self._choose_valuable()
        self.quota = calendar.cumulative_posts(posts, Random(f"{seed}:days"))
        self.web = Network(self.people, posts, [count / posts for count in self.quota], seed)
        scribe = Scribe()
        self.conversations = Conversations(self.web, styles, scribe, seed)
        self.broadcasts = Broadcasts(self.web, self.conversations, scribe, seed)
        self.commerce = Commerce(self.people, self.buyers, seed)
        self.responses = Responses(self.people, self.web, seed)
        self.insights = Insights(seed, scale=max(posts / BASE_POSTS, 0.001))
        self.truth = Truth()
        self.pending: dict[int, list[Draft]] = defaultdict(list)
        self.planned = 0

    def _choose_valuable(self) -> Person | None:
        """The customer whose complaint is still open at the end: buys for an organisation, writes on a network."""
        for person in self.people:
            if person.organization is not None and person.role is None and person.accounts[0].network == "twitter":
                person.order_rate, person.customer_day, person.leave_day = VALUABLE_ORDER_RATE, 0, DAYS
                person.language = "en"
                return person
        return None

    def records(self) -> Iterator[Record]:
        yield BrandRecord(BRAND, is_competitor=False)
        for rival in RIVALS:
            yield BrandRecord(rival, is_competitor=True)
        yield from _channel_records()
        yield from deals.organization_records(self.buyers)
        yield from company_identities()
        yield from Accounts(self.people, self.buyers, self.community.seed).records()
        for day in range(DAYS):
            self._plan_day(day)
            yield from self._emit_day(day)
        yield from self.responses.follows()
        yield from deals.deal_records(self.buyers, self.people, self.valuable, self.community.seed)
        self.community._truth = self.truth.to_dict(
            self.people, self.web, self.valuable, posts=self.community.posts, seed=self.community.seed
        )

    # -- planning ----------------------------------------------------------------------------------------------------

    def _plan_day(self, day: int) -> None:
        self.web.start_day(day)
        goal = self.quota[day]
        if day == DAYS - 1:
            self._plan_open_case(day)
        if day in calendar.POLL_DAYS and self.planned < goal:
            self._add(self.broadcasts.poll(day))
        for person in self.web.influencers:
            due = self.web.influencer_due(person, day)
            if due >= 1 and (self.rng.random() < 0.18 * due or day > DAYS - 4) and self.planned < goal:
                self._add(self.conversations.by_influencer(person, day, min(due, 6)))
        idle = 0
        while self.planned < goal and idle < 1_000:
            idle = 0 if self._add(self._next_conversation(day)) else idle + 1

    def _next_conversation(self, day: int) -> list[Draft]:
        draw = self.rng.random()
        if draw < NEWS_SHARE:
            return self.broadcasts.news(day)
        if draw < NEWS_SHARE + RIVAL_SHARE:
            return self.broadcasts.rival_news(day)
        if draw < NEWS_SHARE + RIVAL_SHARE + BOT_SHARE:
            return self.broadcasts.bot_post(day)
        return self.conversations.by_anybody(day)

    def _add(self, drafts: list[Draft]) -> int:
        """Take a conversation in, or as much of it as is still wanted; how many posts that was."""
        drafts = drafts[: self.community.posts - self.planned]
        self.planned += len(drafts)
        replies, shares = Counter[str](), Counter[str]()
        for draft in drafts:
            if draft.record.parent is not None:
                (shares if draft.record.kind == "share" else replies)[draft.record.parent] += 1
            self.pending[calendar.day_of(draft.second)].append(draft)
        for draft in drafts:
            self._count(draft, replies[draft.record.native_id], shares[draft.record.native_id])
        return len(drafts)

    def _count(self, draft: Draft, replies: int, shares: int) -> None:
        """The counts that the network shows with a post, and edits and deletions."""
        record, draw = draft.record, self.rng.random
        reports = NETWORKS[record.network].reports
        is_known = draft.author is None or draft.author.role == "influencer"
        likes = int(self.rng.expovariate(1 / (9.0 if is_known else 2.4 if record.parent is None else 1.1)))
        record.likes = likes if "likes" in reports else None
        record.replies = replies if "replies" in reports else None
        record.shares = shares + (int(likes * 0.3 * draw()) if likes > 2 else 0) if "shares" in reports else None
        if "views" in reports:
            record.views = 12 + likes * 14 + replies * 9 + int(self.rng.expovariate(1 / 45))
        if draft.is_team and record.network in ("twitter", "bluesky") and record.parent is None:
            record.reach = 150 + likes * 22 + int(self.rng.expovariate(1 / 400))
        if draft.author is not None and draw() < EDITED_SHARE + DELETED_SHARE:
            later = draft.second + 120 + int(self.rng.expovariate(1 / 5_000))
            if later < END and draw() < EDITED_SHARE / (EDITED_SHARE + DELETED_SHARE):
                record.edited_at = calendar.to_datetime(later)
            elif later < END and not replies:
                record.deleted_at = calendar.to_datetime(later)

    def _plan_open_case(self, day: int) -> None:
        if self.valuable is None or self.planned >= self.quota[day]:
            return
        second = calendar.day_start(day) + int(14.4 * 3600)
        drafts = self.conversations.by_person(self.valuable, "twitter", "complaint", second, 0, is_open=True)
        record = drafts[0].record
        self.truth.open_case = [record.network, record.source, record.native_id]
        self._add(drafts)

    # -- emitting ----------------------------------------------------------------------------------------------------

    def _emit_day(self, day: int) -> Iterator[Record]:
        drafts = self.pending.pop(day, [])
        drafts.sort(key=lambda draft: draft.second)
        talk: Counter[tuple[str, str]] = Counter()
        poll = None
        posts: list[PostRecord] = []
        after: list[Record] = []
        for draft in drafts:
            record = draft.record
            posts.append(record)
            talk[record.network, record.channel] += 1
            self.community.tones.append(draft.tone if draft.author is not None else NO_TONE)
            self.truth.notice(draft, day)
            after += self.responses.likes(draft)
            if draft.move == "poll":
                poll = draft
            if draft.answers is not None:
                self.commerce.answered(draft.answers, draft.second)
                after += self.responses.satisfaction(draft)
        yield from posts
        yield from after
        yield from self.commerce.day_records(day, len(drafts))
        yield from self.responses.day_records(day, poll)
        yield from self.insights.day_records(day, talk)


def _channel_records() -> Iterator[ChannelRecord]:
    for place in CHANNELS:
        network = NETWORKS[place.network]
        yield ChannelRecord(
            network.name,
            network.source,
            place.native_id,
            place.name,
            place.kind,
            place.purpose,
            place.voice,
            place.brand,
            place.owner.native_id if place.owner is not None else None,
            f"https://{network.source}/{place.native_id.lstrip('#')}",
            OBSERVED_AT,
        )
