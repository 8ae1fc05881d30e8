"""What somebody does next and where: the mix of moves, by day and person, and the channel that each goes to."""

from bisect import bisect
from itertools import accumulate
from random import Random

from jobs.demo import calendar
from jobs.demo.company import NEWS_CHANNELS, QUESTION_CHANNELS, RIVAL_CHANNELS, TIMELINES
from jobs.demo.people import Person
from jobs.demo.phrases.more_topics import TOPICS

#: How often each move starts a conversation on a normal day, in thousandths.
MIX = {
    "update": 165,
    "proud_update": 105,
    "praise": 110,
    "gripe": 40,
    "complaint": 120,
    "question": 105,
    "how_to": 85,
    "tip": 70,
    "idea": 26,
    "compare_good": 14,
    "compare_bad": 12,
    "compare": 12,
    "rival_good": 14,
    "rival_bad": 20,
    "rival": 18,
    "link": 16,
    "hello": 10,
    "review_good": 16,
    "review_bad": 8,
    "review": 6,
    "check_in": 10,
    "comment": 10,
}
QUESTIONS = ("question", "how_to")
#: A question about a product that is asked at an account for news, as a share of those on networks that have one.
WRONG_ACCOUNT_SHARE = 0.18
WRONG_ACCOUNTS = {"twitter": ("sillgrove", "sillgrove", "niamh_grows"), "bluesky": ("sillgrove",)}
KINDS = {"question": "question", "how_to": "question", "check_in": "check_in"}

_NAMES = tuple(MIX)
_CUMULATIVE = tuple(accumulate(MIX.values()))
_TO_SUPPORT = ("question", "complaint", "gripe", "outage", "outage_plain")
_ABOUT_US = ("praise", "campaign", "campaign_plain", "mockery", "compare_good", "compare_bad", "proud_update")


def draw_move(day: int, network_has_tags: bool, rng: Random) -> str:
    """What somebody writes on ``day``, on a network that has hashtags or not."""
    draw = rng.random
    if day == calendar.CRISIS_DAY and draw() < 0.84:
        return "outage" if draw() < 0.9 else "outage_plain"
    if day == calendar.CRISIS_DAY + 1 and draw() < 0.3:
        return "outage" if draw() < 0.6 else "outage_plain"
    if network_has_tags and calendar.CAMPAIGN_DAY <= day < calendar.CAMPAIGN_DAY + calendar.CAMPAIGN_DAYS:
        if day in calendar.HIJACK_DAYS:
            if draw() < 0.36:
                return "mockery"
            if draw() < 0.03:
                return "campaign"
        elif draw() < 0.075:
            return "campaign" if draw() < 0.75 else "campaign_plain"
    return _NAMES[bisect(_CUMULATIVE, draw() * _CUMULATIVE[-1])]


def draw_network(person: Person, rng: Random) -> str:
    """Where they write: mostly at home and in the private community."""
    accounts = person.accounts
    if len(accounts) == 1:
        return accounts[0].network
    weights = [1.0, *(0.9 if one.network == "discourse" else 0.3 for one in accounts[1:])]
    return rng.choices(accounts, weights)[0].network


def draw_channel(move: str, person: Person, network: str, rng: Random) -> str:
    """The channel, on that network, that a move goes to."""
    if network == "discourse":
        return _category(move, person, rng)
    if move == "question" and network in WRONG_ACCOUNTS and rng.random() < WRONG_ACCOUNT_SHARE:
        return rng.choice(WRONG_ACCOUNTS[network])
    if move in _TO_SUPPORT:
        return QUESTION_CHANNELS[network]
    if move.startswith("rival") and rng.random() < 0.6:
        return RIVAL_CHANNELS[network][0]
    if move in _ABOUT_US and rng.random() < 0.6:
        return NEWS_CHANNELS.get(network, "r/sillgrove")
    if network == "reddit" and (move == "idea" or (TOPICS[person.community].key != "fruit" and rng.random() < 0.7)):
        return "r/sillgrove"
    return TIMELINES[network]


def _category(move: str, person: Person, rng: Random) -> str:
    if move in _TO_SUPPORT:
        return "help"
    if move == "idea":
        return "ideas"
    if move in ("hello", "link", "campaign", "mockery") or move.startswith(("compare", "rival")):
        return "lounge"
    return TOPICS[person.community].key if rng.random() < 0.96 else "lounge"
