"""What was planted, for tests and benchmarks to find again. ``docs/demo.md`` says what each part means."""

from typing import Any

from jobs.demo import calendar, identities
from jobs.demo.calendar import FIRST_DAY, LAST_DAY
from jobs.demo.commerce import EFFECT_DAYS, EXTRA_ORDERS
from jobs.demo.company import BOTS, BRAND, CAMPAIGN_TAG, NETWORKS, RIVALS, TIME_ZONE
from jobs.demo.draft import Draft
from jobs.demo.network import Network
from jobs.demo.people import Person
from jobs.demo.phrases.more_topics import TOPICS
from jobs.demo.staff import EXPERT_SHARE, EXPERTS

TONES = {1: "positive", 0: "neutral", -1: "negative"}


class Truth:
    """Gathers what only the making of the posts decides; the rest follows from the people."""

    def __init__(self) -> None:
        self.wrong_account: list[dict[str, Any]] = []
        self.hijack_posts: list[list[str]] = []
        self.campaign_posts = self.crisis_posts = 0
        self.tones = dict.fromkeys(TONES.values(), 0)
        self.open_case: list[str] | None = None

    def notice(self, draft: Draft, day: int) -> None:
        """Take down what a post shows of the planted things."""
        if draft.author is not None:
            self.tones[TONES[draft.tone]] += 1
        if draft.is_wrong_account:
            self.wrong_account.append({"post": _key(draft), "channel": draft.record.channel})
        if draft.move == "mockery":
            self.hijack_posts.append(_key(draft))
        if draft.move in ("campaign", "campaign_plain"):
            self.campaign_posts += 1
        if day == calendar.CRISIS_DAY and draft.move.startswith("outage"):
            self.crisis_posts += 1

    def to_dict(
        self, people: list[Person], web: Network, valuable: Person | None, *, posts: int, seed: int
    ) -> dict[str, Any]:
        """All of it, as plain JSON."""
        return {
            "seed": seed,
            "posts": posts,
            "first_day": FIRST_DAY.isoformat(),
            "last_day": LAST_DAY.isoformat(),
            "time_zone": TIME_ZONE,
            "brand": BRAND,
            "competitors": list(RIVALS),
            "bots": [[bot.network, NETWORKS[bot.network].source, bot.native_id] for bot in BOTS],
            "tones": self.tones,
            "people": {_id(person): _person(person) for person in people},
            "look_alikes": _look_alikes(people),
            "influencers": {
                "times_the_median": [3, 6],
                "people": [{"person": _id(one), "times_the_median": web.ratios[one.index]} for one in web.influencers],
                "many_followers_few_replies": [_id(one) for one in identities.choose_loud(people)],
            },
            "brokers": [_id(one) for one in web.brokers],
            "crisis": {
                "day": _day(calendar.CRISIS_DAY),
                "cause": "outage",
                "times_the_volume": [4, 6.5],
                "negative_share_at_least": 0.6,
                "posts": self.crisis_posts,
            },
            "hijacked_hashtag": {
                "hashtag": CAMPAIGN_TAG,
                "campaign_days": [
                    _day(calendar.CAMPAIGN_DAY),
                    _day(calendar.CAMPAIGN_DAY + calendar.CAMPAIGN_DAYS - 1),
                ],
                "days": [_day(day) for day in calendar.HIJACK_DAYS],
                "mockery_share_at_least": 0.75,
                "posts": self.hijack_posts,
                "campaign_posts": self.campaign_posts,
            },
            "wrong_account": self.wrong_account,
            "answer_effect": _answer_effect(people),
            "experts": {"share": EXPERT_SHARE, "groups": dict(EXPERTS)},
            "open_case": {"post": self.open_case, "person": _id(valuable) if valuable is not None else None},
        }


def _key(draft: Draft) -> list[str]:
    return [draft.record.network, draft.record.source, draft.record.native_id]


def _id(person: Person) -> str:
    return f"p{person.index}"


def _day(day: int) -> str:
    return calendar.date_of(day).isoformat()


def _person(person: Person) -> dict[str, Any]:
    """A person's community and accounts, and for each account but the first what ties it to the first."""
    accounts = [identities.key(account) for account in person.accounts]
    evidence = list(person.evidence)
    if person.contact is not None:
        accounts.append(identities.contact_key(person))
        evidence.append(identities.contact_evidence(person))
    if identities.is_logged_in(person):
        accounts.append(identities.visitor_key(person))
        evidence.append("email")
    return {
        "community": TOPICS[person.community].key,
        "accounts": accounts,
        "evidence": evidence,
        "is_planted": person.is_planted,
    }


def _look_alikes(people: list[Person]) -> dict[str, Any]:
    """Accounts that look like one person's and are not: a shared address, the same name."""
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(person.name, []).append(person)
    mailboxes = identities.choose_shared_mailboxes(people)
    return {
        "shared_email": {address: [_id(one) for one in group] for address, group in mailboxes.items()},
        "same_name": [[_id(one) for one in group] for group in by_name.values() if len(group) > 1],
    }


def _answer_effect(people: list[Person]) -> dict[str, Any]:
    customers = [person for person in people if person.contact is not None]
    segments = {
        name: {"extra_orders": extra, "contacts": [one.contact for one in customers if one.segment == name]}
        for name, extra in EXTRA_ORDERS.items()
    }
    return {
        "window_days": EFFECT_DAYS,
        "segments": segments,
        "attended": [one.contact for one in customers if one.is_attended],
        "assignment": "at random, given whether they have an account in the private community and how much they write",
    }
