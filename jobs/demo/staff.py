"""How the team takes part: who answers what, through which account, how soon, in which words; where it posts."""

from random import Random

from jobs.demo import company
from jobs.demo.calendar import answer_delay
from jobs.demo.company import BRAND, TEAM, Member, Place, StaffAccount
from jobs.demo.grammar import pick, say
from jobs.demo.phrases import events, team
from jobs.demo.phrases.languages import TONGUES
from jobs.demo.words import WEEKDAYS, Words

MEMBERS = {member.key: member for member in TEAM}
#: Who knows which group of problems best, and answers four of five of them in the community.
EXPERTS = {group: member.key for member in TEAM for group in member.knows if group != "news"}
EXPERT_SHARE = 0.8
SUPPORT_KEYS = ("aoife", "jonas", "tomasz")
#: How likely the team answers a post of somebody whom it attends to, by move.
ANSWER_SHARES = {
    "question": 0.93,
    "complaint": 0.85,
    "gripe": 0.5,
    "how_to": 0.5,
    "idea": 0.4,
    "outage": 0.3,
    "outage_plain": 0.4,
    "praise": 0.16,
    "proud_update": 0.1,
    "campaign": 0.15,
    "review_bad": 0.5,
    "compare_bad": 0.3,
    "hello": 0.3,
}
#: How much less likely, and how much slower, an answer is at an account that is not for questions.
WRONG_ACCOUNT_SHARE = 0.5
WRONG_ACCOUNT_SLOWER = 3.5
#: Somebody who is no customer in the CRM is answered about as often as the customers are on average.
OTHERS_SHARE = 0.8
_MEDIAN_MINUTES = {"twitter": 22.0, "bluesky": 30.0, "mastodon": 45.0, "reddit": 70.0, "discourse": 50.0, "web": 300.0}
_SIGNED = ("sillgrovehelp", "sillgrovecare", "sillgrove")


def delay_seconds(second: int, network: str, rng: Random, *, is_wrong_account: bool) -> int:
    """How long the team takes to answer there a post of that moment."""
    median = _MEDIAN_MINUTES[network] * (WRONG_ACCOUNT_SLOWER if is_wrong_account else 1)
    return answer_delay(second, rng, median_minutes=median)


def draw_speaker(channel: Place, words: Words, rng: Random) -> tuple[StaffAccount, Member]:
    """The account that answers in ``channel``, and who holds it."""
    member = _draw_member(words, rng)
    if channel.owner is not None and channel.voice != "personal":
        return channel.owner, member
    for account in member.accounts:
        if account.network == channel.network:
            return account, member
    for other in TEAM:
        for account in other.accounts:
            if account.network == channel.network:
                return account, other
    raise LookupError(f"nobody of the team has an account on {channel.network}")


def _draw_member(words: Words, rng: Random) -> Member:
    group = words.problem.group if words.problem else "offices" if words.topic.key == "work" else "growing"
    if rng.random() < EXPERT_SHARE:
        return MEMBERS[EXPERTS[group]]
    return MEMBERS[pick(SUPPORT_KEYS, rng.random)]


def write_answer(
    move: str, words: Words, name: str, account: StaffAccount, member: Member, rng: Random, *, is_wrong_account: bool
) -> str:
    """What the team answers: a greeting, what to do, how it goes on."""
    draw = rng.random
    words["name"] = name
    words["weekday"] = WEEKDAYS[int(draw() * 5)]
    colleagues = [other.name.split()[0] for other in TEAM if other is not member]
    words["colleague"] = pick(colleagues, draw)
    greeting = say(pick(team.GREETINGS, draw), words, draw)
    body = _body(move, words, rng)
    if is_wrong_account:
        body = say(pick(team.WRONG_DOOR, draw), words, draw) + (" " + _upper(body) if draw() < 0.3 else "")
    text = body if body.startswith((name, "Hi ", "Sorry ")) else f"{greeting}, {body}"
    if account.handle in _SIGNED and draw() < 0.8:
        text += " ^" + "".join(part[0] for part in member.name.split())
    return text


def _body(move: str, words: Words, rng: Random) -> str:
    draw = rng.random
    if move.startswith("outage"):
        return say(pick(events.OUTAGE_TEAM, draw), words, draw)
    if move in ("praise", "proud_update", "campaign", "hello", "review_good"):
        return say(pick(team.PRAISE_REPLIES, draw), words, draw)
    if move == "idea":
        return say(pick(team.IDEA_REPLIES, draw), words, draw)
    if move == "compare_bad":
        return say(pick(team.RIVAL_REPLIES, draw), words, draw)
    if move == "gripe":
        return say(pick(team.GRIPE_REPLIES, draw), words, draw)
    if move == "how_to":
        return say(pick(team.HOW_TO_REPLIES, draw), words, draw)
    return _fix(move, words, rng)


def _fix(move: str, words: Words, rng: Random) -> str:
    draw = rng.random
    parts = [say(pick(team.FIX_OPENERS, draw), words, draw), _upper(words["fix"])]
    if move in ("complaint", "review_bad") and draw() < 0.6:
        parts.append(say(pick(team.COMPLAINT_CLOSERS, draw), words, draw))
    parts.append(say(pick(team.FIX_CLOSERS, draw), words, draw))
    text = ""
    for part in parts:
        if part:
            text += (
                (" " if text else "")
                + part
                + ("" if part[-1] in ".?!" else "?" if part.startswith("Could you") else ".")
            )
    return text


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def write_foreign_answer(language: str, words: Words, name: str, rng: Random) -> str:
    """The team's answer in German, Spanish or French."""
    tongue, draw = TONGUES[language], rng.random
    context = {"name": name, "plant": pick(tongue.plants, draw), "weekday": pick(tongue.weekdays, draw)}
    greeting, answer = pick(tongue.greetings, draw), pick(tongue.answers, draw)
    closer = " " + pick(tongue.closers, draw) if draw() < 0.7 else ""
    return say(f"{greeting}, {answer}{closer}", context, draw)


#: Where we post news ourselves: channel, templates, how often next to the others.
OWN_POSTS: tuple[tuple[str, str, tuple[str, ...], int], ...] = (
    ("twitter", "sillgrove", team.NEWS, 22),
    ("bluesky", "sillgrove", team.NEWS, 14),
    ("mastodon", "sillgrove", team.NEWS, 12),
    ("discourse", "news", team.NEWS, 8),
    ("twitter", "niamh_grows", (*team.PERSONAL, *team.NEWS), 14),
    ("mastodon", "priya_builds", team.PERSONAL, 9),
    ("bluesky", "tomekgarden", team.PERSONAL, 8),
    ("twitter", "declan_ob", team.PERSONAL, 10),
)
PLACES = {(place.network, place.native_id): place for place in company.CHANNELS}


def is_wrong_account(channel: Place) -> bool:
    """Whether a question asked there is asked at the wrong account: one of ours that is for news."""
    return channel.brand == BRAND and channel.purpose == "marketing" and channel.kind == "public"
